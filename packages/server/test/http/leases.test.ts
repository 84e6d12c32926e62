import type { WireUpload } from "@naru/core";
import { memoryStore } from "@naru/core/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type HttpDoor, httpDoor } from "../../src/testing/index.ts";
import { Client, verdict } from "./client.ts";

let door: HttpDoor;
let admin: Client;

beforeAll(async () => {
  door = await httpDoor(memoryStore());
  admin = Client.basic(door.origin, door.user, door.password);
});
afterAll(() => door.close());

const complete = (id: string, headers: Record<string, string> = {}): Promise<Response> =>
  admin.json("POST", `/api/uploads/${id}/complete`, {}, headers);
const write = (path: string, query = ""): Promise<Response> =>
  admin.call("PUT", `/api/files/${path}${query}`, { body: "x" });

test("a newcomer takes the lease over, and the former holder is told", async () => {
  const { id, epoch } = await admin.create({ path: "lease.bin", size: 4, partSize: 2 });
  expect(epoch).toBe(1);
  expect(await verdict(admin.put(id, 1, "ab", { "naru-epoch": "1" }))).toBe("200 fine");
  const resumed = (await (await admin.call("POST", `/api/uploads/${id}/resume`)).json()) as WireUpload;
  expect(resumed.epoch).toBe(2);
  expect(resumed.receipts).toMatchObject([{ number: 1, offset: 0, size: 2 }]);
  expect(await verdict(admin.put(id, 2, "cd", { "naru-epoch": "1" }))).toBe("409 superseded");
  expect(await verdict(admin.put(id, 2, "cd"))).toBe("409 superseded");
  expect(await verdict(complete(id, { "naru-epoch": "1" }))).toBe("409 superseded");
  expect(await verdict(admin.put(id, 2, "cd", { "naru-epoch": "2" }))).toBe("200 fine");
  expect(await verdict(complete(id, { "naru-epoch": "2" }))).toBe("200 fine");
});

test("looking tells the lease's epoch, and who was taken over is told so even when the newcomer has finished", async () => {
  const { id } = await admin.create({ path: "finished.bin", size: 2 });
  await admin.call("POST", `/api/uploads/${id}/resume`);
  expect(await (await admin.call("GET", `/api/uploads/${id}`)).json()).toMatchObject({ epoch: 2 });
  expect(await verdict(admin.put(id, 1, "ab", { "naru-epoch": "2" }))).toBe("200 fine");
  expect(await verdict(complete(id, { "naru-epoch": "2" }))).toBe("200 fine");
  expect(await verdict(admin.put(id, 1, "ab", { "naru-epoch": "1" }))).toBe("409 superseded");
  expect(await verdict(admin.put(id, 1, "ab", { "naru-epoch": "2" }))).toBe("404 not-found");
});

test("a put that was under way when the lease went is superseded", async () => {
  const { id } = await admin.create({ path: "under-way.bin", size: 4 });
  let send: (bytes: string) => void = () => undefined;
  let end: () => void = () => undefined;
  const { request } = await import("node:http");
  const answered = new Promise<number>((resolve, reject) => {
    const call = request(`${door.origin}/api/uploads/${id}/parts/1`, {
      method: "PUT",
      headers: { ...admin.headers, "content-length": 4, "naru-epoch": "1" },
    });
    call.on("response", (response) => resolve(response.resume().statusCode ?? 0));
    call.on("error", reject);
    call.on("socket", (socket) => socket.once("connect", () => started.resolve()));
    send = (bytes) => call.write(bytes);
    end = () => call.end();
  });
  const started = Promise.withResolvers<void>();
  send("ab");
  await started.promise;
  await admin.call("POST", `/api/uploads/${id}/resume`);
  send("cd");
  end();
  expect(await answered).toBe(409);
});

test("complete answers again as before", async () => {
  const { id } = await admin.create({ path: "again.bin", size: 1 });
  await admin.put(id, 1, "x");
  const first = await (await complete(id)).json();
  expect(await (await complete(id)).json()).toEqual(first);
  expect(await verdict(admin.call("GET", `/api/uploads/${id}`))).toBe("404 not-found");
});

test("many are completed in one call", async () => {
  const first = await admin.create({ path: "one.bin", size: 1 });
  const second = await admin.create({ path: "two.bin", size: 1 });
  await admin.put(first.id, 1, "x");
  const uploads = [
    { id: first.id, epoch: 1 },
    { id: second.id, epoch: 1, parts: [] },
  ];
  const answer = await admin.json("POST", "/api/uploads/complete", { uploads });
  expect(await answer.json()).toMatchObject({
    results: [{ file: { path: "one.bin" } }, { error: { code: "incomplete" } }],
  });
});

test("rename finds a name that neither a file nor an upload has", async () => {
  await write("name.tar.gz");
  const first = await admin.create({ path: "name.tar.gz", size: 1 });
  const second = await admin.create({ path: "name.tar.gz", size: 1, conflict: "rename" });
  expect([first.path, second.path]).toEqual(["name (2).tar.gz", "name (3).tar.gz"]);
  const uploads = Array.from({ length: 5 }, () => ({ path: "same.txt", size: 1 }));
  const answer = await admin.json("POST", "/api/uploads/batch", { uploads });
  const { results } = (await answer.json()) as { results: { upload: WireUpload }[] };
  expect(new Set(results.map(({ upload }) => upload.path)).size).toBe(5);
});

test("fail is refused at create, and at complete when the name went meanwhile", async () => {
  const { id } = await admin.create({ path: "fail.bin", size: 1, conflict: "fail" });
  await admin.put(id, 1, "a");
  await write("fail.bin");
  expect(await verdict(complete(id))).toBe("409 conflict");
  expect(await verdict(admin.json("POST", "/api/uploads", { path: "fail.bin", size: 1, conflict: "fail" }))).toBe(
    "409 conflict",
  );
  await admin.call("DELETE", "/api/files/fail.bin");
  expect(await verdict(complete(id))).toBe("200 fine");
});

test("overwrite keeps the former file until it completes", async () => {
  await write("over.bin");
  const { id, path } = await admin.create({ path: "over.bin", size: 3, conflict: "overwrite" });
  expect(path).toBe("over.bin");
  await admin.put(id, 1, "new");
  expect(await (await admin.call("GET", "/api/files/over.bin")).text()).toBe("x");
  await complete(id);
  expect(await (await admin.call("GET", "/api/files/over.bin")).text()).toBe("new");
});

test("a move heeds its policy", async () => {
  await write("from.bin");
  await write("to.bin");
  expect(await verdict(admin.json("POST", "/api/move", { from: "from.bin", to: "to.bin" }))).toBe("409 conflict");
  const renamed = await admin.json("POST", "/api/move", { from: "from.bin", to: "to.bin", conflict: "rename" });
  expect(await renamed.json()).toMatchObject({ path: "to (2).bin" });
  expect(await verdict(admin.json("POST", "/api/move", { from: "none", to: "x" }))).toBe("404 not-found");
});

test("abort forgets the upload; twice is fine", async () => {
  const { id } = await admin.create({ path: "abort.bin", size: 1 });
  expect(await verdict(admin.call("DELETE", `/api/uploads/${id}`))).toBe("204 fine");
  expect(await verdict(admin.call("DELETE", `/api/uploads/${id}`))).toBe("204 fine");
  expect(await verdict(admin.put(id, 1, "x"))).toBe("404 not-found");
});
