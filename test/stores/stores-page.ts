import { profiles } from "../../packages/server/src/stores/profiles/profiles.ts";
import { type Fact, limitsIn, type StoreProfile } from "../../packages/server/src/stores/profiles/store-profile.ts";
import { koreanNotes, koreanTitles } from "./korean-notes.ts";
import { type PageWords, pageWords } from "./page-words.ts";
import { type SuiteResult, testOf } from "./suite-results.ts";

/** Write `docs/stores.md`, or its Korean twin. */
export function storesPage(language: "en" | "ko", results: readonly SuiteResult[]): string {
  const words = pageWords[language];
  const tested = profiles.map((profile) => ({ profile, test: testOf(profile.name, results) }));
  const rows = tested.map(({ profile, test }) => {
    const { maxParts, maxSize } = limitsIn(profile);
    const { checksums, conditionalComplete, conditionalCreate, corsApi, example, limits, md5, name } = profile;
    const run = test && [test.peer, test.part?.[language], words.kept(test.kept)].filter(Boolean).join("; ");
    const { [conditionalCreate.is]: create, [conditionalComplete.is]: complete } = words.conditions;
    return [
      `[${titleOf(profile, language)}](#${name})`,
      run ?? words.documented,
      words.parts(said(maxParts.toLocaleString("en"), limits.maxParts), limits.equalParts.is),
      said(sizeText(maxSize), limits.maxSize),
      words.conditional(said(create, conditionalCreate), said(complete, conditionalComplete)),
      [said("MD5", md5), ...checksums.is.map((one) => said(one.toUpperCase(), checksums))].join(", "),
      said(words.cors[corsApi.is], corsApi),
      `\`${example}\``,
    ];
  });
  const sections = tested.flatMap(({ profile, test }) => [
    "",
    `### ${profile.name}`,
    `${titleOf(profile, language)}.`,
    ...notesOf(profile).map((note) => `- ${inLanguage(note, language)}`),
    ...(test && test.declared.length > 0
      ? ["", `${words.lacks}:`, ...test.declared.map((rule) => `- ${inLanguage(rule, language)}`)]
      : []),
    "",
    ...factTable(profile, words),
  ]);
  const { columns, facts, factsIntro, intro, title } = words;
  return [`# ${title}`, ...intro, "", ...table(columns, rows), "", `## ${facts}`, ...factsIntro, ...sections, ""].join(
    "\n",
  );
}

/** In italics what nobody has said. */
function said(text: string, { source }: Fact<unknown>): string {
  return source.startsWith("assumed: ") ? `*${text}*` : text;
}

export function notesOf({ corsElsewhere, notes }: StoreProfile): readonly string[] {
  return [...notes, ...(corsElsewhere === undefined ? [] : [`CORS: ${corsElsewhere}.`])];
}

function titleOf({ name, title }: StoreProfile, language: "en" | "ko"): string {
  return (language === "ko" ? koreanTitles[name] : undefined) ?? title;
}

function inLanguage(note: string, language: "en" | "ko"): string {
  return (language === "ko" ? koreanNotes[note] : undefined) ?? note;
}

/** The facts for which there is more than an assumption. */
function factTable(profile: StoreProfile, { factColumns, none }: PageWords): readonly string[] {
  const all = [...Object.entries(profile.limits), ...Object.entries(profile)].flatMap(([name, value]) =>
    isFact(value) && !value.source.startsWith("assumed: ")
      ? [[`\`${name}\``, textOf(name, value.is, none), value.source]]
      : [],
  );
  return all.length === 0 ? [] : table(factColumns, all);
}

function isFact(value: unknown): value is Fact<unknown> {
  return typeof value === "object" && value !== null && "is" in value && "source" in value;
}

function textOf(name: string, value: unknown, none: string): string {
  if (Array.isArray(value)) return value.length === 0 ? none : value.map((one) => `\`${one}\``).join(" ");
  if (value === undefined) return none;
  if (typeof value === "number" && /Size$/.test(name)) return sizeText(value);
  return typeof value === "number" ? value.toLocaleString("en") : String(value);
}

function sizeText(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const number = bytes / 1024 ** power;
  return `${Number(number.toPrecision(4)).toLocaleString("en")} ${units[power]}`;
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(columns), `|${columns.map(() => "---").join("|")}|`, ...rows.map(line)];
}
