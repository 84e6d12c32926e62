/** The thread behind `hash-thread.ts`: hashes blocks of shared memory, so that no bytes pass between threads. */

import { createHash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { parentPort } from "node:worker_threads";
import { Crc64, type PartDigest } from "@naru/core";
import { LaneDigester } from "@naru/core/lanes";
import type { HashAnswer, HashTask } from "./hash-thread.ts";

/** Fewer are sooner done one after another than side by side. */
const sideBySide = 4;
const mostAtOnce = 8;

const lanes = new LaneDigester({ pause: () => Promise.resolve() });
const waiting: HashTask[] = [];
let running = false;

parentPort?.on("message", (task: HashTask) => {
  waiting.push(task);
  // A failure ends the thread, and whoever waits is told by that.
  if (!running) void run();
});

async function run(): Promise<void> {
  running = true;
  while (waiting.length > 0) {
    const batch = waiting.splice(0, waiting.length < sideBySide ? 1 : mostAtOnce);
    const digests = batch.length === 1 ? batch.map(digestAlone) : await Promise.all(batch.map(digestInLane));
    for (const [index, { id }] of batch.entries()) {
      const digest = digests[index];
      if (digest) parentPort?.postMessage({ id, digest } satisfies HashAnswer);
    }
    await nextTurn();
  }
  running = false;
}

function digestAlone(task: HashTask): PartDigest {
  const md5 = createHash("md5");
  const crc = new Crc64();
  for (const chunk of chunksOf(task)) {
    md5.update(chunk);
    crc.update(chunk);
  }
  return { md5: md5.digest("hex"), crc64: crc.hex() };
}

function digestInLane({ blocks, size }: HashTask): Promise<PartDigest> {
  let index = 0;
  let at = 0;
  return lanes.digest({
    size,
    read(room) {
      const block = blocks[index];
      if (block === undefined) return 0;
      const bytes = block.subarray(at, at + room.length);
      room.set(bytes);
      at += bytes.length;
      if (at === block.length) {
        index += 1;
        at = 0;
      }
      return bytes.length;
    },
  });
}

function* chunksOf({ blocks, size }: HashTask): Generator<Uint8Array, void> {
  let left = size;
  for (const block of blocks) {
    if (left > 0) yield block.subarray(0, left);
    left -= block.length;
  }
}
