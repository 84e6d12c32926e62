/** Where the control socket of a data folder is. */

import { createHash } from "node:crypto";
import { userInfo } from "node:os";
import { join, resolve } from "node:path";
import { TransferError } from "@naru/core";

/** What every Unix takes; longer names are cut without a word. */
const longestSocketName = 100;

/** Name the socket: a file in the data folder, or on Windows a pipe that only this user and folder make the name of. */
export function controlPath(dataDir: string, platform: NodeJS.Platform = process.platform): string {
  const folder = resolve(dataDir);
  if (platform === "win32") {
    const key = createHash("sha256").update(`${userInfo().username}\n${folder.toLowerCase()}`).digest("hex");
    return `\\\\.\\pipe\\naru-agent-${key.slice(0, 32)}`;
  }
  const path = join(folder, "control.sock");
  if (Buffer.byteLength(path) > longestSocketName) {
    throw new TransferError("invalid", `Cannot use the data folder "${folder}": its name is too long for a socket`);
  }
  return path;
}
