/**
 * A file on this disk as something to fetch to. Until it is whole it lies beside its name, as `NAME.naru-part`; its journal
 * as `NAME.naru-part.json`.
 */

import { constants, type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { type FetchJournal, type Sink, TransferError } from "@naru/core";
import { type Digester, openDigester } from "./digest.ts";
import { readJson } from "./file-journal.ts";

/** Open the sink of the file `to`; what an earlier run has left of one of this size is there. */
export async function openFileSink(to: string, size: number): Promise<Sink> {
  const part = partOf(to);
  const kept = await open(part, "r+").catch(() => undefined);
  const handle = kept ?? (await open(part, "w+"));
  const fresh = kept === undefined || (await handle.stat()).size !== size;
  await onDisk(to, () => handle.truncate(size));
  /** Something has been written that no sync has begun after. */
  let isDirty = false;
  /** Its thread takes a while to start, and most files are never read back. */
  let digester: Digester | undefined;
  const close = async (): Promise<void> => {
    await digester?.[Symbol.asyncDispose]();
    await handle.close();
  };
  const sync = async (): Promise<void> => {
    isDirty = false;
    await onDisk(to, () => handle.datasync());
  };
  /** Another program that fetches to the same name may have finished, and begun anew, or cut it to the size of another file. */
  const isOurs = async (): Promise<boolean> => {
    const held = await handle.stat({ bigint: true }).catch(() => undefined);
    const there = await stat(part, { bigint: true }).catch(() => undefined);
    if (held === undefined || there === undefined) return false;
    return there.ino === held.ino && there.dev === held.dev && held.size === BigInt(size);
  };
  return {
    size,
    fresh,
    async write(offset, chunks) {
      const end = chunks.reduce((sum, { length }) => sum + length, offset);
      if (offset < 0 || end > size)
        throw new TransferError("invalid", `Cannot write ${offset}-${end} of "${to}": it has ${size} bytes`);
      await onDisk(to, () => writeAll(handle, chunks, { position: offset, size: end - offset }));
      isDirty = true;
    },
    sync,
    crc64({ start, end }, options) {
      digester ??= openDigester();
      return digester.crc64({ file: part, start, size: end - start }, options);
    },
    async complete() {
      if (isDirty) await sync();
      if (!(await isOurs())) {
        await close();
        throw new TransferError("superseded", `Cannot finish "${to}": another download writes to it`);
      }
      await close();
      await rename(part, to);
      await syncFolder(dirname(to));
    },
    async discard() {
      const ours = await isOurs();
      await close();
      if (ours) await rm(part, { force: true });
    },
    [Symbol.asyncDispose]: close,
  };
}

/** The journal of the sink of `to`. Notes of earlier programs are of the same form, but may know more than the disk. */
export function fileFetchJournal(to: string): FetchJournal {
  const file = `${partOf(to)}.json`;
  const draft = `${file}.new`;
  /** Not emptied before it is written: its blocks are the room that is kept for the note. */
  const openDraft = (): Promise<FileHandle> => open(draft, constants.O_RDWR | constants.O_CREAT, 0o600);
  let room: Uint8Array | undefined;
  const keepRoom = async (): Promise<void> => {
    if (room === undefined) return;
    try {
      await using handle = await openDraft();
      await handle.writeFile(room);
    } catch {
      // The note may still find some when it is written.
    }
  };
  return {
    load: () => readJson(file),
    async reserve(longest) {
      // For the note, and the draft of the next one.
      room = new Uint8Array(2 * Buffer.byteLength(JSON.stringify(longest)));
      await keepRoom();
      return {
        [Symbol.asyncDispose]: async () => {
          room = undefined;
          await rm(draft, { force: true });
        },
      };
    },
    async save(note) {
      const text = Buffer.from(JSON.stringify(note));
      await onDisk(to, async () => {
        await using handle = await openDraft();
        await handle.writeFile(text);
        await handle.truncate(text.length);
        await handle.sync();
      });
      await rename(draft, file);
      await keepRoom();
    },
    async forget() {
      await rm(file, { force: true });
      await rm(draft, { force: true });
    },
  };
}

function partOf(to: string): string {
  return `${to}.naru-part`;
}

async function writeAll(
  handle: FileHandle,
  chunks: readonly Uint8Array[],
  { position, size }: { readonly position: number; readonly size: number },
): Promise<void> {
  const { bytesWritten } = await handle.writev(chunks, position);
  if (bytesWritten === size) return;
  // A short write is rare enough to copy for.
  const all = Buffer.concat(chunks);
  for (let done = bytesWritten; done < size; ) {
    done += (await handle.write(all, done, size - done, position + done)).bytesWritten;
  }
}

/** So that the name survives a power cut too. */
async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folders; there the name is written with the file.
  if (process.platform === "win32") return;
  await using handle = await open(folder, "r");
  await handle.sync();
}

const full: ReadonlySet<unknown> = new Set(["ENOSPC", "EDQUOT"]);

async function onDisk(to: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    if (!(cause instanceof Error) || !("code" in cause) || !full.has(cause.code)) throw cause;
    throw new TransferError("no-space", `Cannot write "${to}": the disk is full`, { cause });
  }
}
