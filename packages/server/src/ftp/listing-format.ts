/**
 * How files are listed: facts for programs (RFC 3659 7), lines like those of `ls -l` for LIST, bare names for NLST.
 *
 * @module
 */

import type { Entry } from "../gateway/gateway-session.ts";
import { nameOf } from "./ftp-path.ts";
import { formatTime } from "./ftp-time.ts";

/** Facts of MLST, in the order they are told. */
export const factNames = ["type", "size", "modify", "perm"] as const;
export type FactName = (typeof factNames)[number];

/** One line of MLSD: the facts asked for and a name. */
export function factLine(entry: Entry, facts: ReadonlySet<FactName>, name: string = nameOf(entry.path)): string {
  const shown = factNames.filter((fact) => facts.has(fact) && (fact !== "size" || entry.kind === "file"));
  return `${shown.map((fact) => `${fact}=${factOf[fact](entry)};`).join("")} ${name}`;
}

const factOf: Readonly<Record<FactName, (entry: Entry) => string>> = {
  type: ({ kind }) => (kind === "file" ? "file" : "dir"),
  size: ({ size }) => String(size),
  modify: ({ modified }) => formatTime(modified),
  // File: append, delete, rename, read, write. Folder: create, delete, enter, rename, list, mkdir, purge.
  perm: ({ kind }) => (kind === "file" ? "adfrw" : "cdeflmp"),
};

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const halfYearMs = 182 * 24 * 3_600_000;

/** One line of LIST. A time further than half a year from `now` is told by its year, as `ls` does; all in UTC. */
export function listLine(entry: Entry, { now }: { now: number }): string {
  const { kind, modified, path, size } = entry;
  const mode = kind === "file" ? "-rw-r--r--" : "drwxr-xr-x";
  const day = `${months[modified.getUTCMonth()]} ${String(modified.getUTCDate()).padStart(2)}`;
  const recent = Math.abs(now - modified.getTime()) < halfYearMs;
  const time = recent ? modified.toISOString().slice(11, 16) : String(modified.getUTCFullYear()).padStart(5);
  return `${mode} 1 naru naru ${String(size).padStart(13)} ${day} ${time} ${nameOf(path)}`;
}

/** Whether `name` is meant by a pattern of LIST or NLST, where `*` stands for any characters and `?` for one. */
export function matches(name: string, pattern: string): boolean {
  const letters = [...name];
  const wanted = [...pattern];
  let at = 0;
  let want = 0;
  // Where to go on from when what follows the latest star does not fit: the star then takes one letter more.
  let star: { readonly want: number; at: number } | undefined;
  while (at < letters.length) {
    if (wanted[want] === "*") {
      star = { want: want + 1, at };
      want += 1;
    } else if (wanted[want] === "?" || wanted[want] === letters[at]) {
      want += 1;
      at += 1;
    } else if (star !== undefined) {
      star.at += 1;
      at = star.at;
      want = star.want;
    } else return false;
  }
  return wanted.slice(want).every((one) => one === "*");
}
