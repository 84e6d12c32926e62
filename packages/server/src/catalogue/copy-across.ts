/** A copy from one store to another, or within one that cannot copy: the bytes pass through this server. */

import { setTimeout as sleep } from "node:timers/promises";
import {
  type Abortable,
  type Body,
  type Clock,
  type Files,
  type Source,
  type StoredFile,
  Transfer,
  TransferError,
} from "@naru/core";
import { type Located, outward, outwardPath } from "./mount-table.ts";

/** Few at once: each part passes through two connections of this server. */
const partsAtOnce = 4;

const clock: Clock = {
  now: () => performance.now(),
  sleep: (ms, { signal } = {}) => sleep(ms, undefined, signal ? { signal } : {}),
};

/** @throws {TransferError} `not-found`; `conflict` when the file changes meanwhile: then no copy appears */
export async function copyAcross(from: Located, to: Located, { signal }: Abortable): Promise<StoredFile> {
  const doing = `copy "${outside(from)}"`;
  const file = await from.mount.store.stat(from.path, { signal });
  if (file === undefined) throw new TransferError("not-found", `Cannot ${doing}: there is no such file`);
  const { size, type, modified } = file;
  const spec = { path: to.path, size, type, modified };
  const random = Math.random;
  const transfer = new Transfer(sourceOf(from.mount.store, file), to.mount.store, spec, {
    clock,
    random,
    maxConcurrency: partsAtOnce,
  });
  const copy = await transfer.run({ signal }).catch(async (error: unknown) => {
    // The parts that are there expire at the store if they cannot be removed now.
    await transfer.cancel().catch(() => undefined);
    throw error;
  });
  if (copy.size !== size || (file.crc64 !== undefined && copy.crc64 !== undefined && copy.crc64 !== file.crc64)) {
    await to.mount.store.remove(to.path, { signal });
    throw new TransferError("checksum-mismatch", `Cannot ${doing}: the copy is not the same`);
  }
  return outward(to.mount, copy);
}

function sourceOf(files: Files, { path, etag, size }: StoredFile): Source {
  const slice = (start: number, end: number): Body => ({
    size: end - start,
    stream: () => {
      let reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> | undefined;
      return new ReadableStream<Uint8Array<ArrayBuffer>>(
        {
          async pull(controller) {
            reader ??= (await files.read(path, { range: { start, end }, etag })).getReader();
            const { done, value } = await reader.read();
            if (done) controller.close();
            else controller.enqueue(value);
          },
          cancel: (reason) => reader?.cancel(reason),
        },
        { highWaterMark: 0 },
      );
    },
  });
  return { size, slice };
}

function outside({ mount, path }: Located): string {
  return outwardPath(mount, path);
}
