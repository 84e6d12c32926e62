/**
 * The bytes under an SFTP session: a channel of SSH, or standard input and output.
 *
 * @module
 */

import type { Readable, Writable } from "node:stream";
import { noteBytes } from "../young-garbage.ts";
import type { Answer } from "./answers.ts";

/** A way for bytes, whose far side sends no more than it is given leave for. */
export interface SftpWire {
  /** What came since the last pull, uncopied; ends after the last of it when the far side is gone. */
  readonly incoming: AsyncIterable<readonly Uint8Array[]>;
  /** The far side is gone: nobody reads answers any more. */
  readonly gone: boolean;
  /** So many bytes were taken: the far side may send as many more. */
  taken(bytes: number): void;
  /** The far side took so long to follow up an answer that it had to wait for: a round trip, at most. */
  roundTrip(ms: number): void;
  /** Send an answer, together with those that are sent in the same moment. */
  send(answer: Answer): void;
  /** Resolves when no more than `bytes` of answers (by default 1 MiB) wait for being read, or nobody will read them. */
  drained(bytes?: number): Promise<void>;
  /** Take nothing more. */
  end(): void;
}

export interface StreamWireOptions {
  /** Gives leave to send. Without it, `input` is paused while too much waits. */
  readonly window?: Pick<SftpWire, "taken" | "roundTrip"> | undefined;
  /** Where `output` goes, when it buffers further on: answers wait there too. */
  readonly socket?: Writable | undefined;
}

/** So many bytes of answers may wait before no more requests are read. */
const maxBacklogBytes = 1024 * 1024;
const maxWaitingBytes = 1024 * 1024;

/** Make a wire of two streams. */
export function streamWire(input: Readable, output: Writable, options: StreamWireOptions = {}): SftpWire {
  return new StreamWire(input, output, options);
}

class StreamWire implements SftpWire {
  readonly #input: Readable;
  readonly #output: Writable;
  readonly #socket: Writable | undefined;
  readonly #window: StreamWireOptions["window"];
  #waiting: Uint8Array[] = [];
  #untaken = 0;
  #ended = false;
  #closed = false;
  #wake: () => void = () => undefined;
  #answers: Uint8Array[] = [];
  /** Bytes of answers that the output has not let go. */
  #unsent = 0;
  #drain: (() => void)[] = [];

  constructor(input: Readable, output: Writable, { window, socket }: StreamWireOptions) {
    this.#input = input;
    this.#output = output;
    this.#socket = socket;
    this.#window = window;
    const end = (): void => {
      this.#ended = true;
      this.#wake();
    };
    const close = (): void => {
      this.#closed = true;
      end();
      this.#look();
    };
    // Events, not the stream's own iterator: that would put waiting chunks together.
    input.on("data", (chunk: Uint8Array) => this.#arrived(chunk));
    input.on("end", end).on("error", close).on("close", end);
    output.on("error", close).on("close", close);
    socket?.on("drain", () => this.#look()).on("close", close);
  }

  get incoming(): AsyncIterable<readonly Uint8Array[]> {
    return this.#batches();
  }

  get gone(): boolean {
    return this.#closed;
  }

  taken(bytes: number): void {
    this.#untaken -= bytes;
    if (this.#window !== undefined) this.#window.taken(bytes);
    else if (this.#untaken < maxWaitingBytes && this.#input.isPaused()) this.#input.resume();
  }

  roundTrip(ms: number): void {
    this.#window?.roundTrip(ms);
  }

  send(answer: Answer): void {
    if (this.#closed) return;
    // Once per turn of the loop: one packet, one encryption and one system call for many answers.
    if (this.#answers.length === 0) setImmediate(() => this.#flush());
    for (const piece of answer instanceof Uint8Array ? [answer] : answer) {
      this.#answers.push(piece);
      this.#unsent += piece.length;
    }
  }

  async drained(bytes: number = maxBacklogBytes): Promise<void> {
    while (this.#backlog() > bytes) await new Promise<void>((resolve) => this.#drain.push(resolve));
  }

  end(): void {
    this.#waiting = [];
    this.#ended = true;
    this.#wake();
  }

  #arrived(chunk: Uint8Array): void {
    if (this.#ended) return;
    this.#waiting.push(chunk);
    this.#untaken += chunk.length;
    if (this.#window === undefined && this.#untaken >= maxWaitingBytes) this.#input.pause();
    this.#wake();
  }

  async *#batches(): AsyncIterable<readonly Uint8Array[]> {
    while (true) {
      if (this.#waiting.length > 0) {
        const batch = this.#waiting;
        this.#waiting = [];
        yield batch;
      } else if (this.#ended) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  #flush(): void {
    const pieces = this.#answers;
    this.#answers = [];
    const last = pieces.pop();
    if (this.#closed || !this.#output.writable || last === undefined) return;
    const bytes = pieces.reduce((sum, { length }) => sum + length, last.length);
    // Read, put into a packet and encrypted: there are three buffers of each byte that leaves.
    noteBytes(3 * bytes);
    this.#output.cork();
    for (const piece of pieces) this.#output.write(piece);
    this.#output.write(last, () => {
      this.#unsent -= bytes;
      this.#look();
    });
    this.#output.uncork();
  }

  #backlog(): number {
    return this.#closed ? 0 : this.#unsent + (this.#socket?.writableLength ?? 0);
  }

  #look(): void {
    const waiting = this.#drain;
    this.#drain = [];
    for (const resolve of waiting) resolve();
  }
}
