import { mkdir, mkdtempDisposable, readdir, readFile, stat, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memoryStore } from "@naru/core/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Program } from "../../../../test/harness/program.ts";
import { needs } from "../../../../test/peers/needs.ts";
import { type HttpDoor, httpDoor } from "../../src/testing/index.ts";
import { Client } from "./client.ts";

needs("curl", "wget", "wget2", "aria2c", "axel");

const names = ["한글.bin", "영상.bin", 'a "quoted" 100% (1).txt'];

let door: HttpDoor;
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>;
beforeAll(async () => {
  door = await httpDoor(memoryStore());
  folder = await mkdtempDisposable(join(tmpdir(), "naru-programs-"));
  const admin = Client.basic(door.origin, door.user, door.password);
  for (const name of names) await admin.call("PUT", `/api/files/d/${encodeURIComponent(name)}`, { body: name });
});
afterAll(async () => {
  await door.close();
  await folder.remove();
});

const who = (): [string, string] => [door.user, door.password];
const addressOf = (name: string): string => `${door.origin}/api/files/d/${encodeURIComponent(name)}`;

async function run(command: readonly string[], cwd: string): Promise<Program> {
  const [program = "", ...args] = command;
  const ran = new Program(program, args, { cwd, env: { LC_ALL: "C.UTF-8", HOME: folder.path } });
  const code = await ran.exited;
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}: ${ran.output}`);
  return ran;
}

const wget = (...args: string[]): string[] => {
  const [user, password] = who();
  return ["wget", "--no-verbose", `--user=${user}`, `--password=${password}`, "--auth-no-challenge", ...args];
};
const aria2c = (...args: string[]): string[] => {
  const [user, password] = who();
  return ["aria2c", `--http-user=${user}`, `--http-passwd=${password}`, "--console-log-level=notice", ...args];
};

/** How each program is told to save a file under the name that the server gives. */
const programs: Readonly<Record<string, (address: string) => readonly string[]>> = {
  wget: (address) => wget("--content-disposition", address),
  "wget without the option": (address) => wget(address),
  wget2: (address) => ["wget2", `--user=${who()[0]}`, `--password=${who()[1]}`, "--content-disposition", address],
  aria2c: (address) => aria2c(address),
  axel: (address) => ["axel", "--quiet", address.replace("http://", `http://${who().join(":")}@`)],
  // It saves nothing unless its output is a terminal.
  httpie: (address) => [
    ...["script", "-qefc", `http --ignore-stdin --auth=${who().join(":")} --download '${address}'`, "/dev/null"],
  ],
};

test.each(Object.entries(programs))("%s saves each file under its own name", async (program, command) => {
  const dir = join(folder.path, program);
  await mkdir(dir);
  for (const name of names) await run(command(addressOf(name)), dir);
  expect((await readdir(dir)).toSorted()).toEqual(names.toSorted());
  for (const name of names) expect(await readFile(join(dir, name), "utf8")).toBe(name);
});

test("curl -OJ, which knows no names beyond ASCII, takes those of the addresses and mixes up none", async () => {
  const dir = join(folder.path, "curl");
  await mkdir(dir);
  for (const name of names) await run(["curl", "-sS", "-OJ", "--user", who().join(":"), addressOf(name)], dir);
  expect((await readdir(dir)).toSorted()).toEqual(names.map((name) => encodeURIComponent(name)).toSorted());
});

test("wget -N and aria2c --conditional-get fetch only what is newer than what they have", async () => {
  const dir = join(folder.path, "conditional");
  await mkdir(dir);
  const address = `${door.origin}/api/files/d/plain.bin`;
  const admin = Client.basic(door.origin, ...who());
  await admin.call("PUT", "/api/files/d/plain.bin", { body: "first" });
  const file = join(dir, "plain.bin");

  await run(wget("-N", address), dir);
  const { mtimeMs } = await stat(file);
  expect((await run(wget("-N", "--verbose", address), dir)).output).toContain("304 Not Modified");
  expect((await run(aria2c("--conditional-get", "--allow-overwrite", address), dir)).output).toMatch(
    /already completed|already downloaded/i,
  );
  expect((await stat(file)).mtimeMs).toBe(mtimeMs);

  const dayBefore = new Date(mtimeMs - 24 * 60 * 60 * 1000);
  await utimes(file, dayBefore, dayBefore);
  await admin.call("PUT", "/api/files/d/plain.bin", { body: "second" });
  await run(aria2c("--conditional-get", "--allow-overwrite", address), dir);
  expect(await readFile(file, "utf8")).toBe("second");
  await utimes(file, dayBefore, dayBefore);
  await run(wget("-N", address), dir);
  expect(await readFile(file, "utf8")).toBe("second");
});
