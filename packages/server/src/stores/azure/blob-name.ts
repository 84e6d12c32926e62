import { maxPathBytes, TransferError } from "@naru/core";
import { encodeKey } from "../s3/bucket-address.ts";

/** Of a name, in UTF-16 units, and of names between slashes: https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata */
const mostCharacters = 1024;
const mostSegments = 254;

/** Spell the URL of a blob; of the container itself when `name` is empty. `endpoint` is the service's, without a final slash. */
export function blobUrl(endpoint: string, container: string, name: string): string {
  return name === "" ? `${endpoint}/${container}` : `${endpoint}/${container}/${encodeKey(name)}`;
}

/**
 * The name of a blob that is there, whoever gave it. Only what climbs is refused, since whoever reads a URL resolves it.
 *
 * @throws {TransferError} `invalid`
 */
export function existingNameOf(path: string, prefix: string): string {
  const name = prefix + path;
  const bad =
    path === "" || path.split("/").includes("..") || /\p{Surrogate}/u.test(path) || name.length > mostCharacters;
  if (bad) throw noName(path, "it is not the name of a blob");
  return name;
}

/**
 * The name under which to write `path`. The service turns a backslash into a slash, and drops what a URL resolves; the
 * emulator checks none of it.
 *
 * @throws {TransferError} `invalid`, before a byte is sent
 */
export function nameOf(path: string, prefix: string): string {
  const segments = path.split("/");
  const name = prefix + path;
  if (/[\p{Cc}\p{Surrogate}]/u.test(path)) throw noName(path, "it holds characters that no blob's name can have");
  if (path.includes("\\")) throw noName(path, "Azure turns a backslash into a slash");
  if (segments.some((segment) => segment === "" || segment === "." || segment === "..")) {
    throw noName(path, "it has an empty name, or one that a URL resolves");
  }
  if (segments.some((segment) => segment.endsWith("."))) throw noName(path, "Azure drops a dot at the end of a name");
  // What Naru takes at every store; the characters of Azure may be longer.
  if (Buffer.byteLength(path) > maxPathBytes) throw noName(path, `it is longer than ${maxPathBytes} bytes`);
  if (name.length > mostCharacters) throw noName(path, `it is longer than ${mostCharacters} characters`);
  if (name.split("/").length > mostSegments) throw noName(path, `it lies deeper than ${mostSegments} folders`);
  return name;
}

function noName(path: string, why: string): TransferError {
  const shown = path.replaceAll(/[\p{Cc}\p{Surrogate}]/gu, "\ufffd");
  const short = shown.length > 100 ? `${shown.slice(0, 100)}…` : shown;
  return new TransferError("invalid", `Cannot use the path "${short}": ${why}`);
}
