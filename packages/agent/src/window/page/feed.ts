/** Feeds files that were dropped on the window: a browser tells their bytes, never where they are. */

import { type ByteRange, Crc64, MiB } from "@naru/core";
import type { FeedFacts, FileFacts, WhereTo } from "../window-wire.ts";
import { call, sendBytes } from "./agent-call.ts";

/** A file that came through the page. */
export interface LooseFile {
  readonly path: string;
  readonly file: File;
}

interface Waiting {
  readonly loose: LooseFile;
  readonly to: WhereTo;
}

/** Connections to one server are few in a browser, and calls and events need theirs. */
const mostAtOnce = 2;

/** What this window hands over, a few at a time. */
export class FeedQueue {
  readonly #waiting: Waiting[] = [];
  readonly #feeding = new Map<string, number>();
  readonly #onFailed: (error: unknown) => void;
  readonly #onChange: () => void;
  #running = 0;

  constructor({ onFailed, onChange }: { onFailed: (error: unknown) => void; onChange: () => void }) {
    this.#onFailed = onFailed;
    this.#onChange = onChange;
  }

  /** Bytes that must still go; `unfedOf` tells what a transfer still needs. */
  left(unfedOf: (transfer: string) => number | undefined): number {
    const waiting = this.#waiting.reduce((sum, { loose }) => sum + loose.file.size, 0);
    return [...this.#feeding].reduce((sum, [id, size]) => sum + (unfedOf(id) ?? size), waiting);
  }

  /** Hand files over; resolves when the agent has taken the first on, rejects when it does not. */
  async add([first, ...rest]: readonly LooseFile[], to: WhereTo): Promise<void> {
    if (first === undefined) return;
    const begun = await receive(first, to);
    void this.#feed(begun, first.file);
    this.#waiting.push(...rest.map((loose) => ({ loose, to })));
    this.#next();
  }

  /** Go on with a transfer whose file was chosen again. @throws {TransferError} `file-changed` when it is another file */
  async addAgain(transfer: string, file: File): Promise<void> {
    const ranges = await call("prove", { transfer });
    const proofs = [];
    for (const { start, end } of ranges) proofs.push({ start, end, crc64: await crc64Of(file, { start, end }) });
    void this.#feed(await call("feed", { transfer, file: factsOf(file), proofs }), file);
  }

  async #begin({ loose, to }: Waiting): Promise<void> {
    try {
      const begun = await receive(loose, to);
      this.#running -= 1;
      await this.#feed(begun, loose.file);
    } catch (error) {
      this.#running -= 1;
      this.#onFailed(error);
      this.#next();
    }
  }

  async #feed({ transfer, key, durable }: FeedFacts, file: File): Promise<void> {
    this.#running += 1;
    this.#feeding.set(transfer, file.size - durable);
    this.#onChange();
    try {
      await sendBytes(`data/${transfer}?offset=${durable}`, key, file.slice(durable));
    } catch (error) {
      this.#onFailed(error);
    }
    this.#feeding.delete(transfer);
    this.#running -= 1;
    this.#onChange();
    this.#next();
  }

  #next(): void {
    while (this.#running < mostAtOnce) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#running += 1;
      void this.#begin(next);
    }
  }
}

function receive({ path, file }: LooseFile, to: WhereTo): Promise<FeedFacts> {
  return call("receive", { file: { ...factsOf(file), path }, to });
}

async function crc64Of(file: Blob, { start, end }: ByteRange): Promise<string> {
  const crc = new Crc64();
  for (let at = start; at < end; at += MiB) {
    crc.update(new Uint8Array(await file.slice(at, Math.min(end, at + MiB)).arrayBuffer()));
  }
  return crc.hex();
}

function factsOf({ name, size, lastModified }: File): FileFacts {
  return { name, size, modifiedMs: lastModified };
}
