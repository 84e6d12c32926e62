/**
 * The agent's door for programs of the same user: a Unix socket (0600, in a folder of 0700), a named pipe on Windows.
 * Whoever can open it is this user, and may do everything.
 *
 * @module
 */

import { once } from "node:events";
import { chmod, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { decoder, isTransferError } from "@naru/core";
import { object, whole } from "@naru/core/schema";
import { readLines, writeLine } from "./json-lines.ts";
import { type ControlCommand, type ControlRequest, decodeRequest } from "./messages.ts";

export interface ControlDoorOptions {
  readonly path: string;
  /** Do what a command says; `tell` sends events on its connection until the signal aborts. */
  readonly handle: (command: ControlCommand, connection: ControlConnection) => Promise<unknown>;
  readonly log: (line: string) => void;
}

export interface ControlConnection {
  readonly signal: AbortSignal;
  notify(event: unknown): void;
}

/** Listen. The caller has made sure that no other agent does. */
export async function openControlDoor(options: ControlDoorOptions): Promise<AsyncDisposable> {
  const { path } = options;
  const connections = new Set<Socket>();
  const server = createServer((socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
    // A program that goes away in the middle is no news.
    socket.on("error", () => undefined);
    void serve(socket, options).catch(() => socket.destroy());
  });
  const isFile = process.platform !== "win32";
  // Left by an agent that was killed.
  if (isFile) await rm(path, { force: true });
  await listen(server, path);
  if (isFile) await chmod(path, 0o600);
  return {
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, "close");
      server.close();
      for (const socket of connections) socket.end();
      await closed;
    },
  };
}

async function listen(server: Server, path: string): Promise<void> {
  server.listen(path);
  await once(server, "listening");
}

async function serve(socket: Socket, { handle, log }: ControlDoorOptions): Promise<void> {
  const gone = new AbortController();
  socket.once("close", () => gone.abort());
  const connection: ControlConnection = { signal: gone.signal, notify: (event) => writeLine(socket, { event }) };
  for await (const line of readLines(socket)) {
    const request = readRequest(line);
    if ("error" in request) {
      writeLine(socket, request);
      continue;
    }
    const { id, body } = request;
    // Commands do not wait for each other; each answers for itself.
    void handle(body, connection).then(
      (result) => writeLine(socket, { id, result: result ?? null }),
      (error: unknown) => {
        const code = isTransferError(error) ? error.code : "internal";
        const message = error instanceof Error ? error.message : String(error);
        if (code === "internal") log(`control ${body.command} failed: ${message}`);
        writeLine(socket, { id, error: { code, message } });
      },
    );
  }
}

const readId = decoder(object({ id: whole("Of the request.") }));

/** Read a request, or the answer to one that cannot be read. @throws {TransferError} `invalid` when nobody could be answered */
function readRequest(line: unknown): ControlRequest | { readonly id: number; readonly error: object } {
  const id = readId(line, "request").id;
  try {
    return decodeRequest(line);
  } catch (error) {
    if (!isTransferError(error)) throw error;
    return { id, error: { code: error.code, message: error.message } };
  }
}
