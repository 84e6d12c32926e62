/** A program of its own: prints how often the whole heap was collected while a client fetched a file, asking far ahead. */

import { open } from "node:fs/promises";
import { join } from "node:path";
import { constants, PerformanceObserver } from "node:perf_hooks";
import { PassThrough, Writable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { MiB } from "@naru/core";
import { openFlag, packetType } from "@naru/core/sftp-v3";
import { maxDataBytes } from "../../src/sftp/packets.ts";
import { serveSftp } from "../../src/sftp/sftp-session.ts";
import { streamWire } from "../../src/sftp/sftp-wire.ts";
import { fileStore } from "../../src/stores/file/file-store.ts";
import { openGateway } from "../gateway/opened-gateway.ts";
import { tempFolder } from "../stores/temp-folder.ts";
import { init, open as openRequest, packet, text, u32, u64 } from "./raw-client.ts";

const size = 256 * MiB;
/** As many as OpenSSH's sftp. */
const ahead = 64;
const headBytes = 13;
const answers = Math.ceil(size / maxDataBytes);
const typeAt = 4;

let full = 0;
new PerformanceObserver((list) => {
  full += list.getEntries().filter(isFull).length;
}).observe({ entryTypes: ["gc"] });

await using folder = await tempFolder();
await using file = await open(join(folder.path, "big"), "w");
await file.truncate(size);
await using gate = openGateway(await fileStore(folder.path));
const input = new PassThrough();
let isOpen = false;
let asked = 0;
let came = 0;
const take = (chunks: readonly Buffer[], done: () => void): void => {
  for (const chunk of chunks) {
    if (isOpen) came += chunk.length;
    else isOpen = chunk[typeAt] === packetType.handle;
  }
  while (isOpen && asked < size && asked - came < ahead * maxDataBytes) {
    input.write(packet(packetType.read, u32(2), text(u32(1)), u64(asked), u32(maxDataBytes)));
    asked += maxDataBytes;
  }
  if (came >= size + answers * headBytes) input.end();
  // Not in the same turn: a socket is no faster.
  setImmediate(done);
};
const output = new Writable({
  write: (chunk: Buffer, _encoding, done) => take([chunk], done),
  writev: (writes, done) =>
    take(
      writes.map(({ chunk }) => chunk),
      done,
    ),
});
input.write(Buffer.concat([init(), openRequest(1, "/big", openFlag.read)]));
await serveSftp(streamWire(input, output), gate.session);
// Entries are told in a turn of their own.
await wait(10);
console.log(JSON.stringify({ full, came: came - answers * headBytes }));
process.exit(0);

function isFull(entry: object): boolean {
  const detail: unknown = Reflect.get(entry, "detail");
  const kind: unknown = typeof detail === "object" && detail !== null ? Reflect.get(detail, "kind") : undefined;
  return kind === constants.NODE_PERFORMANCE_GC_MAJOR;
}
