/**
 * The control connection (RFC 959 5.3): commands in, replies out, made secure in the middle by AUTH TLS (RFC 4217).
 * The only file that listens to a control socket's events.
 *
 * @module
 */

import { once } from "node:events";
import type { Socket } from "node:net";
import { type SecureContext, TLSSocket } from "node:tls";
import { type Abortable, TransferError } from "@naru/core";
import { type Line, LineParser } from "./line-parser.ts";
import { formatReply, type Reply } from "./reply.ts";

export interface ControlOptions {
  readonly lineBytes: number;
  /** Called for each line as it comes, also while a command runs. */
  readonly onLine: (line: Line) => void;
}

/** One client's control connection. */
export class ControlConnection {
  readonly #gone = new AbortController();
  readonly #parser: LineParser;
  readonly #onLine: (line: Line) => void;
  #isHeld = false;
  #socket: Socket;

  constructor(socket: Socket, { lineBytes, onLine }: ControlOptions) {
    this.#socket = socket;
    this.#parser = new LineParser({ maxBytes: lineBytes });
    this.#onLine = onLine;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    this.#listen(socket);
  }

  /** Aborts when the client has gone, by a goodbye, a cut or our own close. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  get isSecure(): boolean {
    return this.#socket instanceof TLSSocket;
  }

  /** A client that does not read its answers is not read from either, so that they do not fill our memory. */
  reply(reply: Reply): void {
    if (this.#socket.writable && !this.#socket.write(formatReply(reply))) this.#socket.pause();
  }

  /** Wait until the client has read what was said, or has gone; one that does not for so long is let go. */
  async drained(patienceMs: number): Promise<void> {
    if (!this.#socket.writableNeedDrain) return;
    const late = setTimeout(() => this.close(), patienceMs);
    await once(this.#socket, "drain", { signal: this.gone }).catch(() => undefined);
    clearTimeout(late);
  }

  /** Read no further, so that a client that sends commands without end waits. */
  pause(): void {
    this.#isHeld = true;
    this.#socket.pause();
  }

  go(): void {
    this.#isHeld = false;
    if (!this.#socket.writableNeedDrain) this.#socket.resume();
  }

  /**
   * Say `reply` and begin TLS. Bytes that came before it are not of the secure channel: somebody put them there.
   *
   * @throws if such bytes came, or the handshake fails
   */
  async secure(context: SecureContext, reply: Reply, { signal }: Abortable): Promise<void> {
    const plain = this.#socket;
    if (this.#parser.partial) throw new TransferError("invalid", "Cannot begin TLS: bytes arrived before it");
    plain.removeAllListeners("data");
    plain.write(formatReply(reply));
    const socket = new TLSSocket(plain, { isServer: true, secureContext: context });
    this.#socket = socket;
    this.#listen(socket);
    await once(socket, "secure", { signal });
  }

  /** Say what is still to be said and hang up. */
  close(): void {
    this.#socket.end();
    // A client that does not hang up in turn is not waited for.
    setTimeout(() => this.#socket.destroy(), 1000).unref();
    this.#gone.abort();
  }

  #listen(socket: Socket): void {
    const gone = (): void => this.#gone.abort();
    socket.on("end", gone);
    socket.on("close", gone);
    socket.on("error", gone);
    socket.on("drain", () => {
      if (!this.#isHeld) socket.resume();
    });
    socket.on("data", (bytes: Buffer) => {
      for (const line of this.#parser.push(bytes)) this.#onLine(line);
    });
  }
}
