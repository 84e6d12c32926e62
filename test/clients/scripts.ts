/** Clients that are libraries: the scripts beside this file, which take a verb and names. */

import type { Command, Deed, Deeds } from "./client.ts";

const folder = new URL("./scripts", import.meta.url).pathname;

/** The interpreters, as Debian has them; PHP with the one module and without the machine's settings. */
const interpreters: Readonly<Record<string, readonly string[]>> = {
  py: ["/usr/bin/python3", "-W", "ignore"],
  pl: ["perl"],
  rb: ["ruby"],
  php: ["php", "-n"],
};

export interface ScriptOptions {
  /** Options of the interpreter. */
  readonly options?: readonly string[];
  /** Words before the verb. */
  readonly words?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Call the script with a verb; names come in the order of their travel. */
export function scriptDeed(script: string, verb: Verb, options: ScriptOptions = {}): Deed {
  return (_doors, { local, remote }) => command(script, [verb, ...nameOrder[verb](local, remote)], options);
}

/** The columns that a script has a verb for. */
export function scriptDeeds(script: string, verbs: readonly Verb[], options: ScriptOptions = {}): Deeds {
  return Object.fromEntries(verbs.map((verb) => [columns[verb], scriptDeed(script, verb, options)]));
}

type Verb = "put" | "get" | "list" | "resume" | "append" | "reget";

const columns: Readonly<Record<Verb, keyof Deeds>> = {
  put: "upload",
  get: "download",
  list: "list",
  resume: "resumeUpload",
  append: "resumeUpload",
  reget: "resumeDownload",
};

const toRemote = (local: string, remote: string): readonly string[] => [local, remote];
const toLocal = (local: string, remote: string): readonly string[] => [remote, local];
const nameOrder: Readonly<Record<Verb, typeof toRemote>> = {
  put: toRemote,
  get: toLocal,
  list: () => [],
  resume: toRemote,
  append: toRemote,
  reget: toLocal,
};

function command(
  script: string,
  args: readonly string[],
  { options = [], words = [], env = {} }: ScriptOptions,
): Command {
  const interpreter = interpreters[script.slice(script.lastIndexOf(".") + 1)] ?? [];
  return { argv: [...interpreter, ...options, `${folder}/${script}`, ...words, ...args], env };
}
