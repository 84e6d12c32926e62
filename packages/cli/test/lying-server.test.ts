import { once } from "node:events";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPlace, type Place, password } from "./naru.ts";

let place: Place;
let lie = "";
const front = createServer((request, response) => {
  void (async () => {
    const { url = "/", method = "GET", headers } = request;
    const { authorization = "" } = headers;
    const answer = await fetch(`${place.api.origin}${url}`, { method, headers: { authorization } });
    const text = await answer.text();
    const isList = /^\/api\/files\?.*prefix=/u.test(url);
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "text/plain" });
    response.end(isList ? text.replaceAll('"docs/a"', JSON.stringify(lie)) : text);
  })();
});
beforeAll(async () => {
  place = await openPlace();
  front.listen(0, "127.0.0.1");
  await once(front, "listening");
});
afterAll(async () => {
  front.close();
  await place[Symbol.asyncDispose]();
});

test("a server whose listings lead out of the folder makes get and sync write nothing there", async () => {
  await mkdir(join(place.folder, "from"));
  await writeFile(join(place.folder, "from/a"), "a");
  expect((await place.naru("sync", join(place.folder, "from"), "docs/")).code).toBe(0);
  await mkdir(join(place.folder, "home/inner"), { recursive: true });
  const { port } = front.address() as AddressInfo;
  const env = { NARU_URL: `http://admin:${encodeURIComponent(password)}@127.0.0.1:${port}` };
  const inner = join(place.folder, "home/inner");
  for (lie of ["docs../escaped", "docs/../../escaped"]) {
    for (const command of ["get", "sync"]) {
      const { code } = await place.naruWith(env, command, command === "get" ? "docs" : "naru:docs", inner);
      expect(code, `${command} ${lie}`).not.toBe(0);
    }
  }
  expect(await readdir(join(place.folder, "home"))).toEqual(["inner"]);
  expect((await readdir(inner, { recursive: true })).filter((name) => name.includes("escaped"))).toEqual([]);
});
