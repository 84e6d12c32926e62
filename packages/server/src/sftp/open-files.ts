/**
 * What one client has open: files being written, files being read, folders being listed. Each answers its own requests,
 * in their order.
 *
 * @module
 */

import { type Abortable, TransferError } from "@naru/core";
import { openFlag } from "@naru/core/sftp-v3";
import type { GatewaySession } from "../gateway/gateway-session.ts";
import { absolutePath } from "./client-path.ts";
import type { OpenFile } from "./open-file.ts";
import { openFolder } from "./open-folder.ts";
import { openReading } from "./open-reading.ts";
import { openWriting } from "./open-writing.ts";
import type { Request } from "./packets.ts";
import { openPart } from "./upload-requests.ts";

export type OpenRequest = Extract<Request, { kind: "open" | "opendir" | "upload-part" }>;
export interface OpenFilesOptions {
  readonly session: GatewaySession;
  readonly max: number;
  readonly now: () => number;
}

/** The handles of one connection. */
export class OpenFiles {
  readonly #files = new Map<number, OpenFile>();
  readonly #session: GatewaySession;
  readonly #max: number;
  readonly #now: () => number;
  #opening = 0;
  #latest = 0;
  /** The handle that was given last, until it is used. */
  #given: { readonly handle: number; readonly at: number } | undefined;

  constructor({ session, max, now }: OpenFilesOptions) {
    this.#session = session;
    this.#max = max;
    this.#now = now;
  }

  get(handle: number): OpenFile | undefined {
    return this.#files.get(handle);
  }

  /** How long ago a handle was given that is used for the first time now; only the last one given is known. */
  firstUse(handle: number): number | undefined {
    if (this.#given?.handle !== handle) return undefined;
    const { at } = this.#given;
    this.#given = undefined;
    return performance.now() - at;
  }

  /** Take a handle away: nothing that comes later finds it. */
  take(handle: number): OpenFile | undefined {
    const file = this.#files.get(handle);
    this.#files.delete(handle);
    return file;
  }

  /** Open, and give the handle. @throws {TransferError} when it cannot be opened, `throttled` when too many are */
  async open(ask: OpenRequest, options: Abortable): Promise<number> {
    if (this.#files.size + this.#opening >= this.#max) {
      throw new TransferError("throttled", `Cannot open another file: ${this.#max} are open`);
    }
    this.#opening++;
    try {
      const file = await this.#make(ask, options);
      this.#latest = (this.#latest + 1) % 2 ** 32;
      this.#files.set(this.#latest, file);
      this.#given = { handle: this.#latest, at: performance.now() };
      return this.#latest;
    } finally {
      this.#opening--;
    }
  }

  /** Leave all that is open, each after what it has begun. */
  async leave(): Promise<void> {
    const open = [...this.#files.values()];
    this.#files.clear();
    await Promise.all(open.map((file) => file.lane.run(() => file.leave())));
  }

  #make(ask: OpenRequest, options: Abortable): Promise<OpenFile> {
    const session = this.#session;
    if (ask.kind === "upload-part") return openPart(session.uploads, ask.json, options);
    const path = absolutePath(ask.path);
    if (ask.kind === "opendir") return openFolder(session, path, { ...options, now: this.#now });
    if ((ask.flags & openFlag.write) === 0) return openReading(session, path, options);
    return openWriting(session, path, { ...options, flags: ask.flags, attrs: ask.attrs });
  }
}
