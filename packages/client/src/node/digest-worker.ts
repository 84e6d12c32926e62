/** The worker behind `digest.ts`: reads a region of a file and hashes it, so that no bytes pass between threads. */

import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { Crc64, KiB } from "@naru/core";
import type { DigestAnswer, DigestTask } from "./digest.ts";

const buffer = new Uint8Array(256 * KiB);

parentPort?.on("message", (task: DigestTask) => {
  parentPort?.postMessage(answer(task));
});

function answer(task: DigestTask): DigestAnswer {
  try {
    return { id: task.id, ...digestRegion(task) };
  } catch (error) {
    return { id: task.id, failure: error instanceof Error ? error.message : String(error) };
  }
}

function digestRegion({ file, start, size, md5 }: DigestTask): { md5: string; crc64: string } {
  const hash = md5 ? createHash("md5") : undefined;
  const crc = new Crc64();
  const fd = openSync(file, "r");
  try {
    for (let position = start; position < start + size; ) {
      const wanted = Math.min(buffer.length, start + size - position);
      const read = readSync(fd, buffer, 0, wanted, position);
      if (read === 0) throw new Error("the file became shorter");
      const chunk = buffer.subarray(0, read);
      hash?.update(chunk);
      crc.update(chunk);
      position += read;
    }
  } finally {
    closeSync(fd);
  }
  return { md5: hash?.digest("hex") ?? "", crc64: crc.hex() };
}
