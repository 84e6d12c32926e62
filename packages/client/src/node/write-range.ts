/** Writes what arrives of one range to its place, in batches; a range that stops arriving is given up. */

import type { FileHandle } from "node:fs/promises";
import { type Abortable, type ByteRange, Crc64, MiB, TransferError } from "@naru/core";
import type { ReadAddress } from "./read-address.ts";

const batchSize = MiB;
const stallMs = 15_000;

export interface WriteRangeOptions extends Abortable {
  /** Called with the bytes of this range written so far. */
  readonly onProgress: (written: number) => void;
}

/**
 * Read one range and write it; the CRC-64/NVME of what came.
 *
 * @throws {TransferError} `short-body` when it ends early, `unreachable` when it stalls
 */
export async function writeRange(
  address: ReadAddress,
  handle: FileHandle,
  range: ByteRange,
  { signal, onProgress }: WriteRangeOptions,
): Promise<string> {
  const stalled = new AbortController();
  const timer = setTimeout(() => stalled.abort(stall(address)), stallMs);
  const either = signal ? AbortSignal.any([signal, stalled.signal]) : stalled.signal;
  try {
    const { body } = await address.read(range, { signal: either });
    let position = range.start;
    const crc = new Crc64();
    const batch: Uint8Array[] = [];
    let held = 0;
    const flush = async (): Promise<void> => {
      if (held === 0) return;
      await writeAll(handle, batch.splice(0), { position, size: held });
      position += held;
      held = 0;
      onProgress(position - range.start);
    };
    for await (const chunk of body) {
      timer.refresh();
      if (position + held + chunk.byteLength > range.end) throw wrongLength(address, range, "too many");
      crc.update(chunk);
      batch.push(chunk);
      held += chunk.byteLength;
      if (held >= batchSize) await flush();
    }
    await flush();
    if (position !== range.end) throw wrongLength(address, range, "too few");
    return crc.hex();
  } catch (error) {
    throw stalled.signal.aborted && !signal?.aborted ? stall(address) : error;
  } finally {
    clearTimeout(timer);
  }
}

async function writeAll(
  handle: FileHandle,
  chunks: readonly Uint8Array[],
  { position, size }: { position: number; size: number },
): Promise<void> {
  const { bytesWritten } = await handle.writev(chunks, position);
  if (bytesWritten === size) return;
  // A short write is rare enough to copy for.
  const all = Buffer.concat(chunks);
  for (let done = bytesWritten; done < size; ) {
    done += (await handle.write(all, done, size - done, position + done)).bytesWritten;
  }
}

function stall({ file }: ReadAddress): TransferError {
  return new TransferError("unreachable", `Cannot read "${file.path}": no bytes for ${stallMs / 1000} s`);
}

function wrongLength({ file }: ReadAddress, { start, end }: ByteRange, how: string): TransferError {
  return new TransferError("short-body", `Cannot read ${start}-${end} of "${file.path}": ${how} bytes arrived`);
}
