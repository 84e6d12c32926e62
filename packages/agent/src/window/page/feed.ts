/** Feeds files that were dropped on the window: a browser tells their bytes, never where they are. */

import { type ByteRange, Crc64, MiB } from "@naru/core";
import type { FeedFacts, FileFacts, WhereTo } from "../window-wire.ts";
import { call, sendBytes } from "./agent-call.ts";

/** A file that came through the page. */
export interface LooseFile {
  readonly path: string;
  readonly file: File;
}

/** Hand a file over; resolves when the agent has all of it on disk or at the far side. */
export async function handOver({ path, file }: LooseFile, to: WhereTo): Promise<void> {
  await feed(await call("receive", { file: { ...factsOf(file), path }, to }), file);
}

/** Go on with a transfer whose file was chosen again. @throws {TransferError} `file-changed` when it is another file */
export async function handOverAgain(transfer: string, file: File): Promise<void> {
  const ranges = await call("prove", { transfer });
  const proofs = [];
  for (const range of ranges) proofs.push({ ...range, crc64: await crc64Of(file, range) });
  await feed(await call("feed", { transfer, file: factsOf(file), proofs }), file);
}

async function feed({ transfer, key, durable }: FeedFacts, file: File): Promise<void> {
  await sendBytes(`data/${transfer}?offset=${durable}`, key, file.slice(durable));
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
