/** What is appended to a finished file is kept when its client is cut off; it hides the file only if it has all of it. */

import { MiB } from "@naru/core";
import { type MemoryFile, memoryStore } from "@naru/core/testing";
import { expect, test } from "vitest";
import type { GatewaySession } from "../../src/gateway/gateway-session.ts";
import { anew, bytesOf, fetchAll, goOn, openGateway, send } from "./opened-gateway.ts";

async function store(session: GatewaySession, bytes: Uint8Array): Promise<void> {
  const arrival = await session.openWrite("/log", anew);
  await send(arrival, bytes);
  await arrival.finish();
}

test("a file that is appended to is all there after a crash, though nothing of the append is", async () => {
  const files = memoryStore(new Map<string, MemoryFile>(), { limits: { minPartSize: MiB, maxPartSize: 8 * MiB } });
  await using gate = openGateway(files);
  // Less than a part, which no store copies.
  const log = bytesOf(600_000);
  await store(gate.session, log);
  const held = Promise.withResolvers<void>();
  const create = files.create.bind(files);
  files.create = async (...asked) => {
    const upload = await create(...asked);
    const put = upload.put.bind(upload);
    upload.put = async (...part) => {
      await held.promise;
      return put(...part);
    };
    return upload;
  };
  // More than waits in memory.
  const more = bytesOf(18 * MiB);
  const arrival = await gate.session.openWrite("/log", goOn);
  for (let at = 0; at < more.length; at += MiB) await arrival.write(log.length + at, more.subarray(at, at + MiB));
  expect(await gate.uploads.listMine("ann")).toHaveLength(1);
  const session = gate.another().open("ann");
  expect(await session.stat("/log")).toMatchObject({ size: log.length, arriving: false });
  held.resolve();
  // Who appends without a look at the size appends to all of it.
  const again = await session.openWrite("/log", goOn);
  await again.write(again.size, Buffer.from("more"));
  await again.finish();
  expect((await fetchAll(files, "log")).equals(Buffer.concat([log, Buffer.from("more")]))).toBe(true);
});

test("what was appended is resumed also where the first part was not full when the client was cut off", async () => {
  const limits = { minPartSize: 5 * MiB, maxPartSize: 64 * MiB, equalParts: true };
  const files = memoryStore(new Map<string, MemoryFile>(), { limits });
  await using gate = openGateway(files);
  const bytes = bytesOf(20 * MiB);
  const base = MiB;
  await store(gate.session, bytes.subarray(0, base));
  const arrival = await gate.session.openWrite("/log", goOn);
  await send(arrival, bytes.subarray(0, 19 * MiB), { from: base });
  await arrival.suspend();
  const resuming = await gate.another().open("ann").openWrite("/log", goOn);
  expect(resuming.size).toBe(19 * MiB);
  await send(resuming, bytes, { from: resuming.size });
  await resuming.finish();
  expect((await fetchAll(files, "log")).equals(bytes)).toBe(true);
});

test("a cut append hides the finished file over SFTP from its owner alone, until it is resumed or removed", async () => {
  const files = memoryStore(new Map<string, MemoryFile>(), { limits: { minPartSize: MiB, maxPartSize: 8 * MiB } });
  await using gate = openGateway(files);
  const bytes = bytesOf(20 * MiB);
  const base = 2 * MiB;
  await store(gate.session, bytes.subarray(0, base));
  const arrival = await gate.session.openWrite("/log", goOn);
  await send(arrival, bytes.subarray(0, 19 * MiB), { from: base });
  await arrival.suspend();
  const owner = gate.another().open("ann");
  // A client that resumes asks for the size of what it has sent, by this very name.
  expect(await owner.stat("/log")).toMatchObject({ size: 19 * MiB, arriving: true });
  await expect(owner.openRead("/log")).rejects.toMatchObject({ code: "conflict" });
  const overHttp = gate.catalogue.for({ account: "ann", door: "http" });
  expect(await overHttp.stat("log")).toMatchObject({ size: base });
  const reading = await gate.gateway.open("bob").openRead("/log");
  expect(reading.entry).toMatchObject({ size: base, arriving: false });
  await reading.close();
  // Removing what is on its way removes nothing else.
  await owner.remove("/log");
  expect(await owner.stat("/log")).toMatchObject({ size: base, arriving: false });
  expect((await fetchAll(files, "log")).equals(bytes.subarray(0, base))).toBe(true);
});
