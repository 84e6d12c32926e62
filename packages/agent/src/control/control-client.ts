/** Talks to a running agent over its control socket. */

import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { fields, isFailureCode, TransferError } from "@naru/core";
import { readLines, writeLine } from "./json-lines.ts";
import type { ControlCommand } from "./messages.ts";

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** A connection to the agent. */
export class ControlClient implements Disposable {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Set<(event: unknown) => void>();
  #lastId = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#read().catch(() => this.#end());
  }

  /** Connect; `undefined` when no agent is running there. @throws {TransferError} `forbidden` for another user's agent */
  static async connect(path: string): Promise<ControlClient | undefined> {
    const socket = connect(path);
    try {
      await once(socket, "connect");
      return new ControlClient(socket);
    } catch (cause) {
      const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
      if (code === "ENOENT" || code === "ECONNREFUSED") return undefined;
      if (code === "EACCES" || code === "EPERM") {
        throw new TransferError("forbidden", "Cannot reach the agent: it belongs to another user", { cause });
      }
      throw new TransferError("unreachable", `Cannot reach the agent: ${String(code)}`, { cause });
    }
  }

  /** Have a command done; the answer is decoded by the caller. */
  call(command: ControlCommand): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      writeLine(this.#socket, wireOf(id, command));
    });
  }

  /** Call `listener` with each event after `watch`. */
  onEvent(listener: (event: unknown) => void): void {
    this.#listeners.add(listener);
  }

  /** Wait until the agent hangs up. */
  async closed(): Promise<void> {
    if (!this.#socket.closed) await once(this.#socket, "close");
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  async #read(): Promise<void> {
    for await (const line of readLines(this.#socket)) {
      const from = new fields.Fields(line, "answer");
      if (from.has("event")) {
        const event = from.read("event", (value) => value);
        for (const listener of this.#listeners) listener(event);
        continue;
      }
      const id = from.read("id", fields.count);
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (from.has("error")) waiting?.reject(from.read("error", decodeError));
      else waiting?.resolve(from.maybe("result", (value) => value));
    }
    this.#end();
  }

  #end(): void {
    const gone = new TransferError("unreachable", "Cannot continue: the agent has exited");
    for (const { reject } of this.#waiting.values()) reject(gone);
    this.#waiting.clear();
  }
}

function wireOf(id: number, command: ControlCommand): Record<string, unknown> {
  if (command.command === "settings") {
    // What is taken away is said as null, since JSON knows no other nothing.
    const change = Object.entries(command.change).map(([name, value]) => [name, value ?? null]);
    return { command: "settings", change: Object.fromEntries(change), id };
  }
  if (!("id" in command)) return { ...command, id };
  const { id: transfer, ...rest } = command;
  return { ...rest, transfer, id };
}

/** Read an error that the agent tells. */
export function decodeError(value: unknown, what: string): TransferError {
  const from = new fields.Fields(value, what);
  const code = from.read("code", fields.text);
  return new TransferError(isFailureCode(code) ? code : "internal", from.read("message", fields.text));
}
