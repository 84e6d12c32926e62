/**
 * Names under which files wait while they are on their way: WinSCP's `x.filepart`, rclone's and the agent's
 * `x.1a2b3c4d.partial`, and `x.partial`. One that would be too long for a file system has a digest in the place of `x`.
 *
 * @module
 */

import { maxSegmentBytes } from "./path.ts";

/** SHA-256 of a text in hex. */
export type TextDigest = (text: string) => string;

const suffix = /^(?<path>(?:.*\/)?[^/]+?)(?:\.filepart|(?:\.[0-9a-f]{8})?\.partial)$/u;
const encoder = new TextEncoder();

/** Name the file in which an upload to `path` waits, beside where it will stand; `token` is 8 hex digits of its own. */
export function temporaryName(path: string, token: string, digest: TextDigest): string {
  const slash = path.lastIndexOf("/") + 1;
  const name = path.slice(slash);
  const fits = encoder.encode(`${name}.${token}.partial`).length <= maxSegmentBytes;
  return `${path.slice(0, slash)}${fits ? name : shortened(name, digest)}.${token}.partial`;
}

/** The path that a file will have in the end, when `path` is a temporary one. */
export function finalName(path: string): string | undefined {
  return suffix.exec(path)?.groups?.["path"];
}

/** Tell whether a name is one that `temporaryName` gives. */
export function isTemporaryName(name: string): boolean {
  return /[^/]\.[0-9a-f]{8}\.partial$/u.test(name);
}

/** Tell whether `name` is a temporary one of the file at `path`. */
export function isTemporaryNameOf(name: string, path: string, digest: TextDigest): boolean {
  const stands = finalName(name);
  if (stands === undefined) return false;
  if (stands === path) return true;
  const slash = path.lastIndexOf("/") + 1;
  return stands === path.slice(0, slash) + shortened(path.slice(slash), digest);
}

function shortened(name: string, digest: TextDigest): string {
  return digest(name).slice(0, 16);
}
