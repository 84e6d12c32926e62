/** Many files on their way from a page to its worker: in messages, with room between them for what a person does. */

import type { Incoming } from "./transfers.ts";

const filesPerMessage = 250;
/** A walk over a folder is slow; what it found is queued after this long even when it is little. */
const gatherMs = 100;
/** A page that stops for no longer than this between frames feels still alive. */
const atOnceMs = 12;

/** Gather files into messages. Files that are there at once come in small turns, so that the page goes on in between. */
export async function gather(
  files: Iterable<Incoming> | AsyncIterable<Incoming>,
  onBatch: (files: readonly Incoming[]) => void,
): Promise<void> {
  let batch: Incoming[] = [];
  let turn = performance.now();
  const flush = (): void => {
    if (batch.length > 0) onBatch(batch);
    batch = [];
  };
  // Also while the next file is long in coming.
  const gathering = setInterval(flush, gatherMs);
  try {
    for await (const { path, file, handle, upload, conflict } of files) {
      batch.push({ path, file, handle, upload, conflict });
      const isFull = batch.length >= filesPerMessage;
      if (isFull) flush();
      if (!isFull && performance.now() - turn < atOnceMs) continue;
      await nextTask();
      turn = performance.now();
    }
    flush();
  } finally {
    clearInterval(gathering);
  }
}

/** Let the page do what else there is. A timer would wait longer each time. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
