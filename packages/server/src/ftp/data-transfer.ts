/**
 * The life of one data transfer: the connection opens, is announced (150) and made secure, bytes flow, and it ends -
 * by its end, by ABOR, or with the control connection, whose loss RFC 959 4.1.3 says to take as ABOR and QUIT.
 *
 * @module
 */

import { once } from "node:events";
import type { Socket } from "node:net";
import { pipeline } from "node:stream/promises";
import { setImmediate as nextTurn, setTimeout as wait } from "node:timers/promises";
import { TLSSocket } from "node:tls";
import { isTransferError } from "@naru/core";
import { noteBytes } from "../young-garbage.ts";
import type { Client, RunningTransfer } from "./client.ts";
import { FtpFault, type Reply, reply } from "./reply.ts";

export interface TransferName {
  readonly verb: string;
  readonly path: string;
}

/** Run `work` over the data connection that the client has prepared. @throws {FtpFault} 425, 426, 522 */
export async function transferring(
  client: Client,
  name: TransferName,
  work: (transfer: DataTransfer) => Promise<Reply>,
): Promise<Reply> {
  const { settings, state } = client;
  const source = state.data;
  state.data = undefined;
  if (source === undefined) throw new FtpFault(425, "Cannot open a data connection: use EPSV or PASV first");
  if (settings.secure?.required && !state.protectData) {
    source.close();
    throw new FtpFault(522, "Cannot send data unencrypted: use PROT P");
  }
  const transfer = new DataTransfer(client, name);
  state.transfer = transfer;
  try {
    transfer.opened(await source.open({ signal: transfer.signal }));
    const answer = await work(transfer);
    transfer.end();
    return answer;
  } catch (error) {
    if (!transfer.isOpen) source.close();
    throw transfer.reasonOf(error);
  } finally {
    state.transfer = undefined;
    transfer.destroy();
  }
}

/** One data connection in use. */
export class DataTransfer implements RunningTransfer {
  readonly verb: string;
  readonly path: string;
  /** Bytes that have come or gone so far. */
  bytes = 0;
  readonly #client: Client;
  readonly #stop = new AbortController();
  readonly #lost = (): void => this.#controlLost();
  #socket: Socket | undefined;
  #drains = false;
  #ended = false;

  constructor(client: Client, { path, verb }: TransferName) {
    this.#client = client;
    this.verb = verb;
    this.path = path;
    client.control.gone.addEventListener("abort", this.#lost);
    if (client.control.gone.aborted) this.abort();
  }

  /** Aborts when the transfer is to stop. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Its connection is there, and ends with it. */
  get isOpen(): boolean {
    return this.#socket !== undefined;
  }

  abort(): void {
    if (!this.#stop.signal.aborted) this.#stop.abort(new FtpFault(426, "Transfer aborted"));
  }

  opened(socket: Socket): void {
    this.#watch(socket);
    this.signal.addEventListener("abort", () => this.#socket?.destroy(), { once: true });
    if (this.signal.aborted) throw this.signal.reason;
  }

  /** Tell the client to begin, and begin TLS if that was agreed on. @throws {FtpFault} 522 if its session is no resumed one */
  async begin(text: string): Promise<void> {
    const { control, settings, state } = this.#client;
    control.reply(reply(150, text));
    if (!state.protectData || settings.secure === undefined || this.#socket === undefined) return;
    const socket = new TLSSocket(this.#socket, { isServer: true, secureContext: settings.secure.context });
    this.#watch(socket);
    const signal = AbortSignal.any([this.signal, AbortSignal.timeout(settings.limits.acceptMs)]);
    await once(socket, "secure", { signal }).catch((cause: unknown) => {
      throw new FtpFault(
        522,
        `Cannot begin TLS on the data connection${cause instanceof Error ? `: ${cause.message}` : ""}`,
      );
    });
    if (settings.secure.sessionReuse && !socket.isSessionReused()) {
      throw new FtpFault(522, "Cannot trust the data connection: it does not resume the TLS session");
    }
    // Told in the middle of TLS 1.3's handshake: a connection that ends at once would end without its goodbye.
    await nextTurn();
  }

  /**
   * Read what the client sends. When the control connection is lost, what is still on its way is taken in for a moment,
   * so that it need not be sent again.
   */
  async *incoming(): AsyncGenerator<Uint8Array, void> {
    if (this.#socket === undefined) return;
    this.#drains = true;
    // What a socket yields without an encoding set. It outlives a file that takes no more.
    const chunks: AsyncIterable<Buffer> = this.#socket.iterator({ destroyOnReturn: false });
    for await (const bytes of chunks) {
      noteBytes(bytes.length);
      yield bytes;
      this.bytes += bytes.length;
    }
    this.#drains = false;
  }

  /**
   * Wait for news of the control connection after the last byte: a client that dies closes both connections, in any
   * order, and then the end of the data is no end of the file. @throws {FtpFault} 426
   */
  async settle(): Promise<void> {
    const { control, settings } = this.#client;
    await wait(settings.limits.settleMs, undefined, { signal: control.gone }).catch(() => undefined);
    if (control.gone.aborted) this.abort();
    this.signal.throwIfAborted();
  }

  /** Send everything and the end of it. */
  async send(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    if (this.#socket === undefined) return;
    await pipeline(this.#counted(chunks), this.#socket, { signal: this.signal });
  }

  async *#counted(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
    for await (const bytes of chunks) {
      noteBytes(bytes.length);
      yield bytes;
      this.bytes += bytes.length;
    }
  }

  /** The work is done: what the client still says on the data connection (its goodbye) is heard, for a moment. */
  end(): void {
    const socket = this.#socket;
    this.#ended = true;
    socket?.end();
    socket?.resume();
    const late = setTimeout(() => socket?.destroy(), 5000);
    late.unref();
    socket?.once("close", () => clearTimeout(late));
  }

  /** What to tell of an error: an abort is 426, whatever it made fail; so is a broken connection, unless what broke it is known. */
  reasonOf(error: unknown): unknown {
    if (this.signal.aborted) return this.signal.reason;
    if (isTransferError(error) || error instanceof FtpFault) return error;
    const broken = this.#socket?.errored;
    return broken ? new FtpFault(426, `Data connection lost: ${broken.message}`) : error;
  }

  destroy(): void {
    this.#client.control.gone.removeEventListener("abort", this.#lost);
    if (this.#ended) return;
    if (this.#drains && !this.signal.aborted) this.#drop();
    else this.#socket?.destroy();
  }

  /** Read on for a moment what nobody takes: a client that is cut off while it sends does not read why. */
  #drop(): void {
    const socket = this.#socket;
    socket?.resume();
    const late = setTimeout(() => socket?.destroy(), this.#client.settings.limits.drainMs);
    socket?.once("close", () => clearTimeout(late));
  }

  #watch(socket: Socket): void {
    const { stallMs } = this.#client.settings.limits;
    this.#socket = socket;
    socket.setKeepAlive(true, 30_000);
    // The work sees the error as its reads and writes fail.
    socket.on("error", () => undefined);
    socket.setTimeout(stallMs, () => socket.destroy(new Error(`nothing came or went for ${stallMs / 1000} s`)));
  }

  #controlLost(): void {
    if (!this.#drains) this.abort();
    else setTimeout(() => this.abort(), this.#client.settings.limits.drainMs).unref();
  }
}
