import { randomBytes } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { MiB } from "@naru/core";
import { openFlag, packetType } from "@naru/core/sftp-v3";
import { expect, test } from "vitest";
import { maxDataBytes } from "../../src/sftp/packets.ts";
import { fetchAll } from "../gateway/opened-gateway.ts";
import { openDoor } from "./door.ts";
import { close, init, open, packet, RawClient, text, u32, u64, write } from "./raw-client.ts";

test("a client that asks for much and reads nothing takes little memory, and hinders nobody", async () => {
  await using door = await openDoor();
  await using client = await RawClient.connect(door);
  const bytes = randomBytes(4 * MiB);
  const handle = await client.begin("/big");
  client.send(write(2, handle, 0, bytes.subarray(0, maxDataBytes)), close(3, handle));
  await client.answers(2);

  await using flooding = await RawClient.connect(door, { reads: false });
  flooding.send(init(), open(1, "/big", openFlag.read));
  // Handles are counted from 1: the answer that tells it is not read.
  const asks = Array.from({ length: 60_000 }, (_, id) =>
    id % 2 === 0
      ? packet(packetType.read, u32(id), text(u32(1)), u64(0), u32(maxDataBytes))
      : packet(packetType.stat, u32(id), text("/big")),
  );
  flooding.send(...asks);
  const before = memory();

  client.send(open(4, "/other"));
  const other = (await client.answer()).body.subarray(4, 8);
  for (let at = 0; at < bytes.length; at += maxDataBytes) {
    client.send(write(5, other, at, bytes.subarray(at, at + maxDataBytes)));
    await client.answer();
  }
  client.send(close(6, other));
  await client.answer();
  expect((await fetchAll(door.store, "other")).equals(bytes)).toBe(true);
  expect(memory() - before).toBeLessThan(32 * MiB);
});

test("a client that writes without reading its answers is done all the same", async () => {
  await using door = await openDoor();
  await using client = await RawClient.connect(door);
  const handle = await client.begin("/flood");
  client.channel.pause();
  const bytes = randomBytes(8 * MiB);
  const piece = 1000;
  const count = Math.ceil(bytes.length / piece);
  for (let index = 0; index < count; index++) {
    client.send(write(index + 10, handle, index * piece, bytes.subarray(index * piece, (index + 1) * piece)));
  }
  client.send(close(9, handle));
  await expect.poll(() => door.store.stat("flood")).toBeDefined();
  client.channel.resume();
  expect((await fetchAll(door.store, "flood")).equals(bytes)).toBe(true);
});

test("a client that sends more than it was given leave for is cut off", async () => {
  await using door = await openDoor();
  await using client = await RawClient.connect(door);
  client.send(init());
  await client.answer();
  // The client believes in a window that it was not given, and fills it within one turn of the loop.
  Object.assign(client.channel, { outgoing: { ...Object(client.channel).outgoing, window: 2 ** 31 } });
  client.send(packet(packetType.mkdir, u32(1), text("/waits"), u32(0)));
  client.channel.write(
    Buffer.concat(Array.from({ length: 200_000 }, () => packet(packetType.stat, u32(5), text("/waits")))),
  );
  await expect(readToEnd(client)).rejects.toThrow("The connection ended");
});

async function readToEnd(client: RawClient): Promise<never> {
  while (true) await client.answer();
}

/** What is in use, without what nobody needs any more. */
function memory(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
}
