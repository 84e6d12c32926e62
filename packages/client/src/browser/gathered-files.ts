/** Many files on their way from a page to its worker: in messages, with room between them for what a person does. */

import type { Incoming } from "./transfers.ts";
import { Turns } from "./turns.ts";

const filesPerMessage = { first: 16, least: 4, most: 250 } as const;
/** To post a chosen file, the browser looks at the disk first: a message has only as many as this takes. */
const postMs = 8;
/** A walk over a folder is slow; what it found is queued after this long even when it is little. */
const gatherMs = 100;

/** Gather files into messages. Files that are there at once come in small turns, so that the page goes on in between. */
export async function gather(
  files: Iterable<Incoming> | AsyncIterable<Incoming>,
  onBatch: (files: readonly Incoming[]) => void,
): Promise<void> {
  const turns = new Turns();
  let batch: Incoming[] = [];
  let most: number = filesPerMessage.first;
  const flush = (): void => {
    if (batch.length === 0) return;
    const began = performance.now();
    onBatch(batch);
    const share = postMs / Math.max(1, performance.now() - began);
    most = Math.round(Math.min(most * 2, Math.max(most / 4, batch.length * share)));
    most = Math.min(filesPerMessage.most, Math.max(filesPerMessage.least, most));
    batch = [];
  };
  // Also while the next file is long in coming.
  const gathering = setInterval(flush, gatherMs);
  try {
    for await (const { path, file, handle, upload, conflict } of files) {
      batch.push({ path, file, handle, upload, conflict });
      if (batch.length >= most) flush();
      await turns.next();
    }
    flush();
  } finally {
    clearInterval(gathering);
  }
}
