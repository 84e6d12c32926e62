/** Which of the two folders of `naru sync` is on this machine, and which at the server. */

import { stat } from "node:fs/promises";
import { normalizePath } from "@naru/core";
import { UsageError } from "../exit-code.ts";

export interface SyncPlaces {
  /** `up` is from this machine to the server. */
  readonly direction: "up" | "down";
  readonly local: string;
  /** `""`, or what the paths of the folder at the server begin with, with its final slash. */
  readonly prefix: string;
}

type Kind = "local" | "remote" | "either";

/**
 * Read the two names of a sync. `naru:a/b` is at the server; `./a`, `../a`, `/a`, `~/a` and `C:\a` are here. Of other names
 * the one with a final slash is at the server, as everywhere in Naru's messages.
 *
 * @throws {UsageError} when that does not tell, rather than write to the wrong side
 */
export async function placesOf(from: string, to: string): Promise<SyncPlaces> {
  const [source, target] = [kindOf(from), kindOf(to)];
  if (source === "local" && target !== "local") return { direction: "up", local: from, prefix: prefixOf(to) };
  if (target === "local" && source !== "local") return { direction: "down", local: to, prefix: prefixOf(from) };
  if (source === "remote" && target === "either") return { direction: "down", local: to, prefix: prefixOf(from) };
  if (target === "remote" && source === "either") return { direction: "up", local: from, prefix: prefixOf(to) };
  if (source === "local") throw new UsageError(`Cannot sync "${from}" with "${to}": both are on this machine`);
  if (source === "remote") throw new UsageError(`Cannot sync "${from}" with "${to}": both are at the server`);
  return bySlash(from, to);
}

function kindOf(name: string): Kind {
  if (/^naru:/iu.test(name)) return "remote";
  return /^(?:\.{0,2}[/\\]|\.{1,2}$|~|[a-z]:)/iu.test(name) ? "local" : "either";
}

async function bySlash(from: string, to: string): Promise<SyncPlaces> {
  if (from.endsWith("/") === to.endsWith("/")) throw unclear(from, to);
  const [remote, local] = from.endsWith("/") ? [from, to] : [to, from];
  // Shells complete the names of folders here with a slash.
  if ((await isHere(remote)) && !(await isHere(local))) throw unclear(from, to);
  return { direction: remote === from ? "down" : "up", local, prefix: prefixOf(remote) };
}

function unclear(from: string, to: string): UsageError {
  const how = "write naru:FOLDER/ for the one at the server, or ./FOLDER for the one on this machine";
  return new UsageError(`Cannot tell which of "${from}" and "${to}" is at the server: ${how}`);
}

async function isHere(name: string): Promise<boolean> {
  return stat(name).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
}

function prefixOf(name: string): string {
  const path = name.replace(/^naru:/iu, "").replaceAll(/^\/+|\/+$/gu, "");
  return path === "" ? "" : `${normalizePath(path)}/`;
}
