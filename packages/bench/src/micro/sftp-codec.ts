/** WRITEs of 32 KiB, as OpenSSH sends them: made as our client does, and read as our server does, in pieces of a socket's. */

import { PacketWriter, packetType } from "@naru/core/sftp-v3";
import { RequestDecoder } from "@naru/server/testing";
import { MiB } from "../benchmark.ts";
import { type Contest, contest } from "../contest.ts";
import type { Room } from "../room.ts";
import { working } from "./counted.ts";

const data = new Uint8Array(32 * 1024);
const size = 512 * MiB;
const packets = size / data.length;
const handle = new Uint8Array(4);
const socketBytes = 64 * 1024;

export function sftpCodec({ options }: Room): Promise<Contest> {
  return contest(
    "SFTP, 512 MiB in WRITEs of 32 KiB",
    [
      working("made", size / MiB, "MiB/s", () => {
        for (let number = 0; number < packets; number++) packet(number);
      }),
      working("read", size / MiB, "MiB/s", read),
    ],
    options,
  );
}

function packet(number: number): Uint8Array {
  return new PacketWriter(packetType.write, data.length + 64)
    .number(number)
    .bytes(handle)
    .big(number * data.length)
    .bytes(data)
    .finish();
}

/** The same run of packets again and again, cut where a socket would cut it. */
function read(): number {
  const perRun = 64;
  const run = Buffer.concat(Array.from({ length: perRun }, (_, number) => packet(number)));
  const decoder = new RequestDecoder();
  let bytes = 0;
  for (let done = 0; done < packets; done += perRun)
    for (let from = 0; from < run.length; from += socketBytes)
      for (const request of decoder.push(run.subarray(from, from + socketBytes)))
        if (request.kind === "write") bytes += request.bytes.length;
  if (bytes !== size) throw new Error(`Cannot read the packets back: ${bytes} of ${size} bytes`);
  return bytes;
}
