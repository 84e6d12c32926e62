import { once } from "node:events";
import { cp, mkdir, readdir, writeFile } from "node:fs/promises";
import { Agent, createServer, request, type Server } from "node:http";
import { join } from "node:path";
import { MiB } from "@naru/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ended, openPlace, type Place, password } from "./naru.ts";

const folders = 40;
let place: Place;
let front: Server;
let url: string;
/** Requests since the last look, by method and path without what follows. */
let requests = new Map<string, number>();

beforeAll(async () => {
  place = await openPlace();
  const agent = new Agent({ keepAlive: true });
  front = createServer((incoming, answer) => {
    const kind = `${incoming.method} ${/^\/api\/[a-z]+(?:\/known)?/u.exec(incoming.url ?? "")?.[0]}`;
    requests.set(kind, (requests.get(kind) ?? 0) + 1);
    const { method, headers, url: path } = incoming;
    const onward = request({ host: "127.0.0.1", port: place.port, method, headers, path, agent }, (answered) => {
      answer.writeHead(answered.statusCode ?? 502, answered.headers);
      answered.pipe(answer);
    });
    onward.on("error", () => answer.destroy());
    incoming.pipe(onward);
  });
  front.listen(0, "127.0.0.1");
  await once(front, "listening");
  const address = front.address();
  const port = typeof address === "object" ? address?.port : 0;
  url = `http://admin:${encodeURIComponent(password)}@127.0.0.1:${port}`;
});
afterAll(async () => {
  front.close();
  front.closeAllConnections();
  await place[Symbol.asyncDispose]();
});

async function makeTree(name: string, files: number): Promise<string> {
  const root = join(place.folder, name);
  for (let folder = 0; folder < folders; folder += 1) {
    await mkdir(join(root, `d${folder}`), { recursive: true });
    const numbers = Array.from({ length: files / folders }, (_, file) => file);
    const write = (file: number) => writeFile(join(root, `d${folder}`, `f${file}`), `${file} of ${folder}`);
    await Promise.all(numbers.map(write));
  }
  return root;
}

/** Sync and say how it went, and how many requests of each kind it took. */
async function counted(...args: string[]): Promise<{ readonly last: string; readonly took: Record<string, number> }> {
  requests = new Map();
  const { code, stderr } = await ended(place.start(["sync", ...args], { NARU_URL: url }));
  expect(code, stderr).toBe(0);
  return { last: stderr.trimEnd().split("\n").at(-1) ?? "", took: Object.fromEntries(requests) };
}

test("of 20,000 files a sync asks for their folders, and sends what changed 1,000 in a request", async () => {
  const root = await makeTree("many", 20_000);
  // The store's own folder: as if a first run had sent them.
  await cp(root, join(place.folder, "data/files/many"), { recursive: true, preserveTimestamps: true });
  const listings = { "GET /api/files": 1 + folders, "GET /api/session": 1, "GET /api/uploads": 1 };
  const names = await readdir(join(root, "d7"));
  for (const folder of ["d1", "d2"]) for (const name of names) await writeFile(join(root, folder, name), "changed");
  const many = await counted(root, "many/", "--delete");
  expect(many.last).toMatch(/^1,000 sent, 0 deleted, 19,000 the same/u);
  expect(many.took).toEqual({ ...listings, "POST /api/batch": 1 });
  // 25 times fewer files in as many folders cost as much: the number of files alone adds nothing.
  const fewer = await makeTree("fewer", 800);
  const sent = { "GET /api/files": 1, "GET /api/folders": 1, "POST /api/batch": 1 };
  expect((await counted(fewer, "fewer/")).took).toEqual({ ...listings, ...sent });
  expect((await counted(fewer, "fewer/")).took).toEqual(listings);
});

test("the other way each small file takes one request, whatever their number", async () => {
  const back = await counted("naru:fewer", join(place.folder, "back"));
  expect(back.last).toMatch(/^800 fetched/u);
  expect(back.took).toEqual({ "GET /api/files": 1 + folders + 800, "GET /api/folders": 1 });
  const again = await counted("naru:fewer", join(place.folder, "back"));
  expect(again.took).toEqual({ "GET /api/files": 1 + folders, "GET /api/folders": 1 });
});

test("what somebody else adds or changes at the server while a sync runs is not deleted", async () => {
  const root = join(place.folder, "busy");
  await mkdir(root);
  await writeFile(join(root, "large.bin"), new Uint8Array(24 * MiB));
  const { headers, origin } = place.api;
  const put = (path: string, body: string): Promise<Response> =>
    fetch(`${origin}/api/files/busy/${path}`, { method: "PUT", headers, body });
  for (const path of ["gone/x", "other/y", "old", "changing"]) expect((await put(path, "1")).status).toBe(201);
  const child = place.start(["sync", root, "busy/", "--delete", "--concurrency", "1", "--limit", "8M"]);
  const running = ended(child);
  for (let found = 0; found === 0; ) {
    found = (await (await fetch(`${origin}/api/uploads`, { headers })).json()).uploads.length;
  }
  for (const path of ["gone/new", "changing"]) expect((await put(path, "somebody's only copy")).status).toBe(201);
  const { code, stderr } = await running;
  expect(code).not.toBe(0);
  expect(stderr).toContain("changed during the sync");
  const { files } = await (await fetch(`${origin}/api/files?prefix=busy/`, { headers })).json();
  const paths = files.map(({ path }: { path: string }) => path).sort();
  expect(paths).toEqual(["busy/changing", "busy/gone/new", "busy/gone/x", "busy/large.bin"]);
});
