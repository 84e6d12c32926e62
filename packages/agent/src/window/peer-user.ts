/** Which user of this computer is at the other end of a loopback connection; Linux tells, in /proc/net/tcp. */

import { readFile } from "node:fs/promises";
import type { Socket } from "node:net";
import { platform } from "node:process";

const known = new WeakMap<Socket, Promise<boolean>>();

/** Tell whether another user connected; where the system does not tell, nobody is foreign. */
export function isForeignUser(socket: Socket): Promise<boolean> {
  const before = known.get(socket);
  if (before !== undefined) return before;
  const asked = ask(socket);
  known.set(socket, asked);
  return asked;
}

async function ask({ remotePort, localPort }: Socket): Promise<boolean> {
  const own = process.getuid?.();
  if (platform !== "linux" || own === undefined) return false;
  const table = await readFile("/proc/net/tcp", "utf8").catch(() => undefined);
  if (table === undefined) return false;
  const [theirs, ours] = [endOf(remotePort), endOf(localPort)];
  const row = table
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .find(([, local, remote]) => local === theirs && remote === ours);
  const [uid, inode] = [row?.[7], row?.[9]];
  // A socket that was closed already belongs to nobody, and is said to be root's.
  if (uid === undefined || inode === "0") return true;
  return uid !== String(own) && uid !== "0";
}

/** 127.0.0.1 and a port as the kernel writes them, on machines of either byte order. */
function endOf(port = 0): string {
  const address = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? "0100007F" : "7F000001";
  return `${address}:${port.toString(16).toUpperCase().padStart(4, "0")}`;
}
