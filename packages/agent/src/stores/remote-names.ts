import { createHash } from "node:crypto";
import { TransferError, temporaryName } from "@naru/core";

/** Name the file in which an upload waits. Our own gateway knows such names, and gives the file its final name without a copy. */
export function waitingName(path: string, token: string): string {
  return temporaryName(path, token, (text) => createHash("sha256").update(text).digest("hex"));
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
