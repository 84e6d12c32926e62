/**
 * The commands that are answered without a shell: `md5sum FILE`, `sha256sum FILE`, as coreutils print them.
 *
 * @module
 */

import { type Abortable, isTransferError } from "@naru/core";
import type { DigestName } from "../gateway/file-digest.ts";
import type { GatewaySession } from "../gateway/gateway-session.ts";
import { absolutePath } from "./client-path.ts";

export interface ChecksumCommand {
  readonly name: DigestName;
  readonly path: string;
}

const programs: ReadonlyMap<string, DigestName> = new Map([
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

/** What the command prints, and where. A digest that is not known is taken by reading the file, and remembered. */
export async function runChecksumCommand(
  { name, path }: ChecksumCommand,
  session: GatewaySession,
  options: Abortable,
): Promise<{ readonly out: string; readonly error: string }> {
  try {
    const [digest = ""] = await session.digest(absolutePath(path), { name }, options);
    return { out: `${digest}  ${path}\n`, error: "" };
  } catch (error) {
    if (!isTransferError(error) || options.signal?.aborted) throw error;
    return { out: "", error: `${error.message}\n` };
  }
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
