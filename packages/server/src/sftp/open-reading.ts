import type { Abortable } from "@naru/core";
import { TransferError } from "@naru/core";
import { status } from "@naru/core/sftp-v3";
import type { GatewaySession, Reading } from "../gateway/gateway-session.ts";
import { type Answer, attrsAnswer, dataAnswer, okAnswer, statusAnswer } from "./answers.ts";
import { attrsOf } from "./name-requests.ts";
import type { FileRequest, OpenFile } from "./open-file.ts";
import { Lane } from "./order.ts";
import { maxDataBytes } from "./packets.ts";

/** @throws {TransferError} `not-found` */
export async function openReading(session: GatewaySession, path: string, options: Abortable): Promise<OpenFile> {
  return new OpenReading(await session.openRead(path, options));
}

/** A file that one client reads. */
export class OpenReading implements OpenFile {
  readonly lane: Lane = new Lane();
  readonly #reading: Reading;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  get path(): string {
    return this.#reading.entry.path;
  }

  async answer(ask: FileRequest, options: Abortable): Promise<Answer> {
    switch (ask.kind) {
      case "read": {
        const data = await this.#reading.read(ask.offset, Math.min(ask.length, maxDataBytes), options);
        return data.length === 0 ? statusAnswer(ask.id, status.eof, "The file ends here") : dataAnswer(ask.id, data);
      }
      case "fstat":
        return attrsAnswer(ask.id, attrsOf(this.#reading.entry));
      case "fsetstat":
      case "fsync":
        return okAnswer(ask.id);
      case "readdir":
        throw new TransferError("invalid", `Cannot list "${this.#reading.entry.path}": it is a file`);
    }
  }

  async write(): Promise<void> {
    throw new TransferError("forbidden", `Cannot write "${this.#reading.entry.path}": it is open for reading`);
  }

  close(): Promise<void> {
    return this.#reading.close();
  }

  leave(): Promise<void> {
    return this.#reading.close();
  }
}
