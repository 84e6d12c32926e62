import { say, type Words } from "./words.ts";

/** A name that stores and file systems are known to change. */
export interface OddName {
  /** What is odd about it. */
  readonly title: Words;
  readonly name: string;
}

/** Of which those with a slash are for object storage only: on a disk they lead elsewhere. */
export const oddNames: readonly OddName[] = [
  { title: say("space", "공백"), name: "a b" },
  { title: say("+", "+"), name: "a+b" },
  { title: say("%", "%"), name: "a%41b" },
  { title: say("& ? #", "& ? #"), name: "a&b?c#d" },
  { title: say("Korean (NFC)", "한글(NFC)"), name: "한글".normalize("NFC") },
  { title: say("Korean (NFD)", "한글(NFD)"), name: "한글".normalize("NFD") },
  { title: say("//", "//"), name: "a//b" },
  { title: say("/./", "/./"), name: "a/./b" },
  { title: say("final .", "끝의 ."), name: "a." },
  { title: say("final space", "끝의 공백"), name: "a " },
];

/** Name several, between commas. */
export function titlesOf(names: readonly OddName[]): Words {
  return {
    en: names.map(({ title }) => title.en).join(", "),
    ko: names.map(({ title }) => title.ko).join(", "),
  };
}
