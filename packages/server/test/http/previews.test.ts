import { memoryStore } from "@naru/core/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type HttpDoor, httpDoor } from "../../src/testing/index.ts";
import { Client, verdict } from "./client.ts";
import { makeLink } from "./guest.ts";

let door: HttpDoor;
let admin: Client;

beforeAll(async () => {
  door = await httpDoor(memoryStore());
  admin = Client.basic(door.origin, door.user, door.password);
  for (const name of ["a.png", "한글 film.MP4", "paper.pdf", "page.html", "picture.svg", "no-end", "constructor"]) {
    // What senders say of a type counts for nothing here.
    const headers = { "content-type": "text/html" };
    await admin.call("PUT", `/api/files/x/${encodeURIComponent(name)}`, { body: "0123456789", headers });
  }
});
afterAll(() => door.close());

const preview = (name: string, headers: Record<string, string> = {}): Promise<Response> =>
  admin.call("GET", `/api/previews/x/${encodeURIComponent(name)}`, { headers });

test("what browsers show is answered inline, with the type of its name and a policy in which nothing runs", async () => {
  for (const [name, type] of [
    ["a.png", "image/png"],
    ["한글 film.MP4", "video/mp4"],
    ["paper.pdf", "application/pdf"],
  ] as const) {
    const { status, headers } = await preview(name);
    expect([status, headers.get("content-type"), headers.get("content-disposition")]).toEqual([200, type, "inline"]);
    const policy = headers.get("content-security-policy")?.split("; ");
    expect(policy).toEqual(expect.arrayContaining(["default-src 'none'", "sandbox", "frame-ancestors 'self'"]));
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
  }
});

test("a preview is read by ranges, and not again when it has not changed", async () => {
  const range = await preview("한글 film.MP4", { range: "bytes=4-6" });
  expect([range.status, range.headers.get("content-range"), await range.text()]).toEqual([206, "bytes 4-6/10", "456"]);
  const etag = range.headers.get("etag") ?? "";
  expect((await preview("한글 film.MP4", { "if-none-match": etag })).status).toBe(304);
});

test("what may hold scripts is not answered, nor is what a browser would have to guess", async () => {
  for (const name of ["page.html", "picture.svg", "no-end", "constructor"])
    expect(await verdict(preview(name))).toBe("501 unsupported");
  expect(await verdict(preview("none.png"))).toBe("404 not-found");
  expect(await verdict(fetch(`${door.origin}/api/previews/x/a.png`))).toBe("401 unauthenticated");
});

test("a name that no path carries is asked for by its key", async () => {
  const answer = await admin.call("GET", `/api/previews?key=${encodeURIComponent("x/a.png")}`);
  expect([answer.status, await answer.text()]).toEqual([200, "0123456789"]);
});

test("guests see what their link lets them look at, and nothing by a link that is for downloads only", async () => {
  const link = async (wish: object): Promise<string> => {
    const { token } = await makeLink(admin, { kind: "share", path: "x/", ...wish });
    return `${door.origin}/s/${token}/api/previews/a.png`;
  };
  const [open, closed, counted] = await Promise.all([link({}), link({ preview: false }), link({ maxDownloads: 3 })]);
  expect((await fetch(open)).status).toBe(200);
  for (const url of [closed, counted]) expect(await verdict(fetch(url))).toBe("403 forbidden");
});
