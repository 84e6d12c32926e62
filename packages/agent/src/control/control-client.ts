/** Talks to a running agent over its control socket. */

import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { Calls, type Decoded, decoder, failureCodes, TransferError } from "@naru/core";
import { anything, either, object, oneOf, optional, text, whole } from "@naru/core/schema";
import { readLines, writeLine } from "./json-lines.ts";
import type { ControlCommand } from "./messages.ts";

/** Why a command failed. */
export const failure = object({
  code: oneOf(failureCodes, "The reason, for programs.", { otherwise: "internal" }),
  message: text("The reason, for people."),
});
type Failure = Decoded<typeof failure>;

const event = object({ event: anything("After `watch`.") });
const answer = object({ id: whole("Of the request."), error: optional(failure), result: optional(anything("")) });
const readMessage = decoder(either(event, answer));

/** A connection to the agent. */
export class ControlClient implements Disposable {
  readonly #socket: Socket;
  readonly #calls = new Calls<unknown>();
  readonly #listeners = new Set<(event: unknown) => void>();

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
    return this.#calls.make((id) => writeLine(this.#socket, wireOf(id, command)));
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
      const message = readMessage(line, "answer");
      if ("event" in message) {
        for (const listener of this.#listeners) listener(message.event);
        continue;
      }
      if (message.error !== undefined) this.#calls.fail(message.id, failureOf(message.error));
      else this.#calls.answer(message.id, message.result ?? undefined);
    }
    this.#end();
  }

  #end(): void {
    this.#calls.failAll(new TransferError("unreachable", "Cannot continue: the agent has exited"));
  }
}

function wireOf(id: number, command: ControlCommand): Record<string, unknown> {
  if (command.command === "settings") {
    // What is taken away is said as null, since JSON knows no other nothing.
    const change = Object.entries(command.change).map(([name, value]) => [name, value ?? null]);
    return { command: "settings", change: Object.fromEntries(change), id };
  }
  return { ...command, id };
}

/** Make the error that the agent tells. */
export function failureOf({ code, message }: Failure): TransferError {
  return new TransferError(code, message);
}
