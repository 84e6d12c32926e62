/**
 * The commands that are answered without a shell: `md5sum FILE`, `sha256sum FILE`, as coreutils print them.
 *
 * @module
 */

import type { ChecksumName, GatewaySession } from "../gateway/gateway-session.ts";
import { absolutePath } from "./client-path.ts";

export interface ChecksumCommand {
  readonly name: ChecksumName;
  readonly path: string;
}

const programs: ReadonlyMap<string, ChecksumName> = new Map([
  ["md5sum", "md5"],
  ["sha256sum", "sha256"],
]);

/** Understand a command; `undefined` for any that is not one of ours with one file. */
export function parseChecksumCommand(command: string): ChecksumCommand | undefined {
  const words = shellWords(command);
  const [program = "", ...rest] = words ?? [];
  const name = programs.get(program);
  const files = rest[0] === "--" ? rest.slice(1) : rest;
  const [path] = files;
  if (name === undefined || path === undefined || files.length !== 1 || path === "") return undefined;
  // An option is not a file.
  return rest[0] !== "--" && path.startsWith("-") ? undefined : { name, path };
}

/** What the command prints, and where: its digest is told if it is known, and never computed. */
export async function runChecksumCommand(
  { name, path }: ChecksumCommand,
  session: GatewaySession,
): Promise<{ readonly out: string; readonly error: string }> {
  const digest = await session.checksum(absolutePath(path), name);
  if (digest !== undefined) return { out: `${digest}  ${path}\n`, error: "" };
  return { out: "", error: `Cannot show the ${name} of "${path}": it is not known\n` };
}

/** Cut a command as a shell does, without anything that a shell would do: quotes and backslashes only. */
function shellWords(command: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  for (const [piece, escaped, single, double, blank] of command.matchAll(piecePattern)) {
    if (blank !== undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    const text = escaped ?? single ?? double?.replaceAll(/\\([\\"$`])/g, "$1") ?? piece;
    // A quote that does not end, or a letter with a meaning to shells.
    if (text === piece && /["'\\$`;&|<>()*?#~]/.test(piece)) return undefined;
    word = (word ?? "") + text;
  }
  if (word !== undefined) words.push(word);
  return words;
}

const piecePattern = /\\([\s\S])|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|(\s+)|[^\s\\'"]+|[\s\S]/g;
