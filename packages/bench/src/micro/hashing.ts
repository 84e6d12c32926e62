/** What hashing costs: in OpenSSL, in our WebAssembly, and both digests of eight parts side by side, as the page takes them. */

import { createHash, randomFillSync } from "node:crypto";
import { crc32 } from "node:zlib";
import { Crc64 } from "@naru/core";
import { LaneDigester } from "@naru/core/lanes";
import { MiB } from "../benchmark.ts";
import { type Contest, contest } from "../contest.ts";
import type { Room } from "../room.ts";
import { working } from "./counted.ts";

const size = 256 * MiB;
const block = new Uint8Array(MiB);
const lanes = 8;

export function hashing({ options }: Room): Promise<Contest> {
  randomFillSync(block);
  const openssl = (name: string) =>
    working(`${name} (OpenSSL)`, size / MiB, "MiB/s", () => {
      const hash = createHash(name);
      eachBlock((bytes) => hash.update(bytes));
      return hash.digest();
    });
  const competitors = [
    openssl("md5"),
    openssl("sha256"),
    working("CRC-32 (zlib)", size / MiB, "MiB/s", () => {
      let crc = 0;
      eachBlock((bytes) => {
        crc = crc32(bytes, crc);
      });
    }),
    working("CRC-64/NVME (ours)", size / MiB, "MiB/s", () => {
      const crc = new Crc64();
      eachBlock((bytes) => crc.update(bytes));
      return crc.hex();
    }),
    working("MD5 and CRC-64 of eight parts (ours)", size / MiB, "MiB/s", inLanes),
  ];
  return contest("Hashing, 256 MiB in memory", competitors, options);
}

function eachBlock(take: (bytes: Uint8Array) => unknown): void {
  for (let done = 0; done < size; done += block.length) take(block);
}

async function inLanes(): Promise<void> {
  const digester = new LaneDigester({ pause: async () => undefined });
  const read = (room: Uint8Array): number => {
    room.set(block.subarray(0, room.length));
    return Math.min(room.length, block.length);
  };
  await Promise.all(Array.from({ length: lanes }, () => digester.digest({ size: size / lanes, read })));
}
