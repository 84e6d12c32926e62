import { memoryStore } from "@naru/core/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type HttpDoor, httpDoor } from "../../src/testing/index.ts";
import { Client, verdict } from "./client.ts";

let door: HttpDoor;
let admin: Client;
const path = `/api/files/${encodeURIComponent("보고서 100% (최종).txt")}`;

beforeAll(async () => {
  door = await httpDoor(memoryStore());
  admin = Client.basic(door.origin, door.user, door.password);
  await admin.call("PUT", path, { body: "0123456789", headers: { "content-type": "text/html" } });
});
afterAll(() => door.close());

const range = (value: string): Promise<Response> => admin.call("GET", path, { headers: { range: value } });

test.each([
  ["bytes=0-3", "0123", "bytes 0-3/10"],
  ["bytes=4-", "456789", "bytes 4-9/10"],
  ["bytes=-2", "89", "bytes 8-9/10"],
  ["bytes=8-100", "89", "bytes 8-9/10"],
])("a range is read: %s", async (value, text, contentRange) => {
  const answer = await range(value);
  expect(answer.status).toBe(206);
  expect(answer.headers.get("content-range")).toBe(contentRange);
  expect(answer.headers.get("content-length")).toBe(String(text.length));
  expect(await answer.text()).toBe(text);
});

test("a range outside the file is refused", async () => {
  const answer = await range("bytes=10-");
  expect(answer.headers.get("content-range")).toBe("bytes */10");
  expect(await verdict(answer)).toBe("416 invalid");
});

test("what is no single range of bytes means the whole file", async () => {
  for (const value of ["bytes=0-1,3-4", "lines=1-2", "bytes=5-2", "bytes=-"]) {
    const answer = await range(value);
    expect([answer.status, await answer.text()]).toEqual([200, "0123456789"]);
  }
});

test("a download has a name that Korean browsers save, and cannot run", async () => {
  const answer = await admin.call("GET", path);
  expect(answer.headers.get("content-disposition")).toBe(
    "attachment; filename*=UTF-8''%EB%B3%B4%EA%B3%A0%EC%84%9C%20100%25%20%28%EC%B5%9C%EC%A2%85%29.txt",
  );
  expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  expect(answer.headers.get("accept-ranges")).toBe("bytes");
  expect(answer.headers.get("naru-crc64")).toMatch(/^[0-9a-f]{16}$/);
  expect(await answer.text()).toBe("0123456789");
});

test("HEAD tells without bytes", async () => {
  const answer = await admin.call("HEAD", path);
  expect([answer.status, answer.headers.get("content-length"), await answer.text()]).toEqual([200, "10", ""]);
  expect((await admin.call("HEAD", "/api/files/none")).status).toBe(404);
});

test("conditions are heeded", async () => {
  const tag = (await admin.call("HEAD", path)).headers.get("etag") ?? "";
  expect(tag).toMatch(/^".+"$/);
  const get = (headers: Record<string, string>): Promise<Response> => admin.call("GET", path, { headers });
  expect((await get({ "if-match": tag })).status).toBe(200);
  expect(await verdict(get({ "if-match": '"other"' }))).toBe("412 conflict");
  expect((await get({ "if-none-match": `"x", ${tag}` })).status).toBe(304);
  expect((await get({ range: "bytes=0-0", "if-range": tag })).status).toBe(206);
  expect((await get({ range: "bytes=0-0", "if-range": '"other"' })).status).toBe(200);
});

test("dates are heeded where no tag is given, to the second, in every form that HTTP has", async () => {
  const head = await admin.call("HEAD", path);
  const [tag, told] = ["etag", "last-modified"].map((name) => head.headers.get(name) ?? "") as [string, string];
  const at = Date.parse(told);
  const [before, after] = [at - 1000, at + 1000].map((time) => new Date(time).toUTCString()) as [string, string];
  const [weekday = "", day = "", month = "", year = "", clock = ""] = told.split(/,? /);
  const asctime = `${weekday} ${month} ${String(Number(day)).padStart(2)} ${clock} ${year}`;
  const long = new Date(at).toLocaleDateString("en", { weekday: "long", timeZone: "UTC" });
  const rfc850 = `${long}, ${day}-${month}-${year.slice(2)} ${clock} GMT`;
  const cases: readonly (readonly [Record<string, string>, number])[] = [
    [{ "if-modified-since": told }, 304],
    [{ "if-modified-since": after }, 304],
    [{ "if-modified-since": asctime }, 304],
    [{ "if-modified-since": rfc850 }, 304],
    [{ "if-modified-since": before }, 200],
    [{ "if-modified-since": "yesterday" }, 200],
    [{ "if-modified-since": told, "if-none-match": '"other"' }, 200],
    [{ "if-modified-since": before, "if-none-match": tag }, 304],
    [{ "if-unmodified-since": told }, 200],
    [{ "if-unmodified-since": before }, 412],
    [{ "if-unmodified-since": "yesterday" }, 200],
    [{ "if-unmodified-since": before, "if-match": tag }, 200],
    [{ "if-unmodified-since": told, "if-match": '"other"' }, 412],
    [{ "if-unmodified-since": before, "if-none-match": tag }, 412],
    [{ range: "bytes=0-0", "if-range": told }, 206],
    [{ range: "bytes=0-0", "if-range": after }, 200],
    [{ range: "bytes=0-0", "if-range": before }, 200],
    [{ range: "bytes=0-0", "if-unmodified-since": before }, 412],
  ];
  for (const method of ["GET", "HEAD"]) {
    for (const [headers, status] of cases) {
      const answer = await admin.call(method, path, { headers });
      expect([method, headers, answer.status]).toEqual([method, headers, status]);
      await answer.arrayBuffer();
    }
  }
});

test("a file that was changed since a date is not written or removed", async () => {
  const at = "/api/files/dated.txt";
  await admin.call("PUT", at, { body: "first" });
  const told = (await admin.call("HEAD", at)).headers.get("last-modified") ?? "";
  const headers = { "if-unmodified-since": new Date(Date.parse(told) - 1000).toUTCString() };
  expect(await verdict(admin.call("PUT", at, { body: "second", headers }))).toBe("412 conflict");
  expect(await verdict(admin.call("DELETE", at, { headers }))).toBe("412 conflict");
  expect(await (await admin.call("GET", at)).text()).toBe("first");
  // If-Modified-Since is for reading alone.
  const since = { "if-modified-since": told, "if-unmodified-since": told };
  expect((await admin.call("PUT", at, { body: "second", headers: since })).status).toBe(201);
  expect((await admin.call("PUT", "/api/files/new.txt", { body: "new", headers })).status).toBe(201);
});

test("conditions are heeded by what changes a file", async () => {
  const at = "/api/files/conditions.txt";
  const call = (method: string, body: string | null, headers: Record<string, string>): Promise<Response> =>
    admin.call(method, at, { body, headers });
  expect((await call("PUT", "first", { "if-none-match": "*" })).status).toBe(201);
  expect(await verdict(call("PUT", "second", { "if-none-match": "*" }))).toBe("412 conflict");
  const tag = (await admin.call("HEAD", at)).headers.get("etag") ?? "";
  expect(await verdict(call("PUT", "second", { "if-match": '"other"' }))).toBe("412 conflict");
  expect(await verdict(call("DELETE", null, { "if-match": '"other"' }))).toBe("412 conflict");
  expect(await (await admin.call("GET", at)).text()).toBe("first");
  expect((await call("PUT", "second", { "if-match": tag })).status).toBe(201);
  expect(await verdict(call("DELETE", null, { "if-match": tag }))).toBe("412 conflict");
  expect((await call("DELETE", null, { "if-match": "*" })).status).toBe(204);
  expect(await verdict(call("DELETE", null, { "if-match": "*" }))).toBe("412 conflict");
});

test("stat and downloads tell what the file is", async () => {
  const facts = await (await admin.call("GET", `${path}?stat`)).json();
  expect(facts).toMatchObject({ path: "보고서 100% (최종).txt", size: 10, type: "text/html" });
  const download = await admin.json("POST", "/api/downloads", { path: "보고서 100% (최종).txt" });
  expect(await download.json()).toEqual({ file: facts, urls: [] });
  expect(await verdict(admin.json("POST", "/api/downloads", { path: "none" }))).toBe("404 not-found");
});

test("a list folds folders and goes on from its cursor", async () => {
  for (const name of ["l/a", "l/b", "l/deep/c"]) await admin.call("PUT", `/api/files/${name}`, { body: "x" });
  const folded = (await (await admin.call("GET", "/api/files?prefix=l/&delimiter=/")).json()) as Page;
  expect([folded.files.map((file) => file.path), folded.folders]).toEqual([["l/a", "l/b"], ["l/deep/"]]);
  const first = (await (await admin.call("GET", "/api/files?prefix=l/&limit=2")).json()) as Page;
  const rest = await admin.call("GET", `/api/files?prefix=l/&cursor=${encodeURIComponent(first.cursor ?? "")}`);
  const paths = [...first.files, ...((await rest.json()) as Page).files].map((file) => file.path);
  expect(paths).toEqual(["l/a", "l/b", "l/deep/c"]);
  expect(await verdict(admin.call("GET", "/api/files?limit=-1"))).toBe("400 invalid");
  expect(await verdict(admin.call("GET", "/api/files?what=1"))).toBe("400 invalid");
});

interface Page {
  readonly files: readonly { readonly path: string }[];
  readonly folders: readonly string[];
  readonly cursor?: string;
}
