/** JSON, one value a line, over a local socket. */

import type { Socket } from "node:net";
import { createInterface } from "node:readline";
import { TransferError } from "@naru/core";

/** Read a value from each line until the other side ends. @throws {TransferError} `invalid` for what is not JSON */
export async function* readLines(socket: Socket): AsyncGenerator<unknown> {
  for await (const line of createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === "") continue;
    yield parse(line);
  }
}

/** Write a value as a line. */
export function writeLine(socket: Socket, value: unknown): void {
  if (!socket.destroyed) socket.write(`${JSON.stringify(value)}\n`);
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new TransferError("invalid", `Cannot read "${line.slice(0, 40)}": it is not JSON`, { cause });
  }
}
