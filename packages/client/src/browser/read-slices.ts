/** Reading a file in slices, and the one failure that reading has: the file is not what it was when it was chosen. */

import { MiB, TransferError } from "@naru/core";

const sliceSize = MiB;

/** Read `blob` slice by slice, the next one while the last one is looked at. */
export async function* readSlices(blob: Blob): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const read = (start: number): Promise<ArrayBuffer> => blob.slice(start, start + sliceSize).arrayBuffer();
  let next = read(0);
  for (let start = 0; start < blob.size; start += sliceSize) {
    const bytes = new Uint8Array(await next);
    if (start + sliceSize < blob.size) {
      next = read(start + sliceSize);
      // A failure is thrown when it is awaited; until then it is not unhandled.
      next.catch(() => undefined);
    }
    yield bytes;
  }
}

/** Make the failure for a file that can no longer be read as it was. */
export function unreadable(cause: unknown): TransferError {
  return new TransferError("file-changed", "Cannot read the file: it was changed, moved or removed", { cause });
}
