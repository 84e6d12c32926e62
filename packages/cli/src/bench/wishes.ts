/** What `naru bench` is asked to measure, read from its options. */

import type { ManyFiles } from "@naru/client/experiment";
import { type ExperimentWay, GiB, KiB, MiB } from "@naru/core";
import { InvalidArgumentError, Option } from "../command-options.ts";

export type BenchRoute = Exclude<ExperimentWay, "plain">;
export const benchRoutes: readonly BenchRoute[] = ["direct", "proxy", "sftp", "ftp", "agent"];

const units: Readonly<Record<string, number>> = { "": 1, B: 1, K: KiB, KIB: KiB, M: MiB, MIB: MiB, G: GiB, GIB: GiB };
const largest = 1024 * GiB;

export function sizesOption(): Option {
  const text = "sizes of files, from 1K: 10M,64M,128M,1G (M is MiB, as elsewhere)";
  return new Option("--sizes <SIZES>", text)
    .default([10 * MiB, 64 * MiB, 128 * MiB], "10M,64M,128M")
    .argParser((value) => value.split(",").map(sizeIn));
}

export function filesOption(): Option {
  return new Option("--files <NxSIZE>", "also send so many files of a size, such as 2000x20K").argParser(
    (value): ManyFiles => {
      const [, count = "", size = ""] = /^(\d{1,6})\s*[x×]\s*(.+)$/iu.exec(value.trim()) ?? [];
      const files = Number(count);
      if (files > 1 && files <= 100_000) return { files, size: sizeIn(size) };
      throw new InvalidArgumentError("It is a number of files and their size, such as 2000x20K; 2 to 100,000 files.");
    },
  );
}

export function routesOption(): Option {
  const text = `ways to measure: ${benchRoutes.join(",")}`;
  return new Option("--routes <ROUTES>", text)
    .default(undefined, "all that there are")
    .argParser((value): readonly BenchRoute[] => {
      const found = value.split(",").map((word) => benchRoutes.find((route) => route === word.trim()));
      const known = found.filter((route) => route !== undefined);
      if (known.length === found.length) return [...new Set(known)];
      throw new InvalidArgumentError(`Each is one of ${benchRoutes.join(", ")}, with commas between them.`);
    });
}

export function parallelOption(): Option {
  return new Option("--parallel <NUMBERS>", "how many files of each size travel at once, such as 1,4,16")
    .default([1], "1")
    .argParser((value) =>
      value.split(",").map((word) => {
        const number = /^\d{1,3}$/u.test(word.trim()) ? Number(word) : 0;
        if (number >= 1 && number <= 64) return number;
        throw new InvalidArgumentError("They are whole numbers from 1 to 64, with commas between them.");
      }),
    );
}

function sizeIn(word: string): number {
  const [, digits = "", unit = "-"] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/iu.exec(word.trim()) ?? [];
  const bytes = Math.round(Number(digits) * (units[unit.toUpperCase()] ?? Number.NaN));
  if (bytes >= KiB && bytes <= largest) return bytes;
  throw new InvalidArgumentError(`"${word}" is no size such as 10M, 1.5G or 20K, from 1K to 1024G.`);
}
