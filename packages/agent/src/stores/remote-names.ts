import { createHash } from "node:crypto";
import { maxSegmentBytes, TransferError } from "@naru/core";

/**
 * Name the file in which an upload waits, beside where it will stand: `a.bin.1a2b3c4d.partial`, as rclone does. Our own
 * gateway knows such names, and gives the file its final name without a copy. One that would be too long for a file
 * system is shortened.
 */
export function waitingName(path: string, token: string): string {
  const slash = path.lastIndexOf("/") + 1;
  const name = path.slice(slash);
  const fits = Buffer.byteLength(`${name}.${token}.partial`) <= maxSegmentBytes;
  const stem = fits ? name : createHash("sha256").update(name).digest("hex").slice(0, 16);
  return `${path.slice(0, slash)}${stem}.${token}.partial`;
}

/** Tell whether a file of this name is an upload that waits. */
export function isWaiting(name: string): boolean {
  return /[^/]\.[0-9a-f]{8}\.partial$/.test(name);
}

/** Where `path` is on the server: inside `folder`, which may be relative to where the account starts. */
export function remotePath(folder: string, path: string): string {
  const names = path.split("/");
  // A line end would begin another command on an FTP server.
  if (/[\0\r\n]/.test(path) || names.some((name) => name === "" || name === "." || name === "..")) {
    throw new TransferError("invalid", `Cannot use the path "${path}": it is not a safe name`);
  }
  return folder === "" ? path : `${folder.replace(/\/+$/, "")}/${path}`;
}

/** The folders above a path, the outermost first. */
export function foldersAbove(path: string): readonly string[] {
  const names = path.split("/").slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join("/")).filter((folder) => folder !== "");
}

/** The error of a file that is not there. */
export function missingFile(path: string, verb: string): TransferError {
  return new TransferError("not-found", `Cannot ${verb} "${path}": there is no such file`);
}
