/** Our doors and our stores back to back: what the suites ask of a bucket, asked over each wire. */

import { type Files, MiB, type Store } from "@naru/core";
import { describeFiles, describeStore, type MemoryFile, memoryStore, type Opened } from "@naru/core/testing";
import { expect, test } from "vitest";
import { TcpWire } from "../../../../test/harness/tcp-wire.ts";
import { certificate, openFtp, password, user } from "../../../server/test/ftp/opened-ftp.ts";
import { openDoor } from "../../../server/test/sftp/door.ts";
import { ftpStore } from "../../src/stores/ftp-store.ts";
import type { RemoteStore } from "../../src/stores/remote-store.ts";
import { sftpStore } from "../../src/stores/sftp-store.ts";
import { growingDeviations, remoteFilesLack, remoteLacks } from "./growing-deviations.ts";
import { openedStore } from "./opened-store.ts";
import { beginSending, bodyOf, bodyWith, putRest } from "./part-bodies.ts";

async function sftpThereAndBack(): Promise<Opened> {
  const door = await openDoor();
  const target = { host: "127.0.0.1", port: door.port, user: "ann", password: "secret", verifyHostKey: () => true };
  return openedStore(door, () => sftpStore(target));
}

/** Every file is a large one. */
async function partsThereAndBack(): Promise<Opened> {
  const door = await openDoor();
  const target = { host: "127.0.0.1", port: door.port, user: "ann", password: "secret", verifyHostKey: () => true };
  return openedStore(door, () => sftpStore({ ...target, largeSize: 0, partConnections: 3 }));
}

async function ftpThereAndBack(): Promise<Opened> {
  const { cert, key } = await certificate();
  const place = await openFtp({ tls: { cert, key }, requireSessionReuse: true });
  const target = { host: "localhost", port: place.port, user, password, ca: cert.toString() };
  return openedStore(place, () => ftpStore(target));
}

describeStore("sftp, there and back", sftpThereAndBack, growingDeviations);
describeFiles("sftp, there and back", sftpThereAndBack, remoteFilesLack);
describeStore("sftp by parts over three connections, there and back", partsThereAndBack, remoteLacks);
describeStore("ftp, there and back", ftpThereAndBack, growingDeviations);
describeFiles("ftp, there and back", ftpThereAndBack, remoteFilesLack);

const wires: Readonly<Record<string, (store: Store & Files) => Promise<Wire>>> = {
  async sftp(store) {
    const door = await openDoor({ store });
    const target = { host: "127.0.0.1", port: door.port, user: "ann", password: "secret", verifyHostKey: () => true };
    return { door, open: () => sftpStore(target) };
  },
  async ftp(store) {
    const door = await openFtp({ store });
    const target = { host: "127.0.0.1", port: door.port, user, password, secure: false } as const;
    return { door, open: () => ftpStore(target) };
  },
};

interface Wire {
  readonly door: AsyncDisposable;
  open(): RemoteStore;
}

test.each(Object.keys(wires))("a line cut in the middle of a part over %s costs that part only", async (name) => {
  const bucket = memoryStore(new Map<string, MemoryFile>(), { limits: { minPartSize: MiB, maxPartSize: 2 * MiB } });
  const wire = await wires[name]?.(bucket);
  if (wire === undefined) throw new Error("there is no such wire");
  await using _door = wire.door;
  const first = wire.open();
  const sending = await beginSending(first, "폴더/큰 파일.bin", 10 * MiB, 4 * MiB);
  await putRest({ ...sending, parts: sending.parts.slice(0, 1) }, sending.upload);
  const cut = bodyWith(bodyOf(sending, sending.parts[1]), 2 * MiB, async () => first[Symbol.asyncDispose]());
  const [, second] = sending.parts;
  if (second === undefined) throw new Error("the plan is too short");
  await expect(sending.upload.put(second, cut)).rejects.toMatchObject({ code: "unreachable" });
  await using later = wire.open();
  const upload = await later.resume(sending.upload.id);
  expect(await putRest(sending, upload)).toBe(6 * MiB);
  await upload.complete();
  const held = await new Response(await bucket.read("폴더/큰 파일.bin")).bytes();
  expect(Buffer.from(held).equals(sending.bytes)).toBe(true);
  expect((await bucket.list()).files.map(({ path }) => path)).toEqual(["폴더/큰 파일.bin"]);
});

test("when the connections of a large file are cut, the parts that were on them come again and no others", async () => {
  await using door = await openDoor();
  await using wire = await TcpWire.to(door.port);
  const target = { host: "127.0.0.1", user: "ann", password: "secret", verifyHostKey: () => true, largeSize: 0 };
  await using store = sftpStore({ ...target, port: wire.port, folder: "/폴더", partConnections: 3 });
  const sending = await beginSending(store, "큰 파일.bin", 12 * MiB, 4 * MiB);
  const [first, second, third] = sending.parts;
  if (first === undefined || second === undefined || third === undefined) throw new Error("the plan is too short");
  await Promise.all([first, third].map((part) => sending.upload.put(part, bodyOf(sending, part))));
  const broken = bodyWith(bodyOf(sending, second), 2 * MiB, async () => {
    wire.cut();
    wire.restore();
  });
  await expect(sending.upload.put(second, broken)).rejects.toMatchObject({ code: "unreachable" });
  // The connection that asks may be among the cut ones, and say so once.
  const held = (): Promise<number> =>
    sending.upload.receipts().then(
      ({ length }) => length,
      () => 0,
    );
  await expect.poll(held).toBe(2);
  expect(await putRest(sending, sending.upload)).toBe(4 * MiB);
  expect(await sending.upload.complete()).toMatchObject({ path: "큰 파일.bin" });
  const bytes = await new Response(await door.store.read("폴더/큰 파일.bin")).bytes();
  expect(Buffer.from(bytes).equals(sending.bytes)).toBe(true);
});

test("a large file goes over more connections where the server is far", async () => {
  await using door = await openDoor();
  const used = async (roundTripMs: number): Promise<number> => {
    await using wire = await TcpWire.to(door.port, { roundTripMs });
    const target = { host: "127.0.0.1", port: wire.port, user: "ann", password: "secret", verifyHostKey: () => true };
    const connections = { partConnections: 2, farConnections: 5 };
    await using store = sftpStore({ ...target, ...connections, largeSize: 0, folder: "/폴더" });
    const sending = await beginSending(store, "큰 파일.bin", 6 * MiB, MiB);
    const all = sending.parts.map((part) => sending.upload.put(part, bodyOf(sending, part)));
    await Promise.all(all);
    await sending.upload.complete();
    return wire.mostAtOnce;
  };
  // A machine with much to do may seem far away once.
  expect(Math.min(await used(0), await used(0))).toBe(2);
  expect(await used(60)).toBe(5);
});

test("connections that a server refuses are not asked for again, and the file arrives by the others", async () => {
  await using door = await openDoor({ limits: { connectionsPerAddress: 2 } });
  await using wire = await TcpWire.to(door.port);
  const target = { host: "127.0.0.1", port: wire.port, user: "ann", password: "secret", verifyHostKey: () => true };
  await using store = sftpStore({ ...target, largeSize: 0, partConnections: 4, farConnections: 4, folder: "/폴더" });
  const sending = await beginSending(store, "큰 파일.bin", 6 * MiB, MiB);
  await Promise.all(sending.parts.map((part) => sending.upload.put(part, bodyOf(sending, part))));
  expect(await sending.upload.complete()).toMatchObject({ path: "큰 파일.bin", size: 6 * MiB });
  expect(wire.connections).toBe(4);
});
