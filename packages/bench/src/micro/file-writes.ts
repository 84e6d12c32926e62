/** Parts into a folder: our store, with every promise it makes, beside nothing but writing the bytes and an fsync. */

import { randomFillSync } from "node:crypto";
import { mkdtemp, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Body, planParts } from "@naru/core";
import { fileStore } from "@naru/server/file-store";
import { MiB } from "../benchmark.ts";
import { type Contest, contest } from "../contest.ts";
import type { Room } from "../room.ts";
import { working } from "./counted.ts";

const size = 256 * MiB;
const partSize = 16 * MiB;
const chunk = new Uint8Array(64 * 1024);

export async function fileWrites(room: Room): Promise<Contest> {
  randomFillSync(chunk);
  return contest(
    "256 MiB into a folder, 16 MiB a part",
    [
      working("write and fsync", size / MiB, "MiB/s", () => bare(room)),
      working("the file store", size / MiB, "MiB/s", () => stored(room)),
    ],
    room.options,
  );
}

async function bare(room: Room): Promise<void> {
  const folder = await mkdtemp(join(room.dir, "bare-"));
  const file = await open(join(folder, "file.bin"), "w");
  const pieces = Array.from({ length: MiB / chunk.length }, () => chunk);
  for (let at = 0; at < size; at += MiB) await file.writev(pieces, at);
  await file.sync();
  await file.close();
  await rm(folder, { recursive: true });
}

async function stored(room: Room): Promise<void> {
  const folder = await mkdtemp(join(room.dir, "store-"));
  const store = await fileStore(folder);
  const upload = await store.create({ path: "file.bin", size, partSize });
  for (const part of planParts(size, partSize, store.limitsFor(""))) await upload.put(part, bodyOf(part.size));
  await upload.complete();
  await rm(folder, { recursive: true });
}

function bodyOf(bytes: number): Body {
  function* chunks(): Generator<Uint8Array<ArrayBuffer>> {
    for (let at = 0; at < bytes; at += chunk.length) yield chunk;
  }
  const stream = (): ReadableStream<Uint8Array<ArrayBuffer>> =>
    new ReadableStream({
      start(controller) {
        for (const each of chunks()) controller.enqueue(each);
        controller.close();
      },
    });
  return { size: bytes, stream, chunks };
}
