/**
 * The checksums of a file and nothing else, as the command line takes them: `node hashes-alone.ts FILE md5,crc64` or `crc64`.
 * A program of its own, so that its CPU time can be told from the rest. Says what the hashing took, without the start of Node
 * and of TypeScript, in seconds.
 */

import { readSync } from "node:fs";
import { open, stat } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";

const [file = "", wanted = ""] = process.argv.slice(2);
// Found by place: of the core, what threads use is not for other packages.
const { LaneDigester } = await import(new URL("../../core/src/lanes/lane-digester.ts", import.meta.url).href);
const partSize = 16 * 1024 * 1024;

await using handle = await open(file, "r");
const { size } = await stat(file);
const before = process.cpuUsage();
const digester = new LaneDigester({ pause: () => setImmediate() });
const parts = Array.from({ length: Math.ceil(size / partSize) }, (_, index) => {
  let position = index * partSize;
  return digester.digest({
    size: Math.min(partSize, size - position),
    md5: wanted === "md5,crc64",
    read: (room: Uint8Array) => {
      const count = readSync(handle.fd, room, 0, room.length, position);
      position += count;
      return count;
    },
  });
});
await Promise.all(parts);
const { user, system } = process.cpuUsage(before);
console.log((user + system) / 1e6);
