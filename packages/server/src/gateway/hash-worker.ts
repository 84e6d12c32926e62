/** The thread behind `hash-thread.ts`: hashes blocks of shared memory, so that no bytes pass between threads. */

import { createHash, type Hash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { parentPort } from "node:worker_threads";
import { Crc64, type PartDigest } from "@naru/core";
import { LaneDigester } from "@naru/core/lanes";
import type { HashAnswer, HashTask } from "./hash-thread.ts";

type PartTask = Extract<HashTask, { readonly ask: "part" }>;

/** Fewer are sooner done one after another than side by side. */
const sideBySide = 4;
const mostAtOnce = 8;

const lanes = new LaneDigester({ pause: () => Promise.resolve() });
const waiting: PartTask[] = [];
/** SHA-256 of whole files so far. */
const files = new Map<number, { readonly hash: Hash; size: number }>();
let running = false;

parentPort?.on("message", (task: HashTask) => {
  if (task.ask === "sha256") {
    const file = files.get(task.file);
    const sha256 = file?.size === task.size ? file.hash.copy().digest("hex") : undefined;
    answer({ id: task.id, sha256 });
  } else if (task.ask === "forget") files.delete(task.file);
  else {
    waiting.push(task);
    // A failure ends the thread, and whoever waits is told by that.
    if (!running) void run();
  }
});

async function run(): Promise<void> {
  running = true;
  while (waiting.length > 0) {
    const batch = waiting.splice(0, waiting.length < sideBySide ? 1 : mostAtOnce);
    const digests = batch.length === 1 ? batch.map(digestAlone) : await Promise.all(batch.map(digestInLane));
    for (const [index, { id }] of batch.entries()) answer({ id, digest: digests[index] });
    // Parts may travel now. The whole file's digest follows in the order in which they were handed over.
    for (const task of batch) {
      goOn(task);
      answer({ id: task.id, taken: true });
    }
    await nextTurn();
  }
  running = false;
}

function digestAlone(task: PartTask): PartDigest {
  const md5 = createHash("md5");
  const crc = new Crc64();
  for (const chunk of chunksOf(task)) {
    md5.update(chunk);
    crc.update(chunk);
  }
  return { md5: md5.digest("hex"), crc64: crc.hex() };
}

function digestInLane({ blocks, size }: PartTask): Promise<PartDigest> {
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

function goOn(task: PartTask): void {
  if (task.file === undefined) return;
  if (task.offset === 0) files.set(task.file, { hash: createHash("sha256"), size: 0 });
  const file = files.get(task.file);
  if (file?.size !== task.offset) {
    files.delete(task.file);
    return;
  }
  for (const chunk of chunksOf(task)) file.hash.update(chunk);
  file.size += task.size;
}

function* chunksOf({ blocks, size }: PartTask): Generator<Uint8Array, void> {
  let left = size;
  for (const block of blocks) {
    if (left > 0) yield block.subarray(0, left);
    left -= block.length;
  }
}

function answer(message: HashAnswer): void {
  parentPort?.postMessage(message);
}
