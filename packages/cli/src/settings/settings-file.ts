/** Reads a file of settings, in YAML or JSON, and remembers on which line each setting stands. */

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import { isAlias, isMap, isScalar, isSeq, LineCounter, type ParsedNode, parseDocument } from "yaml";
import { UsageError } from "../exit-code.ts";
import { checkMounts } from "./mount-check.ts";
import { checkSettings, type SettingPath, type SettingProblem, shown } from "./settings-check.ts";
import { type Settings, settingsSchema, settingsVersion } from "./settings-schema.ts";

/** Settings, and where they came from. */
export interface SettingsFile {
  readonly settings: Settings;
  /** As people know it: relative to where they are, when it lies below. */
  readonly name: string;
  /** What relative paths in it start from. */
  readonly folder: string;
  /** Say where a setting stands: `naru.yaml:12`. */
  placeOf(path: SettingPath): string;
}

const names = ["naru.yaml", "naru.yml", "naru.json"];

/** Find the file that counts when none is named: the first in the data folder, else in the working directory. */
export function findSettings(
  dataDir: string,
): { readonly file: string; readonly unread: readonly string[] } | undefined {
  const all = [dataDir, "."].flatMap((folder) => names.map((name) => resolve(folder, name)));
  const [file, ...unread] = [...new Set(all)].filter((one) => existsSync(one));
  return file === undefined ? undefined : { file, unread };
}

/** Read and check a file. @throws {UsageError} that names file and line of everything that is wrong, and what to write */
export async function readSettings(file: string): Promise<SettingsFile> {
  const name = shortName(file);
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new UsageError(`Cannot read the settings "${name}": ${error instanceof Error ? error.message : error}`);
  });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const [broken] = document.errors;
  if (broken) refuse([{ line: lines.linePos(broken.pos[0]).line, why: broken.message }], name);
  const places = new Map<string, number>();
  const strays: SettingProblem[] = [];
  locate(document.contents, [], { document, lines, places, strays });
  const lineOf = (path: SettingPath): number =>
    places.get(JSON.stringify(path)) ?? (path.length === 0 ? 1 : lineOf(path.slice(0, -1)));
  if (strays.length === 0 && !isReadable(document))
    strays.push({ path: [], why: "it has too many aliases (*name); write out what they stand for" });
  if (strays.length > 0)
    refuse(
      strays.map((one) => ({ ...one, line: lineOf(one.path) })),
      name,
    );
  const value: unknown = readValue(document) ?? {};
  const version = versionIn(value);
  const problems: readonly SettingProblem[] =
    version > settingsVersion
      ? [{ path: ["version"], why: `it is ${version}, of a later Naru; this one reads version ${settingsVersion}` }]
      : checkSettings(settingsSchema, value);
  if (problems.length > 0)
    refuse(
      problems.map((one) => ({ ...one, line: lineOf(one.path) })),
      name,
    );
  // It is as the schema says: that was just checked.
  const settings = value as Settings;
  const wrong = checkMounts(settings);
  if (wrong.length > 0)
    refuse(
      wrong.map((one) => ({ ...one, line: lineOf(one.path) })),
      name,
    );
  return { settings, name, folder: dirname(resolve(file)), placeOf: (path) => `${name}:${lineOf(path)}` };
}

function shortName(file: string): string {
  const short = relative(".", resolve(file));
  return short.startsWith("..") ? resolve(file) : short;
}

/** YAML lets a few lines stand for more than there is memory. */
function isReadable(document: ReturnType<typeof parseDocument>): boolean {
  try {
    readValue(document);
    return true;
  } catch {
    return false;
  }
}

function readValue(document: ReturnType<typeof parseDocument>): unknown {
  return document.toJS({ maxAliasCount: 100 });
}

function versionIn(value: unknown): number {
  const version: unknown = typeof value === "object" && value !== null ? Reflect.get(value, "version") : undefined;
  return typeof version === "number" && Number.isInteger(version) ? version : settingsVersion;
}

interface Located {
  readonly lines: LineCounter;
  readonly places: Map<string, number>;
  readonly document: ReturnType<typeof parseDocument>;
  /** Keys that stand there twice, and aliases of nothing. */
  readonly strays: SettingProblem[];
}

function locate(node: ParsedNode | null | undefined, path: SettingPath, found: Located): void {
  const note = (one: ParsedNode, at: SettingPath): number => {
    const { line } = found.lines.linePos(one.range[0]);
    found.places.set(JSON.stringify(at), line);
    return line;
  };
  if (isSeq<ParsedNode>(node)) {
    for (const [index, item] of node.items.entries()) {
      note(item, [...path, index]);
      locate(item, [...path, index], found);
    }
  }
  if (isAlias(node) && node.resolve(found.document) === undefined)
    found.strays.push({ path, why: `*${node.source} stands for nothing: there is no &${node.source} before it` });
  if (!isMap<ParsedNode, ParsedNode | null>(node)) return;
  for (const { key, value } of node.items) {
    if (!isScalar(key)) continue;
    const here = [...path, String(key.value)];
    const before = found.places.get(JSON.stringify(here));
    note(key, here);
    if (before !== undefined) found.strays.push({ path: here, why: `it stands here twice, first on line ${before}` });
    locate(value, here, found);
  }
}

interface PlacedProblem {
  readonly line: number;
  readonly path?: SettingPath;
  readonly why: string;
}

function refuse(problems: readonly PlacedProblem[], name: string): never {
  const lines = problems
    .toSorted((one, other) => one.line - other.line)
    .map(({ line, path = [], why }) => {
      const what = path.length === 0 ? "" : `Cannot use "${shown(path)}": `;
      return `${name}:${line}: ${what}${why}`;
    });
  const [first = "", ...more] = lines;
  const rest = more.map((line) => `\n      ${line}`).join("");
  throw new UsageError(`Cannot use the settings: ${first}${rest}`);
}
