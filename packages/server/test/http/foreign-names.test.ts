import type { WireFilePage } from "@naru/core";
import { plantedMemory } from "@naru/core/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { httpDoor } from "../../src/testing/index.ts";
import { Client, verdict } from "./client.ts";

const { store, plant } = plantedMemory();
let door: Awaited<ReturnType<typeof httpDoor>>;
let client: Client;

beforeAll(async () => {
  door = await httpDoor(store);
  client = Client.basic(door.origin, door.user, door.password);
});

afterAll(() => door?.close());

const names = ["con.txt", "a\\b.txt", "tab\t.txt", "a//b.txt", "./dot.txt", "/lead.txt"];
const bytes = new Uint8Array([1, 2, 3, 4, 5]);
const byKey = (key: string, more = ""): string => `/api/files?key=${encodeURIComponent(key)}${more}`;

test("names that Naru would not write are marked in listings, and no others", async () => {
  for (const name of [...names, "plain.txt", "e\u0301.txt"]) await plant?.(name, bytes);
  const page = (await (await client.call("GET", "/api/files")).json()) as WireFilePage;
  const marked = page.files.filter(({ usable }) => usable === false).map(({ path }) => path);
  expect(marked.sort()).toEqual([...names].sort());
  expect(page.files.map(({ path }) => path)).toEqual(expect.arrayContaining(["plain.txt", "e\u0301.txt"]));
});

test.each(names)("%j is looked up, read in whole and in part, renamed and removed by its key", async (name) => {
  await plant?.(name, bytes);
  const file = await (await client.call("GET", byKey(name, "&stat"))).json();
  expect(file).toMatchObject({ path: name, size: 5, usable: false });
  const whole = await client.call("GET", byKey(name));
  expect(new Uint8Array(await whole.arrayBuffer())).toEqual(bytes);
  const range = await client.call("GET", byKey(name), { headers: { range: "bytes=1-2" } });
  expect([range.status, new Uint8Array(await range.arrayBuffer())]).toEqual([206, bytes.slice(1, 3)]);
  expect((await client.call("HEAD", byKey(name))).headers.get("content-length")).toBe("5");
  expect((await client.json("POST", "/api/downloads", { path: name })).status).toBe(200);
  expect((await client.json("POST", "/api/move", { from: name, to: "usable.txt", conflict: "overwrite" })).status).toBe(
    200,
  );
  expect(await verdict(client.call("GET", byKey(name)))).toBe("404 not-found");
  await plant?.(name, bytes);
  expect((await client.call("DELETE", byKey(name))).status).toBe(204);
  expect(await verdict(client.call("GET", byKey(name)))).toBe("404 not-found");
});

test("a key is nothing that climbs, is hidden or is a folder, and is not written", async () => {
  for (const key of ["", "/", "../x", "a/../b", ".naru/x", "./.naru/x", "/.NARU/x", "a/"]) {
    expect(await verdict(client.call("GET", byKey(key)))).toBe("400 invalid");
    expect(await verdict(client.call("DELETE", byKey(key)))).toBe("400 invalid");
  }
  expect((await client.call("PUT", byKey("con.txt"), { body: "x" })).status).toBe(404);
  expect(await verdict(client.call("PUT", "/api/files/con.txt", { body: "x" }))).toBe("400 invalid");
  expect(await verdict(client.json("POST", "/api/move", { from: "plain.txt", to: "con.txt" }))).toBe("400 invalid");
});

test("a Mac's name is found by its spelling, a folder too, and a composed file by either", async () => {
  await plant?.("cafe\u0301/re\u0301sume\u0301.txt", bytes);
  const page = (await (await client.call("GET", "/api/files?delimiter=/")).json()) as WireFilePage;
  expect(page.folders).toContain("cafe\u0301/");
  const prefix = encodeURIComponent("cafe\u0301/");
  const within = (await (await client.call("GET", `/api/files?prefix=${prefix}`)).json()) as WireFilePage;
  expect(within.files).toMatchObject([{ path: "cafe\u0301/re\u0301sume\u0301.txt", size: 5 }]);
  const path = within.files[0]?.path.split("/").map(encodeURIComponent).join("/") ?? "";
  expect((await client.call("GET", `/api/files/${path}`)).status).toBe(200);
  expect((await client.call("DELETE", `/api/files/${path}`)).status).toBe(204);
  expect(await verdict(client.call("GET", `/api/files/${path}`))).toBe("404 not-found");
  expect((await client.call("PUT", `/api/files/${path}`, { body: "composed" })).status).toBe(201);
  const composed = await client.call(
    "GET",
    `/api/files/${encodeURIComponent("caf\u00e9")}/${encodeURIComponent("r\u00e9sum\u00e9.txt")}`,
  );
  expect(await composed.text()).toBe("composed");
  expect(await (await client.call("GET", `/api/files/${path}`)).text()).toBe("composed");
});
