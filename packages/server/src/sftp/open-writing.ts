import { type Abortable, TransferError } from "@naru/core";
import { openFlag } from "@naru/core/sftp-v3";
import type { Arrival, GatewaySession } from "../gateway/gateway-session.ts";
import { attrsAnswer, okAnswer } from "./answers.ts";
import type { FileRequest, OpenFile } from "./open-file.ts";
import { Lane } from "./order.ts";
import type { ClientAttrs, WritePiece } from "./packets.ts";

export interface OpenWritingOptions extends Abortable {
  readonly flags: number;
  readonly attrs: ClientAttrs;
}

/** @throws {TransferError} `not-found` without CREAT, `conflict` with EXCL */
export async function openWriting(
  session: GatewaySession,
  path: string,
  { flags, attrs, signal }: OpenWritingOptions,
): Promise<OpenFile> {
  const has = (flag: number): boolean => (flags & flag) !== 0;
  const mode = {
    truncate: has(openFlag.truncate),
    create: has(openFlag.create),
    exclusive: has(openFlag.exclusive) && has(openFlag.create),
    ...attrs,
  };
  return new OpenWriting(await session.openWrite(path, mode, { signal }), has(openFlag.append));
}

class OpenWriting implements OpenFile {
  readonly lane: Lane = new Lane();
  readonly #arrival: Arrival;
  readonly #appends: boolean;
  /** How far the packet's pieces are moved, to the end of the file. */
  #shift = 0;
  #modified = new Date();
  /** The first write that failed: the client was told, and what is not whole does not appear. */
  #failure: unknown;

  constructor(arrival: Arrival, appends: boolean) {
    this.#arrival = arrival;
    this.#appends = appends;
  }

  async answer(ask: FileRequest, options: Abortable): Promise<Uint8Array> {
    switch (ask.kind) {
      case "fstat":
        return attrsAnswer(ask.id, { kind: "file", size: this.#arrival.size, modified: this.#modified });
      case "fsetstat":
        await this.#setAttrs(ask.attrs, options);
        return okAnswer(ask.id);
      case "fsync":
        await this.#arrival.flush(options);
        return okAnswer(ask.id);
      case "read":
        throw new TransferError("unsupported", `Cannot read "${this.#arrival.path}": it is open for writing`);
      case "readdir":
        throw new TransferError("invalid", `Cannot list "${this.#arrival.path}": it is a file`);
    }
  }

  async write({ start, offset, bytes }: WritePiece, options: Abortable): Promise<void> {
    // Clients that append say where they believe the end is. Who is right goes on there, also ahead of others of its own
    // writes; who says less has not looked, and means the end.
    if (offset === start) this.#shift = this.#appends && start < this.#arrival.size ? this.#arrival.size - start : 0;
    try {
      await this.#arrival.write(offset + this.#shift, bytes, options);
    } catch (error) {
      this.#failure ??= error;
      throw error;
    }
  }

  async close(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    await this.#arrival.finish();
  }

  leave(): Promise<void> {
    return this.#arrival.suspend();
  }

  async #setAttrs({ size, modified }: ClientAttrs, options: Abortable): Promise<void> {
    if (size !== undefined) await this.#arrival.resize(size, options);
    if (modified === undefined) return;
    this.#modified = modified;
    this.#arrival.setModified(modified);
  }
}
