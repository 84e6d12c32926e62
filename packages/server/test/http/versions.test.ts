import type { WireDetails, WireVersions } from "@naru/core";
import { memoryStore } from "@naru/core/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { needs } from "../../../../test/peers/needs.ts";
import { type EveryDoor, openEveryDoor } from "../catalogue/every-door.ts";
import { keepVersions, openS3 } from "../stores/opened-bucket.ts";
import { verdict } from "./client.ts";

needs("curl");

let doors: EveryDoor;
const opened: AsyncDisposable[] = [];
beforeAll(async () => {
  const [kept, plain] = await Promise.all([openS3({ prefix: "in bucket/" }), openS3()]);
  opened.push(kept, plain);
  await keepVersions(kept.bucket);
  doors = await openEveryDoor(memoryStore(), [
    { prefix: "kept/", store: kept.store },
    { prefix: "plain/", store: plain.store },
  ]);
});
afterAll(async () => {
  await doors[Symbol.asyncDispose]();
  for (const one of opened) await one[Symbol.asyncDispose]();
});

const put = (path: string, body: string) => doors.http.call("PUT", `/api/files/${encodeURI(path)}`, { body });
const read = async (path: string) => (await doors.http.call("GET", `/api/files/${encodeURI(path)}`)).text();
const get = async <T>(call: string, query: Record<string, string>): Promise<T> =>
  (await (await doors.http.call("GET", `/api/${call}?${new URLSearchParams(query)}`)).json()) as T;
const list = (path: string, more: Record<string, string> = {}) => get<WireVersions>("versions", { path, ...more });
const content = (path: string, version: string, headers: Record<string, string> = {}) =>
  doors.http.call("GET", `/api/versions/content?${new URLSearchParams({ path, version })}`, { headers });
const restore = (path: string, version: string) => doors.http.json("POST", "/api/versions", { path, version });

test("what a file was is listed, read whole and by ranges, and made the file again", async () => {
  const path = "kept/문서 100%.txt";
  for (const body of ["first", "second!", "third"]) await put(path, body);
  await put(`${path}.longer`, "another file");
  const { versions } = await list(path);
  expect(versions.map(({ current, size }) => [size, current])).toEqual([
    [5, true],
    [7, false],
    [5, false],
  ]);
  const [, second, first] = versions;
  expect(await (await content(path, second?.id ?? "")).text()).toBe("second!");
  const range = await content(path, first?.id ?? "", { range: "bytes=1-3" });
  expect([range.status, await range.text()]).toEqual([206, "irs"]);
  expect(await (await restore(path, first?.id ?? "")).json()).toMatchObject({ path, size: 5 });
  expect(await read(path)).toBe("first");
  const after = await list(path);
  expect(after.versions.map(({ size }) => size)).toEqual([5, 5, 7, 5]);
  expect((await doors.events(path)).filter((event) => event.path === path).map(({ kind }) => kind)).toEqual(
    Array.from({ length: 4 }, () => "arrived"),
  );
  expect((await get<WireDetails>("details", { path })).versions).toBe(true);
});

test("a file that was removed can be made what it was", async () => {
  await put("kept/gone.txt", "precious");
  await doors.http.call("DELETE", "/api/files/kept/gone.txt");
  const { versions } = await list("kept/gone.txt");
  expect(versions.map(({ current }) => current)).toEqual([false]);
  expect((await restore("kept/gone.txt", versions[0]?.id ?? "")).status).toBe(200);
  expect(await read("kept/gone.txt")).toBe("precious");
});

test("versions are listed a page at a time", async () => {
  for (const body of ["1", "22", "333"]) await put("kept/pages.txt", body);
  const sizes: number[] = [];
  let cursor: string | undefined = "";
  while (cursor !== undefined) {
    const page: WireVersions = await list("kept/pages.txt", { limit: "2", ...(cursor !== "" && { cursor }) });
    sizes.push(...page.versions.map(({ size }) => size));
    cursor = page.cursor;
  }
  expect(sizes).toEqual([3, 2, 1]);
});

test("where nothing is kept there are no versions; one that never was is not found", async () => {
  for (const path of ["plain/a.txt", "in memory.txt"]) {
    await put(path, "one");
    await put(path, "two");
    expect(await list(path)).toEqual({ versions: [] });
    expect((await get<WireDetails>("details", { path })).versions).toBe(false);
  }
  expect(await verdict(content("in memory.txt", "1"))).toBe("501 unsupported");
  await put("kept/b.txt", "b");
  expect(await verdict(content("kept/b.txt", "nothing"))).toBe("404 not-found");
  expect(await verdict(restore("kept/b.txt", "nothing"))).toBe("404 not-found");
});
