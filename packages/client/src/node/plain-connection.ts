/**
 * One connection that is asked for one answer after another (HTTP/1.1 without TLS). The kernel puts what it receives straight
 * into our memory: Node's usual way allocates a buffer for every 64 KiB, and its HTTP clients copy that once more.
 *
 * @module
 */

import { connect, type Socket } from "node:net";
import { type Abortable, KiB } from "@naru/core";
import { type AnswerHead, answerHead } from "./answer-head.ts";
import type { ChunkPool } from "./chunk-pool.ts";
import { CountedBody } from "./counted-body.ts";

const roomForHead = 16 * KiB;
const mostOfHead = 64 * KiB;
/** RFC 9112, 2.2: a line may end in LF alone. */
const endOfHead = /\r?\n\r?\n/;
const keepAliveAfterMs = 60_000;

export interface PlainConnectionOptions {
  readonly host: string;
  readonly port: number;
  readonly pool: ChunkPool;
  readonly connectTimeoutMs: number;
  /** The answer has come, and the connection can be asked again. */
  readonly onIdle: (connection: PlainConnection) => void;
  readonly onClosed: (connection: PlainConnection) => void;
}

/** An answer whose body has begun to come. */
export interface PlainAnswer extends AnswerHead {
  readonly body: CountedBody;
}

interface Asked {
  readonly resolve: (answer: PlainAnswer | undefined) => void;
  readonly reject: (reason: unknown) => void;
}

export class PlainConnection {
  readonly #options: PlainConnectionOptions;
  readonly #socket: Socket;
  readonly #headRoom = new Uint8Array(roomForHead);
  #head = "";
  #asked: Asked | undefined;
  #answer: PlainAnswer | undefined;
  #hasHeard = false;
  #forget: () => void = () => undefined;
  #failure: unknown;

  constructor(options: PlainConnectionOptions) {
    this.#options = options;
    const { host, port, connectTimeoutMs } = options;
    this.#socket = connect({
      host,
      port,
      noDelay: true,
      // Wine refuses TCP's keep-alive before the connection is there; the watchdog sees a dead one as well.
      keepAlive: process.platform !== "win32",
      keepAliveInitialDelay: keepAliveAfterMs,
      onread: { buffer: () => this.#room(), callback: (count) => this.#took(count) },
    });
    // A host that does not answer at all is given up long before the system does.
    const late = setTimeout(() => this.destroy(new Error("The connection took too long")), connectTimeoutMs);
    this.#socket.once("connect", () => clearTimeout(late));
    this.#socket.on("timeout", () => this.destroy());
    this.#socket.on("error", (error) => {
      this.#failure = error;
    });
    this.#socket.once("close", () => {
      clearTimeout(late);
      options.onClosed(this);
      this.#ended(this.#failure ?? new Error("The connection was closed before the answer had come"));
    });
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed && this.#socket.writable;
  }

  /** Whether any byte of the last answer has come. */
  get hasHeard(): boolean {
    return this.#hasHeard;
  }

  /** Send a request without a body. `undefined` when its answer is of a form that is not for us; the connection is then closed. */
  ask(head: string, { signal }: Abortable): Promise<PlainAnswer | undefined> {
    this.#hasHeard = false;
    this.#socket.setTimeout(0);
    const stop = (): void => this.destroy(signal?.reason);
    signal?.addEventListener("abort", stop, { once: true });
    this.#forget = () => signal?.removeEventListener("abort", stop);
    return new Promise((resolve, reject) => {
      this.#asked = { resolve, reject };
      this.#socket.write(head, "latin1");
    });
  }

  /** Wait to be asked, for so long. */
  rest(idleMs: number): void {
    this.#socket.setTimeout(idleMs);
  }

  destroy(reason?: unknown): void {
    this.#failure ??= reason;
    this.#socket.destroy();
  }

  #room(): Uint8Array {
    const body = this.#answer?.body;
    return body === undefined || body.left === 0 ? this.#headRoom : body.room();
  }

  /** Whether to go on reading. */
  #took(count: number): boolean {
    this.#hasHeard = true;
    if (this.#answer !== undefined) return this.#tookBody(this.#answer, count);
    if (this.#asked === undefined) {
      this.destroy(new Error("Bytes came that nobody had asked for"));
      return false;
    }
    const bytes = this.#headRoom.subarray(0, count);
    this.#head += Buffer.from(bytes.buffer, 0, count).toString("latin1");
    for (let end = endOfHead.exec(this.#head); end !== null; end = endOfHead.exec(this.#head)) {
      const text = this.#head.slice(0, end.index);
      this.#head = this.#head.slice(end.index + end[0].length);
      const rest = this.#head.length;
      // RFC 9110, 15.2: others come before the answer.
      if (/^HTTP\/1\.1 1(?!01)\d\d/.test(text)) continue;
      return this.#begin(answerHead(text), bytes.subarray(count - rest));
    }
    if (this.#head.length > mostOfHead) return this.#begin(undefined, bytes);
    return true;
  }

  #begin(head: AnswerHead | undefined, first: Uint8Array): boolean {
    const asked = this.#asked;
    this.#asked = undefined;
    this.#head = "";
    if (head === undefined || first.length > head.length) {
      asked?.resolve(undefined);
      this.destroy();
      return false;
    }
    const onRoom = (): void => {
      // Else it serves another answer by now.
      if (this.#answer?.body === body) this.#socket.resume();
    };
    const body: CountedBody = new CountedBody(head.length, { pool: this.#options.pool, onRoom });
    this.#answer = { ...head, body };
    asked?.resolve(this.#answer);
    if (head.length === 0) return this.#finish(this.#answer);
    if (first.length === 0) return true;
    body.room().set(first);
    return this.#tookBody(this.#answer, first.length);
  }

  #tookBody(answer: PlainAnswer, count: number): boolean {
    const more = answer.body.took(count);
    return answer.body.left === 0 ? this.#finish(answer) : more;
  }

  #finish({ keepsAlive }: PlainAnswer): boolean {
    this.#answer = undefined;
    this.#forget();
    if (!keepsAlive) this.destroy();
    else this.#options.onIdle(this);
    return keepsAlive;
  }

  #ended(reason: unknown): void {
    this.#forget();
    this.#asked?.reject(reason);
    this.#answer?.body.fail(reason);
    this.#asked = undefined;
    this.#answer = undefined;
  }
}
