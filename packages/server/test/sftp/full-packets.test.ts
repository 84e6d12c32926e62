import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { KiB, MiB } from "@naru/core";
import { openFlag, packetType } from "@naru/core/sftp-v3";
import ssh2 from "ssh2";
import { expect, test } from "vitest";
import { maxDataBytes } from "../../src/sftp/packets.ts";
import { type OpenDoor, openDoor, sftp } from "./door.ts";
import { packet, RawClient, text, u32, u64 } from "./raw-client.ts";

/** What a DATA packet has before its data. */
const headBytes = 13;

async function put(door: OpenDoor, bytes: Uint8Array): Promise<void> {
  await writeFile(door.file("big"), bytes);
  await sftp(door, [`put ${door.file("big")} big`]);
}

test("the head and the data of an answer leave in one packet of SSH, and large answers in full ones", async () => {
  await using door = await openDoor();
  const bytes = randomBytes(100_000);
  await put(door, bytes);
  await using client = await RawClient.connect(door);
  const handle = await client.begin("/big", openFlag.read);
  const packets: number[] = [];
  client.channel.on("data", ({ length }: Buffer) => packets.push(length));
  for (const length of [1000, bytes.length]) {
    client.send(packet(packetType.read, u32(2), text(handle), u64(0), u32(length)));
    const { body } = await client.answer();
    expect(body.subarray(4).equals(bytes.subarray(0, length))).toBe(true);
  }
  const full = 32 * KiB;
  expect(packets).toEqual([1000 + headBytes, full, full, full, bytes.length + headBytes - 3 * full]);
});

test("a client that asks for more than it has room for gets it all as it reads", async () => {
  await using door = await openDoor();
  // ssh2's client takes 2 MiB before it gives leave for more.
  const bytes = randomBytes(6 * MiB + 1);
  await put(door, bytes);
  await using client = await RawClient.connect(door);
  const handle = await client.begin("/big", openFlag.read);
  const offsets = Array.from({ length: Math.ceil(bytes.length / maxDataBytes) }, (_, index) => index * maxDataBytes);
  client.channel.pause();
  for (const [id, offset] of offsets.entries())
    client.send(packet(packetType.read, u32(id), text(handle), u64(offset), u32(maxDataBytes)));
  await expect.poll(() => client.channel.readableLength).toBeGreaterThan(2 * MiB - KiB);
  client.channel.resume();
  const answers = await client.answers(offsets.length);
  const data = offsets.map((_, id) => answers.get(id)?.body.subarray(4) ?? Buffer.alloc(0));
  expect(Buffer.concat(data).equals(bytes)).toBe(true);
});

test("new keys in the middle of a download do it no harm", async () => {
  await using door = await openDoor();
  const bytes = randomBytes(6_000_000);
  await put(door, bytes);
  await sftp(door, [`get big ${door.file("back")}`], ["-o", "RekeyLimit=1M", "-c", "aes128-gcm@openssh.com"]);
  expect((await readFile(door.file("back"))).equals(bytes)).toBe(true);
});

test("a client that takes next to nothing in a packet is let go, and others are served on", async () => {
  await using door = await openDoor();
  await using other = await RawClient.connect(door);
  const client = new ssh2.Client();
  client.on("error", () => undefined);
  client.connect({ host: "127.0.0.1", port: door.port, username: "ann", password: "secret" });
  await once(client, "ready");
  const protocol: unknown = Reflect.get(client, "_protocol");
  if (typeof protocol !== "object" || protocol === null) throw new Error("ssh2 has no protocol");
  const session: unknown = Reflect.get(protocol, "session");
  if (typeof session !== "function") throw new Error("ssh2 opens no sessions");
  Reflect.set(protocol, "session", (channel: number, window: number) => session.call(protocol, channel, window, 100));
  const gone = once(client, "close");
  client.subsys("sftp", () => undefined);
  await gone;
  await other.begin("/other", openFlag.write | openFlag.create);
});
