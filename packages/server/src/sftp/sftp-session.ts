/**
 * One SFTP session, version 3 (draft-ietf-secsh-filexfer-02): requests of one client, answered out of a gateway session.
 *
 * Data is pulled: no more is read from the wire while the file being written has no room, or while the client does not
 * read its answers. What is open when the client goes without closing it is kept for its return, and does not appear.
 *
 * @module
 */

import { type Abortable, isTransferError, KiB, TransferError, toWireError, type UploadReply } from "@naru/core";
import { status } from "@naru/core/sftp-v3";
import type { GatewaySession } from "../gateway/gateway-session.ts";
import { handleAnswer, numbersAnswer, okAnswer, statusAnswer, textAnswer, versionAnswer } from "./answers.ts";
import { answerCheck } from "./check-file.ts";
import { absolutePath } from "./client-path.ts";
import { extensionsOf } from "./extensions.ts";
import { failureAnswer } from "./failures.ts";
import { answerChange, answerLook } from "./name-requests.ts";
import { closeFile, type FileRequest, isOfFile, type OpenFile } from "./open-file.ts";
import { OpenFiles, type OpenRequest } from "./open-files.ts";
import { OpenPart } from "./open-part.ts";
import { OpenReading } from "./open-reading.ts";
import { Lane, NameOrder } from "./order.ts";
import {
  type CheckRequest,
  MalformedPacket,
  maxDataBytes,
  maxPacketBytes,
  type Request,
  type WritePiece,
} from "./packets.ts";
import { RequestDecoder } from "./request-decoder.ts";
import type { SftpWire } from "./sftp-wire.ts";
import { answerUpload } from "./upload-requests.ts";

export interface SftpSessionOptions extends Abortable {
  /** How many handles a client may hold. */
  readonly maxHandles?: number | undefined;
  /** Without a request, and with none being answered, the session ends. */
  readonly idleMs?: number | undefined;
  readonly now?: (() => number) | undefined;
  /** Told of faults that are not the client's to know. */
  readonly onFault?: ((error: unknown) => void) | undefined;
}

/** So many requests may wait for their answers. */
const maxOutstanding = 256;
/** Some 170 answers to writes: who lets so many wait does not read, and sends data that we must hold. */
const maxUnreadBytes = 4 * KiB;

/** What is still done for a client that is gone: what it sent before shall count. */
const changing: ReadonlySet<Request["kind"]> = new Set([
  "open",
  "write",
  "close",
  "fsetstat",
  "setstat",
  "mkdir",
  "remove",
  "rmdir",
  "rename",
]);

/**
 * Serve until the client is gone, and what it left open is kept. The gateway session stays the caller's to close.
 *
 * @throws {MalformedPacket} when the client broke the protocol: its connection should end
 */
export async function serveSftp(
  wire: SftpWire,
  session: GatewaySession,
  options: SftpSessionOptions = {},
): Promise<void> {
  await new SftpSession(wire, session, options).run();
}

class SftpSession {
  readonly #wire: SftpWire;
  readonly #session: GatewaySession;
  readonly #files: OpenFiles;
  readonly #names = new NameOrder();
  readonly #gone = new AbortController();
  /** Ends what asks for an answer: nobody waits for it when the client is gone. */
  readonly #signal: AbortSignal;
  readonly #maxHandles: number;
  readonly #idleMs: number;
  readonly #onFault: (error: unknown) => void;
  readonly #outstanding = new Set<Promise<void>>();
  /** Files are read for them: one after another. */
  readonly #checks = new Lane();
  #greeted = false;
  /** Something of what came is being taken: a transfer that waits for room is not idle. */
  #taking = false;
  /** What became of the pieces of the packet that is being written. */
  #writeFailure: unknown;

  constructor(
    wire: SftpWire,
    session: GatewaySession,
    { idleMs = 15 * 60_000, maxHandles = 100, now = Date.now, onFault = () => undefined, signal }: SftpSessionOptions,
  ) {
    this.#wire = wire;
    this.#session = session;
    this.#maxHandles = maxHandles;
    this.#idleMs = idleMs;
    this.#files = new OpenFiles({ session, max: maxHandles, now });
    this.#signal = signal ? AbortSignal.any([signal, this.#gone.signal]) : this.#gone.signal;
    this.#onFault = onFault;
    signal?.addEventListener("abort", () => wire.end(), { once: true });
  }

  async run(): Promise<void> {
    const decoder = new RequestDecoder();
    const idle = setInterval(() => {
      if (this.#outstanding.size === 0 && !this.#taking) this.#wire.end();
    }, this.#idleMs).unref();
    try {
      for await (const batch of this.#wire.incoming) {
        this.#taking = true;
        idle.refresh();
        for (const chunk of batch) {
          for (const request of decoder.push(chunk)) {
            if (this.#signal.aborted) return;
            if (!this.#wire.gone || changing.has(request.kind)) await this.#take(request);
          }
          this.#wire.taken(chunk.length);
        }
        this.#taking = false;
      }
    } finally {
      clearInterval(idle);
      this.#gone.abort(new Error("The client is gone"));
      await Promise.all(this.#outstanding);
      await this.#files.leave();
    }
  }

  async #take(request: Request): Promise<void> {
    if (request.kind === "write") return this.#write(request);
    if (request.kind === "init") return this.#greet();
    if (!this.#greeted) throw new MalformedPacket("The client did not begin with INIT");
    await this.#room();
    const answering = this.#begin(request).catch((error) => this.#wire.send(this.#failed(request.id, error)));
    const done = answering.finally(() => this.#outstanding.delete(done));
    this.#outstanding.add(done);
  }

  /** Whatever version a client speaks, it understands 3. */
  #greet(): void {
    if (this.#greeted) throw new MalformedPacket("The client began twice");
    this.#greeted = true;
    this.#wire.send(versionAnswer(3, extensionsOf(this.#session)));
  }

  /** Wait until the client has read of its answers, and until some are made. */
  async #room(): Promise<void> {
    await this.#wire.drained();
    while (this.#outstanding.size >= maxOutstanding) await Promise.race(this.#outstanding);
  }

  #begin(request: Exclude<Request, WritePiece | { kind: "init" }>): Promise<void> {
    if (isOfFile(request)) return this.#ask(request);
    return this.#answer(request).then((answer) => this.#wire.send(answer));
  }

  #answer(request: Exclude<Request, WritePiece | FileRequest | { kind: "init" }>): Promise<Uint8Array> {
    const options = { signal: this.#signal };
    switch (request.kind) {
      case "stat":
      case "lstat":
      case "realpath":
      case "statvfs":
        return this.#names.look(() => answerLook(this.#session, request, options));
      case "setstat":
      case "remove":
      case "mkdir":
      case "rmdir":
      case "rename":
        return this.#names.change(() => answerChange(this.#session, request, options));
      case "open":
        return this.#names.change(() => this.#open(request));
      case "opendir":
        return this.#names.look(() => this.#open(request));
      case "upload":
        return this.#reply(request.id, () => answerUpload(this.#session.uploads, request.json, options));
      case "upload-part":
        return this.#reply(request.id, async () => ({ handle: await this.#files.open(request, options) }));
      case "upload-receipt":
        return this.#receipt(request.id, request.handle);
      case "close":
        return this.#close(request.id, request.handle);
      case "check":
        return this.#checks.run(() => this.#check(request));
      case "limits":
        return answered(numbersAnswer(request.id, [maxPacketBytes, maxDataBytes, maxDataBytes, this.#maxHandles]));
      case "refused":
        return answered(statusAnswer(request.id, request.status, request.why));
    }
  }

  async #open(request: OpenRequest): Promise<Uint8Array> {
    return handleAnswer(request.id, await this.#files.open(request, { signal: this.#signal }));
  }

  /**
   * Each answers in its turn. What waits for it must not end with the answer: a promise that waited for long is collected late,
   * with all the data that it was given.
   */
  async #ask(request: FileRequest): Promise<void> {
    const file = this.#files.get(request.handle);
    if (file === undefined) return this.#wire.send(noHandle(request.id));
    const turn = async (): Promise<void> => {
      // An answer with data takes room only while it can be sent.
      await this.#wire.drained();
      this.#signal.throwIfAborted();
    };
    const answer = async (): Promise<void> => this.#wire.send(await file.answer(request, { signal: this.#signal }));
    // What is written after a sync need not wait for it.
    return request.kind === "fsync" ? file.lane.run(turn).then(answer) : file.lane.run(() => turn().then(answer));
  }

  async #check(request: CheckRequest): Promise<Uint8Array> {
    const { id, of } = request;
    const options = { signal: this.#signal };
    if ("path" in of) {
      const path = absolutePath(of.path);
      return this.#names.look(() => answerCheck(this.#session, request, path, options));
    }
    const file = this.#files.get(of.handle);
    if (file === undefined) return noHandle(id);
    if (file instanceof OpenReading) return answerCheck(this.#session, request, file.path, options);
    throw new TransferError("unsupported", "Cannot compute the checksum: open the file for reading");
  }

  #receipt(id: number, handle: number): Promise<Uint8Array> {
    const part = this.#files.get(handle);
    if (!(part instanceof OpenPart)) return answered(noHandle(id));
    return this.#reply(id, () => part.lane.run(() => part.receipt()));
  }

  #close(id: number, handle: number): Promise<Uint8Array> {
    const file = this.#files.take(handle);
    if (file === undefined) return answered(noHandle(id));
    const closed = file.lane.run(() => closeFile(file)).then(() => okAnswer(id));
    this.#names.follow(closed);
    return closed;
  }

  /** Pieces are taken one by one, within the reading of the wire: that is what holds a client back. */
  async #write(piece: WritePiece): Promise<void> {
    if (!this.#greeted) throw new MalformedPacket("The client did not begin with INIT");
    if (piece.offset === piece.start) this.#writeFailure = undefined;
    const waited = this.#files.firstUse(piece.handle);
    if (waited !== undefined) this.#wire.roundTrip(waited);
    const file = this.#files.get(piece.handle);
    try {
      if (file !== undefined && this.#writeFailure === undefined) await this.#writePiece(file, piece);
    } catch (error) {
      this.#writeFailure = error;
    }
    if (!piece.last) return;
    if (file === undefined) this.#wire.send(noHandle(piece.id));
    else if (this.#writeFailure === undefined) this.#wire.send(okAnswer(piece.id));
    else this.#wire.send(this.#failed(piece.id, this.#writeFailure));
    await this.#wire.drained(maxUnreadBytes);
  }

  #writePiece(file: OpenFile, piece: WritePiece): Promise<void> {
    const write = (): Promise<void> => file.write(piece, { signal: this.#signal });
    return file.lane.idle ? write() : file.lane.run(write);
  }

  /** Answer with what `work` gives, or with why it failed: whole, so that clients of ours know what to do. */
  async #reply(id: number, work: () => Promise<unknown>): Promise<Uint8Array> {
    try {
      return textAnswer(id, JSON.stringify({ answer: await work() } satisfies UploadReply));
    } catch (error) {
      this.#note(error);
      return textAnswer(id, JSON.stringify({ error: toWireError(error) } satisfies UploadReply));
    }
  }

  #failed(id: number, error: unknown): Uint8Array {
    this.#note(error);
    return failureAnswer(id, error);
  }

  /** That a file is not there, or a name taken, is an answer; the rest is for those who run the server. */
  #note(error: unknown): void {
    if (!this.#signal.aborted && !(isTransferError(error) && !error.retryable)) this.#onFault(error);
  }
}

async function answered(answer: Uint8Array): Promise<Uint8Array> {
  return answer;
}

function noHandle(id: number): Uint8Array {
  return statusAnswer(id, status.failure, "Cannot do this: there is no such handle");
}
