/**
 * Paths of files: segments between `/`, in Unicode's composed form (NFC), that mean the same on every store and machine.
 *
 * @module
 */

import { TransferError } from "./errors.ts";

/** Bytes of a whole path, in UTF-8; what S3 allows for a key. */
export const maxPathBytes: number = 1024;
/** Bytes of one segment, in UTF-8; what file systems allow for a name. */
export const maxSegmentBytes: number = 255;

/** What can be wrong with a path: `reserved` are names of devices, and the store's own folder. */
export type PathFault = "empty" | "characters" | "dots" | "reserved" | "long-name" | "long-path";

interface Fault {
  readonly is: PathFault;
  readonly why: string;
}

const encoder = new TextEncoder();
const windowsDevice = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]) *(\.|$)/iu;

/** The first segment under which stores and the gateway keep what is theirs; listings do not show it, doors do not name it. */
export const hiddenFolder: string = ".naru";
const hiddenFault: Fault = { is: "reserved", why: `"${hiddenFolder}" is the store's own` };

/** Tell whether a path lies where only stores and the gateway write. */
export function isHidden(path: string): boolean {
  return /^\.naru(\/|$)/iu.test(path);
}

/**
 * Check a path and give it its one spelling (NFC). A hidden one is refused, unless the caller is who writes there.
 *
 * @throws {TransferError} `invalid`, saying what is wrong with it
 */
export function normalizePath(value: unknown, { hidden = false }: { readonly hidden?: boolean } = {}): string {
  if (typeof value !== "string")
    throw new TransferError("invalid", `Cannot use the path "${typeof value}": it is not a text`);
  const path = value.normalize("NFC");
  const fault = faultIn(path) ?? (!hidden && isHidden(path) ? hiddenFault : undefined);
  if (fault !== undefined) throw new TransferError("invalid", `Cannot use the path "${shown(path)}": ${fault.why}`);
  return path;
}

/**
 * Check the path of a file that is there, whoever named it: any text that may be a key, exactly as it came. Only what climbs
 * out or is hidden is refused. What is written takes `normalizePath`.
 *
 * @throws {TransferError} `invalid`, saying what is wrong with it
 */
export function existingPath(value: unknown): string {
  const path = typeof value === "string" ? value : "";
  const names = path.split("/").filter((name) => name !== "" && name !== ".");
  const isKey =
    names.length > 0 && !path.endsWith("/") && bytesOf(path) <= maxPathBytes && !/\p{Surrogate}/u.test(path);
  if (isKey && !names.includes("..") && !isHidden(names.join("/"))) return path;
  // It says why.
  normalizePath(value);
  throw new TransferError("invalid", `Cannot use the path "${shown(path)}": it names no file`);
}

/** Tell whether a file of this name can be used everywhere: other programs may have given it one that Naru does not write. */
export function isUsablePath(path: string): boolean {
  return pathFault(path) === undefined;
}

/** Tell what is wrong with a path, in a word that a page can put into its own language; `undefined` when nothing is. */
export function pathFault(path: string): PathFault | undefined {
  return faultIn(path.normalize("NFC"))?.is ?? (isHidden(path) ? "reserved" : undefined);
}

/** Name a file that meets another of the same name: `renamed("a/b.txt", 2)` is `a/b (2).txt`. Long names lose the end of their stem. */
export function renamed(path: string, n: number): string {
  const slash = path.lastIndexOf("/") + 1;
  const folder = path.slice(0, slash);
  const name = path.slice(slash);
  const dot = extensionAt(name);
  const tail = ` (${n})${name.slice(dot)}`;
  const room = Math.min(maxSegmentBytes, maxPathBytes - bytesOf(folder)) - bytesOf(tail);
  const stem = [...name.slice(0, dot)];
  let length = bytesOf(stem.join(""));
  while (length > room && stem.length > 1) length -= bytesOf(stem.pop() ?? "");
  return `${folder}${stem.join("")}${tail}`;
}

function faultIn(path: string): Fault | undefined {
  if (path === "") return { is: "empty", why: "it is empty" };
  if (/\p{Surrogate}/u.test(path)) return { is: "characters", why: "it is not well-formed Unicode" };
  if (/\p{Cc}/u.test(path)) return { is: "characters", why: "it holds a control character" };
  if (path.includes("\\")) return { is: "characters", why: "it holds a backslash" };
  if (path.startsWith("/")) return { is: "empty", why: "it begins with a slash" };
  if (/^[a-z]:/iu.test(path)) return { is: "characters", why: "it begins with a drive letter" };
  if (bytesOf(path) > maxPathBytes) return { is: "long-path", why: `it is longer than ${maxPathBytes} bytes` };
  for (const segment of path.split("/")) {
    const fault = segmentFault(segment);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function segmentFault(segment: string): Fault | undefined {
  if (segment === "") return { is: "empty", why: "it has an empty segment" };
  if (/^[. ]+$/u.test(segment)) return { is: "dots", why: `"${segment}" is not a name` };
  if (windowsDevice.test(segment)) return { is: "reserved", why: `"${segment}" is a device on Windows` };
  if (bytesOf(segment) > maxSegmentBytes) {
    return { is: "long-name", why: `a name in it is longer than ${maxSegmentBytes} bytes` };
  }
  return undefined;
}

function extensionAt(name: string): number {
  const tar = /\.tar\.[a-z0-9]{1,4}$/iu.exec(name);
  if (tar !== null && tar.index > 0) return tar.index;
  const dot = name.lastIndexOf(".");
  return dot > 0 && bytesOf(name.slice(dot)) <= 32 ? dot : name.length;
}

function bytesOf(text: string): number {
  return encoder.encode(text).length;
}

function shown(path: string): string {
  const clean = path.replaceAll(/[\p{Cc}\p{Surrogate}]/gu, "�");
  return clean.length > 100 ? `${clean.slice(0, 100)}…` : clean;
}
