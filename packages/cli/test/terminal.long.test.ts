import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MiB } from "@naru/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { paceText, progressLine } from "../src/progress-line.ts";
import { columnsOf, escaped, fitted, unescaped } from "../src/terminal-text.ts";
import { openPlace, type Place, password } from "./naru.ts";
import { openScreen, type Screen } from "./tmux.ts";

const bin = fileURLToPath(new URL("../bin/naru.js", import.meta.url));

let place: Place;
beforeAll(async () => {
  place = await openPlace();
});
afterAll(() => place[Symbol.asyncDispose]());

function naru(args: readonly string[], columns: number, port: number = place.port): Promise<Screen> {
  const NARU_URL = `http://admin:${encodeURIComponent(password)}@127.0.0.1:${port}`;
  const env = { NARU_URL, XDG_STATE_HOME: place.folder, LC_ALL: "C.UTF-8" };
  return openScreen([process.execPath, bin, ...args], { columns, env });
}

/** A way to the server that holds what comes after so many bytes, until it is let go. */
async function openGate(bytes: number) {
  let left = bytes;
  const near: Socket[] = [];
  const server = createServer((socket) => {
    const far = connect(place.port, "127.0.0.1");
    near.push(socket);
    socket.on("error", () => far.destroy());
    far.on("error", () => socket.destroy());
    socket.on("data", (chunk) => {
      left -= chunk.length;
      far.write(chunk);
      if (left < 0) socket.pause();
    });
    socket.on("end", () => far.end());
    far.pipe(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    letGo: () => {
      left = Number.POSITIVE_INFINITY;
      for (const socket of near) socket.resume();
    },
    [Symbol.dispose]: () => {
      for (const socket of near) socket.destroy();
      server.close();
    },
  };
}

test("of many small files people see how many have arrived, while they travel and in the end", async () => {
  const folder = join(place.folder, "small");
  await mkdir(folder);
  await Promise.all(Array.from({ length: 900 }, (_, index) => writeFile(join(folder, `f${index}`), "x".repeat(1000))));
  using gate = await openGate(950_000);
  await using screen = await naru(["put", folder], 90, gate.port);
  const shown =
    /^[█░]+ +\d+% {2}[\d.]+ (KiB|B) \/ 878\.9 KiB {2}[\d.]+ (KiB|B)\/s {2}\d\d:\d\d {2}[1-8]00 of 900 files$/;
  await expect.poll(() => screen.lines()).toEqual([expect.stringMatching(shown)]);
  for (const columns of [60, 30]) {
    await screen.resize(columns);
    await expect.poll(() => screen.lines()).toEqual([expect.stringMatching(/of 900 files$/)]);
  }
  await screen.resize(90);
  gate.letGo();
  await screen.ended();
  expect(await screen.lines()).toEqual([
    expect.stringMatching(/^900 of 900 files {2}878\.9 KiB {2}[\d.]+ s {2}[\d.]+ [KM]iB\/s$/),
  ]);
}, 180_000);

test("the last line of a large file has its mean speed, and stays", async () => {
  const file = join(place.folder, "large 한글.bin");
  await writeFile(file, Buffer.alloc(20 * MiB, 1));
  await using put = await naru(["put", file], 100);
  await put.ended();
  const mean = /^large 한글\.bin {2}20\.0 MiB {2}[\d.]+ s {2}[1-9][\d.]* [KMG]iB\/s {2}proxy$/;
  expect(await put.lines()).toEqual([expect.stringMatching(mean)]);
  await using get = await naru(["get", "large 한글.bin", join(place.folder, "back")], 200);
  await get.ended();
  expect(await get.lines()).toEqual([expect.stringMatching(/back {2}20\.0 MiB {2}[\d.]+ s {2}[1-9][\d.]* [KMG]iB\/s/)]);
});

test("names cannot move a terminal's cursor; in a pipe they are as they are", async () => {
  const names = ["tab\there", "line\nend", "\u001b[2Jclear", "back\\slash", "\u202etxt.exe", "한글 이름"];
  await mkdir(join(place.folder, "data", "files", "odd"), { recursive: true });
  for (const name of names) await writeFile(join(place.folder, "data", "files", "odd", name), "x");
  await using screen = await naru(["ls", "odd"], 80);
  await screen.ended();
  const seen = (await screen.lines()).filter((line) => line.includes("odd/"));
  const wanted = ["tab\\there", "line\\nend", "\\033[2Jclear", "back\\\\slash", "\\342\\200\\256txt.exe", "한글 이름"];
  expect(seen.map((line) => line.slice(line.indexOf("odd/"))).sort()).toEqual(
    wanted.map((name) => `odd/${name}`).sort(),
  );
  expect(seen.filter((line) => line.slice(31).startsWith(" ! "))).toHaveLength(4);
  expect((await place.naru("ls", "odd")).stderr).toMatch(/^naru: 4 of these names, marked with !, .* naru rm/);
  expect((await place.naru("ls", "odd")).stdout).toContain("odd/tab\there\n");
  expect(wanted.map(unescaped)).toEqual(names);
  const json = (await place.naru("ls", "odd", "--json")).stdout.trim().split("\n");
  expect(json.map((line) => JSON.parse(line).path).sort()).toEqual(names.map((name) => `odd/${name}`).sort());

  const [tab = "", line = "", clear = "", back = ""] = wanted.map((name) => `odd/${name}`);
  expect((await place.naru("rm", "--escaped", tab, line, clear)).code).toBe(0);
  expect((await place.naru("mv", "--escaped", back, "odd/plain")).code).toBe(0);
  const left = (await place.naru("ls", "odd", "--json")).stdout.trim().split("\n");
  expect(left.map((one) => JSON.parse(one).path).sort()).toEqual(
    ["odd/plain", "odd/한글 이름", "odd/\u202etxt.exe"].sort(),
  );
  const wrong = await place.naru("rm", "--escaped", "a\\x");
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("a backslash is written twice")]);
});

test("a line of progress fits every terminal, with what matters most", () => {
  const state = {
    label: "아주 긴 이름의 원본 파일 A_cam_0198.mxf",
    size: 400e9,
    confirmed: 123e9,
    speed: 98e6,
    secondsLeft: 2827,
  };
  for (let columns = 10; columns < 200; columns++)
    expect(columnsOf(progressLine(state, columns))).toBeLessThan(columns);
  expect(progressLine(state, 120)).toBe(
    "███████░░░░░░░░░░░░░░░░░  30%  114.6 GiB / 372.5 GiB  93.5 MiB/s  47:07  아주 긴 이름의 원본 파일 A_cam_0198.mxf",
  );
  expect(progressLine(state, 50)).toBe(" 30%  93.5 MiB/s  47:07  아주 긴 이…cam_0198.mxf");
  expect(progressLine({ ...state, confirmed: state.size, speed: 0 }, 80)).toMatch(
    /100% {2}372.5 GiB \/ 372.5 GiB {2}finishing/,
  );
});

test("what had all arrived before has no speed", () => {
  expect(paceText(0, 0.631)).toBe("0.63 s");
  expect(paceText(3 * MiB, 2)).toBe("2.00 s  1.50 MiB/s");
});

test("a text is cut in its middle, at whole letters", () => {
  expect(fitted("abcdefghij", 10)).toBe("abcdefghij");
  expect(fitted("abcdefghij", 5)).toBe("ab…ij");
  for (let columns = 1; columns < 20; columns++) {
    for (const text of ["가나다라마바사아자차", "e\u0301".repeat(12), "🎬🎬🎬🎬🎬🎬🎬🎬🎬"]) {
      expect(columnsOf(fitted(text, columns))).toBeLessThanOrEqual(columns);
    }
  }
  expect(escaped("\u007f\u0085\r")).toBe("\\177\\302\\205\\r");
});
