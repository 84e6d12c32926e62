/** Uploads by numbered parts, as one asks for them who does not mean well, or whose line is cut. */

import { uploadExtension } from "@naru/core";
import { packetType } from "@naru/core/sftp-v3";
import { expect, test } from "vitest";
import { oneUpload, Rights } from "../../src/catalogue/rights.ts";
import { fetchAll } from "../gateway/opened-gateway.ts";
import { openDoor } from "./door.ts";
import { type Answer, close, init, packet, RawClient, statusOf, text, u32, write } from "./raw-client.ts";

function asks(id: number, extension: string, argument: unknown): Buffer {
  const given = argument instanceof Uint8Array ? argument : JSON.stringify(argument);
  return packet(packetType.extended, u32(id), text(extension), text(given));
}

interface Reply {
  readonly answer?: { readonly id?: string; readonly handle?: number; readonly etag?: string; readonly path?: string };
  readonly error?: { readonly code: string };
}

function replyOf({ body }: Answer): Reply {
  return JSON.parse(body.subarray(4).toString());
}

/** A client that asks by itself. */
async function connect(door: Awaited<ReturnType<typeof openDoor>>) {
  const client = await RawClient.connect(door);
  client.send(init());
  const { body } = await client.answer();
  const ask = async (extension: string, argument: unknown): Promise<Reply> => {
    client.send(asks(7, extension, argument));
    return replyOf(await client.answer());
  };
  const create = async (path: string, size: number): Promise<string> =>
    (await ask(uploadExtension.control, { verb: "create", upload: { path, size } })).answer?.id ?? "";
  const openPart = async (id: string, number = 1): Promise<Buffer> =>
    u32((await ask(uploadExtension.part, { id, number })).answer?.handle ?? -1);
  const tell = async (request: Uint8Array): Promise<string> => {
    client.send(request);
    return statusOf(await client.answer());
  };
  return {
    client,
    ask,
    create,
    openPart,
    tell,
    greeting: body.toString("latin1"),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

test("the extensions are told at the beginning, and a file goes by them", async () => {
  await using door = await openDoor();
  await using us = await connect(door);
  for (const name of Object.values(uploadExtension)) expect(us.greeting).toContain(name);
  const id = await us.create("폴더/a.bin", 5);
  const handle = await us.openPart(id);
  expect(await us.tell(write(1, handle, 0, Buffer.from("hello")))).toBe("0");
  expect((await us.ask(uploadExtension.receipt, handle)).answer?.etag).toEqual(expect.any(String));
  expect(await us.tell(close(2, handle))).toBe("0");
  expect((await us.ask(uploadExtension.control, { verb: "complete", id })).answer?.path).toBe("폴더/a.bin");
  expect((await fetchAll(door.store, "폴더/a.bin")).toString()).toBe("hello");
});

test.each([
  ["what is not JSON", Buffer.from("{"), "invalid"],
  ["what is no object", [], "invalid"],
  ["a verb that there is not", { verb: "chmod", id: "x" }, "invalid"],
  ["a field that there is not", { verb: "get", id: "x", owner: "bob" }, "invalid"],
  ["a path that climbs out", { verb: "create", upload: { path: "../x", size: 1 } }, "invalid"],
  ["an upload that never was", { verb: "resume", id: "x" }, "not-found"],
])("%s is refused, and the session goes on", async (_, request, code) => {
  await using door = await openDoor();
  await using us = await connect(door);
  expect((await us.ask(uploadExtension.control, request)).error?.code).toBe(code);
  expect(await us.create("a.bin", 1)).not.toBe("");
});

test("a part that is cut short, goes on too long or leaves a hole is refused by name", async () => {
  await using door = await openDoor();
  await using us = await connect(door);
  const id = await us.create("a.bin", 5);
  const short = await us.openPart(id);
  await us.tell(write(1, short, 0, Buffer.from("hel")));
  expect((await us.ask(uploadExtension.receipt, short)).error?.code).toBe("short-body");
  const long = await us.openPart(id);
  expect(await us.tell(write(1, long, 0, Buffer.from("hello, there")))).toMatch(/^4/);
  const holey = await us.openPart(id);
  expect(await us.tell(write(1, holey, 2, Buffer.from("llo")))).toMatch(/^4/);
  expect((await us.ask(uploadExtension.part, { id, number: 2 })).error?.code).toBe("invalid");
  expect((await us.ask(uploadExtension.control, { verb: "complete", id })).error?.code).toBe("incomplete");
});

test("a part whose client closes it early, or is gone, has no receipt", async () => {
  await using door = await openDoor();
  await using later = await connect(door);
  const id = await later.create("a.bin", 5);
  {
    await using us = await connect(door);
    const closed = await us.openPart(id);
    await us.tell(write(1, closed, 0, Buffer.from("hel")));
    expect(await us.tell(close(2, closed))).toBe("0");
    const lost = await us.openPart(id);
    await us.tell(write(3, lost, 0, Buffer.from("hel")));
    us.client.cut();
  }
  const told = await later.ask(uploadExtension.control, { verb: "get", id });
  expect(told.answer).toMatchObject({ id, receipts: [] });
});

test("who took the upload over is the one who writes it", async () => {
  await using door = await openDoor();
  await using us = await connect(door);
  const id = await us.create("a.bin", 5);
  await us.ask(uploadExtension.control, { verb: "resume", id });
  expect((await us.ask(uploadExtension.part, { id, number: 1, epoch: 1 })).error?.code).toBe("superseded");
});

test("a token for one upload sends that file by parts, and no other", async () => {
  await using door = await openDoor();
  const ann = door.place.gateway.open("ann");
  const other = await ann.uploads?.create({ path: "other.bin", size: 1 }, {});
  const rights = new Rights(oneUpload("folder/a.bin"), { now: Date.now });
  await using session = door.place.gateway.open("ann", { rights });
  const { uploads } = session;
  const mine = await uploads?.create({ path: "folder/a.bin", size: 1 }, {});
  expect(mine?.path).toBe("folder/a.bin");
  const forbidden = { code: "forbidden" };
  await expect(uploads?.create({ path: "folder/b.bin", size: 1 }, {})).rejects.toMatchObject(forbidden);
  for (const call of ["get", "resume", "complete", "abort"] as const) {
    await expect(uploads?.[call](other?.id ?? "", {})).rejects.toMatchObject(forbidden);
  }
  await expect(uploads?.expect(other?.id ?? "", 1, {})).rejects.toMatchObject(forbidden);
});
