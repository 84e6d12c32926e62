/** The worker behind `digest.ts`: reads regions of files and hashes them, so that no bytes pass between threads. */

import { closeSync, openSync, readSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { parentPort } from "node:worker_threads";
import { LaneDigester } from "@naru/core/lanes";
import type { DigestAnswer, DigestTask } from "./digest.ts";

// A pause lets tasks in that came meanwhile: they join those under way.
const digester = new LaneDigester({ pause: () => setImmediate() });

parentPort?.on("message", (task: DigestTask) => {
  // Never rejects: a failure is an answer.
  void answer(task).then((reply) => parentPort?.postMessage(reply));
});

async function answer(task: DigestTask): Promise<DigestAnswer> {
  try {
    return { id: task.id, ...(await digestRegion(task)) };
  } catch (error) {
    return { id: task.id, failure: error instanceof Error ? error.message : String(error) };
  }
}

async function digestRegion({ file, start, size, md5 }: DigestTask): Promise<{ md5: string; crc64: string }> {
  const fd = openSync(file, "r");
  let position = start;
  try {
    return await digester.digest({
      size,
      md5,
      read(room) {
        const count = readSync(fd, room, 0, room.length, position);
        position += count;
        return count;
      },
    });
  } finally {
    closeSync(fd);
  }
}
