import { randomBytes } from "node:crypto";
import { MiB } from "@naru/core";
import { openFlag, packetType } from "@naru/core/sftp-v3";
import { expect, test } from "vitest";
import { maxDataBytes } from "../../src/sftp/packets.ts";
import { fetchAll } from "../gateway/opened-gateway.ts";
import { openDoor } from "./door.ts";
import { close, handleOf, init, open, packet, RawClient, statusOf, text, u32, u64, write } from "./raw-client.ts";

test("version 6 is answered with 3, and with what is understood beyond it", async () => {
  await using door = await openDoor();
  await using client = await RawClient.connect(door);
  client.send(init(6));
  const { code, id: version, body } = await client.answer();
  expect([code, version]).toEqual([packetType.version, 3]);
  for (const name of ["posix-rename", "fsync", "statvfs", "limits"]) {
    expect(body.toString("latin1")).toContain(`${name}@openssh.com`);
  }
  client.send(packet(packetType.extended, u32(7), text("limits@openssh.com")));
  const limits = (await client.answer()).body;
  expect([0, 8, 16, 24].map((at) => Number(limits.readBigUInt64BE(at)))).toEqual([262_144, 261_120, 261_120, 100]);
});

test("writes that come shuffled make the same file", async () => {
  await using door = await openDoor();
  await using client = await RawClient.connect(door);
  const bytes = randomBytes(3 * MiB);
  const handle = await client.begin("/shuffled");
  const piece = 50_000;
  const offsets = Array.from({ length: Math.ceil(bytes.length / piece) }, (_, index) => index * piece);
  // Within windows of eight: what a client with eight writers sends.
  const shuffled = offsets.map((offset, index) => ({ offset, key: Math.floor(index / 8) + Math.random() * 0.9 }));
  shuffled.sort((one, other) => one.key - other.key);
  client.send(...shuffled.map(({ offset }, id) => write(id, handle, offset, bytes.subarray(offset, offset + piece))));
  const answers = await client.answers(offsets.length);
  expect(new Set([...answers.values()].map(statusOf))).toEqual(new Set(["0"]));
  client.send(close(1, handle));
  expect(statusOf(await client.answer())).toBe("0");
  expect((await fetchAll(door.store, "shuffled")).equals(bytes)).toBe(true);
});

test("requests sent without waiting end as if each had waited for the one before", async () => {
  await using door = await openDoor();
  await using client = await RawClient.connect(door);
  const bytes = randomBytes(700_000);
  const handle = await client.begin("/a");
  client.send(
    write(2, handle, 0, bytes.subarray(0, maxDataBytes)),
    write(3, handle, maxDataBytes, bytes.subarray(maxDataBytes, 2 * maxDataBytes)),
    write(4, handle, 2 * maxDataBytes, bytes.subarray(2 * maxDataBytes)),
    close(5, handle),
    packet(packetType.rename, u32(6), text("/a"), text("/b")),
    packet(packetType.stat, u32(7), text("/b")),
    packet(packetType.stat, u32(8), text("/a")),
    packet(packetType.remove, u32(9), text("/b")),
    packet(packetType.lstat, u32(10), text("/b")),
  );
  const answers = await client.answers(9);
  expect([2, 3, 4, 5, 6, 9].map((id) => answers.get(id)?.body.readUInt32BE())).toEqual([0, 0, 0, 0, 0, 0]);
  expect(Number(answers.get(7)?.body.readBigUInt64BE(4))).toBe(bytes.length);
  expect([8, 10].map((id) => answers.get(id)?.body.readUInt32BE())).toEqual([2, 2]);
});

test("a connection that is cut leaves what came to its owner, and nothing appears", async () => {
  await using door = await openDoor();
  const bytes = randomBytes(400_000);
  {
    await using client = await RawClient.connect(door);
    const handle = await client.begin("/kept");
    client.send(write(2, handle, 0, bytes.subarray(0, 250_000)));
    await client.answer();
    client.cut();
  }
  await using again = await RawClient.connect(door);
  const handle = await again.begin("/kept", openFlag.write);
  again.send(packet(packetType.fstat, u32(2), text(handle)));
  const size = Number((await again.answer()).body.readBigUInt64BE(4));
  expect(size).toBe(250_000);
  expect(await door.store.stat("kept")).toBeUndefined();
  again.send(write(3, handle, size, bytes.subarray(size)), close(4, handle));
  await again.answers(2);
  expect((await fetchAll(door.store, "kept")).equals(bytes)).toBe(true);
});

test("appending writes where the client says the end is, and at the end for who has not looked", async () => {
  await using door = await openDoor();
  await using client = await RawClient.connect(door);
  const handle = await client.begin("/log");
  client.send(write(2, handle, 0, Buffer.from("one ")), close(3, handle));
  await client.answers(2);
  client.send(open(4, "/log", openFlag.write | openFlag.append));
  const appending = handleOf(await client.answer());
  client.send(write(5, appending, 4, Buffer.from("two ")), write(6, appending, 0, Buffer.from("three")));
  client.send(close(7, appending));
  await client.answers(3);
  expect((await fetchAll(door.store, "log")).toString()).toBe("one two three");
});

test("a size that is set and of which not all came is made up with zeros, as on a disk", async () => {
  await using door = await openDoor();
  await using client = await RawClient.connect(door);
  const handle = await client.begin("/told");
  const bytes = randomBytes(60);
  client.send(packet(packetType.fsetstat, u32(2), text(handle), u32(1), u64(100)), write(3, handle, 0, bytes));
  client.send(close(4, handle));
  const answers = await client.answers(3);
  expect([2, 3, 4].map((id) => answers.get(id)?.body.readUInt32BE())).toEqual([0, 0, 0]);
  expect(await fetchAll(door.store, "told")).toEqual(Buffer.concat([bytes, Buffer.alloc(40)]));
});

test("a name that is taken is not replaced by RENAME, but by posix-rename", async () => {
  await using door = await openDoor();
  await using client = await RawClient.connect(door);
  for (const [name, path] of [
    ["a", "/a"],
    ["b", "/b"],
  ] as const) {
    const handle = await (name === "a" ? client.begin(path) : opened(client, path));
    client.send(write(2, handle, 0, Buffer.from(name)), close(3, handle));
    await client.answers(2);
  }
  client.send(packet(packetType.rename, u32(4), text("/a"), text("/b")));
  expect(statusOf(await client.answer())).toMatch(/^4 Cannot move "\/a"/);
  client.send(packet(packetType.extended, u32(5), text("posix-rename@openssh.com"), text("/a"), text("/b")));
  expect(statusOf(await client.answer())).toBe("0");
  expect((await fetchAll(door.store, "b")).toString()).toBe("a");
});

test("what cannot be done is answered, and the session goes on", async () => {
  await using door = await openDoor();
  await using client = await RawClient.connect(door);
  client.send(init());
  await client.answer();
  const asks = [
    packet(packetType.symlink, u32(1), text("/a"), text("/b")),
    packet(packetType.readlink, u32(2), text("/a")),
    packet(packetType.extended, u32(3), text("hardlink@openssh.com"), text("/a"), text("/b")),
    packet(150, u32(4)),
    packet(packetType.stat, u32(5), text(Buffer.from([0x2f, 0xff]))),
    packet(packetType.stat, u32(6), text(`/${"a".repeat(5000)}`)),
    packet(packetType.stat, u32(7), text("/../../etc/passwd")),
    packet(packetType.close, u32(8), text("nothing")),
    write(9, Buffer.from("none"), 0, Buffer.alloc(1000)),
    write(10, Buffer.from("not ours"), 0, Buffer.alloc(1000)),
    packet(packetType.opendir, u32(11), text("/none")),
    packet(packetType.mkdir, u32(12), text("/nul\0"), u32(0)),
  ];
  client.send(...asks);
  const answers = await client.answers(asks.length);
  const codes = asks.map((_, index) => answers.get(index + 1)?.body.readUInt32BE());
  expect(codes).toEqual([8, 8, 8, 8, 4, 4, 2, 4, 4, 4, 2, 4]);
});

test("no more handles than allowed are open", async () => {
  await using door = await openDoor({ limits: { handles: 3 } });
  await using client = await RawClient.connect(door);
  client.send(init(), ...[1, 2, 3, 4].map((id) => packet(packetType.opendir, u32(id), text("/"))));
  await client.answer();
  const answers = await client.answers(4);
  expect([...answers.values()].filter(({ code }) => code === packetType.handle)).toHaveLength(3);
});

test("a malformed packet ends its own connection only", async () => {
  await using door = await openDoor();
  await using bystander = await RawClient.connect(door);
  const handle = await bystander.begin("/fine");
  for (const wrong of [
    u32(0),
    u32(0xffffffff),
    packet(packetType.stat, u32(1), u32(1000)),
    packet(packetType.write, u32(1), text("abcd"), u64(0), u32(5), Buffer.from("abc")),
    init(),
  ]) {
    await using client = await RawClient.connect(door);
    client.send(init());
    await client.answer();
    client.send(wrong);
    await expect(client.answer()).rejects.toThrow("The connection ended");
  }
  bystander.send(write(2, handle, 0, Buffer.from("fine")), close(3, handle));
  await bystander.answers(2);
  expect((await fetchAll(door.store, "fine")).toString()).toBe("fine");
});

test("an idle session ends", async () => {
  await using door = await openDoor({ limits: { idleMs: 100 } });
  await using client = await RawClient.connect(door);
  client.send(init());
  await client.answer();
  await expect(client.answer()).rejects.toThrow("The connection ended");
});

async function opened(client: RawClient, path: string): Promise<Buffer> {
  client.send(open(1, path));
  return handleOf(await client.answer());
}

test("a door that closes keeps what its clients were sending", async () => {
  await using door = await openDoor();
  await using client = await RawClient.connect(door);
  const handle = await client.begin("/kept");
  client.send(write(2, handle, 0, Buffer.alloc(100_000)));
  await client.answer();
  await door.door.close();
  await using owner = door.place.gateway.open("ann");
  expect(await owner.stat("/kept")).toMatchObject({ size: 100_000, arriving: true });
  expect(await door.store.stat("kept")).toBeUndefined();
});

test("a checksum is asked for by a name, and the first one known of a list is told", async () => {
  await using door = await openDoor();
  await door.store.putFile?.({ path: "한글.bin" }, new Blob(["hello"]));
  await using client = await RawClient.connect(door);
  client.send(init());
  await client.answer();
  const ask = (id: number, path: string, list: string, block = 0): Buffer =>
    packet(packetType.extended, u32(id), text("check-file-name"), text(path), text(list), u64(0), u64(0), u32(block));
  client.send(ask(1, "/한글.bin", "tiger,md5,sha1"), ask(2, "/한글.bin", "tiger"), ask(3, "/none", "md5"));
  client.send(ask(4, "/한글.bin", "md5", 17));
  const answers = await client.answers(4);
  const told = answers.get(1);
  expect(told?.code).toBe(packetType.extendedReply);
  expect(told?.body.subarray(4, 7).toString()).toBe("md5");
  expect(told?.body.subarray(7).toString("hex")).toBe("5d41402abc4b2a76b9719d911017c592");
  const refusals = [2, 3, 4].map((id) => statusOf(answers.get(id) ?? { code: 0, id, body: Buffer.alloc(0) }));
  expect(refusals).toEqual(
    [
      'Cannot compute the checksum "tiger": sha256, sha512, sha1, md5, crc32 are supported',
      'Cannot check "/none": no such file or folder',
      "Cannot compute checksums of blocks below 256 bytes",
    ].map((why) => expect.stringContaining(why)),
  );
});

test("of a file on its way no checksum is told, in words", async () => {
  await using door = await openDoor();
  await using client = await RawClient.connect(door);
  const handle = await client.begin("/x.bin");
  client.send(write(2, handle, 0, Buffer.from("hello")));
  await client.answer();
  client.send(
    packet(packetType.extended, u32(3), text("check-file-name"), text("/x.bin"), text("md5"), u64(0), u64(0), u32(0)),
  );
  expect(statusOf(await client.answer())).toContain(
    'Cannot compute the checksum of "/x.bin": it is still being uploaded',
  );
});
