import { randomBytes } from "node:crypto";
import { mkdir, mkdtempDisposable, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Program } from "../../../../test/harness/program.ts";
import { needs } from "../../../../test/peers/needs.ts";
import { fileStore } from "../../src/stores/file/file-store.ts";
import { type HttpDoor, httpDoor } from "../../src/testing/index.ts";
import { Client } from "./client.ts";
import { Cutter } from "./cutter.ts";

needs("curl", "wget", "aria2c", "axel");

let door: HttpDoor;
let cutter: Cutter;
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>;
let admin: Client;
const large = 8_000_000;

beforeAll(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), "naru-resuming-"));
  await mkdir(join(folder.path, "store/tree"), { recursive: true });
  door = await httpDoor(await fileStore(join(folder.path, "store")));
  cutter = await Cutter.to(door.origin);
  admin = Client.basic(door.origin, door.user, door.password);
  await writeFile(join(folder.path, "store/large.bin"), randomBytes(large));
  for (let i = 0; i < 50; i++) await writeFile(join(folder.path, `store/tree/파일 ${i}`), randomBytes(i * 10_000));
  await writeFile(join(folder.path, "store/tree/large"), randomBytes(large / 2));
  await admin.call("PUT", "/api/files/tree/sent", { body: randomBytes(large / 4) });
});
afterAll(async () => {
  await cutter[Symbol.asyncDispose]();
  await door.close();
  await folder.remove();
});

const who = (): string => `${door.user}:${door.password}`;

/** How each program fetches an address into `out`, and when run again resumes. */
const programs: Readonly<Record<string, (address: string) => readonly string[]>> = {
  "curl -C -": (address) => ["curl", "-sSf", "--user", who(), "-C", "-", "-o", "out", address],
  "wget -c": (address) => [
    ...["wget", "-c", "--tries=1", `--user=${door.user}`, `--password=${door.password}`],
    ...["--auth-no-challenge", "-O", "out", address],
  ],
  "aria2c -x4": (address) => [
    ...["aria2c", "-c", "-x4", "-s4", "-k1M", "--max-tries=1", `--http-user=${door.user}`],
    ...[`--http-passwd=${door.password}`, "-o", "out", address],
  ],
  axel: (address) => ["axel", "--quiet", "-n4", "-o", "out", address.replace("http://", `http://${who()}@`)],
};

const addresses: Readonly<Record<string, string>> = {
  "a file": "/api/files/large.bin",
  "an archive": "/api/archive?path=tree/",
};

async function run(command: readonly string[], cwd: string): Promise<number | NodeJS.Signals> {
  const [program = "", ...args] = command;
  await using ran = new Program(program, args, { cwd, env: { HOME: folder.path } });
  return await ran.exited;
}

/** Run a program until the line is cut, and end it: it must keep what it has. */
async function runUntilCut(command: readonly string[], cwd: string, bytes: number): Promise<void> {
  const [program = "", ...args] = command;
  const cut = cutter.cutAfter(bytes);
  await using ran = new Program(program, args, { cwd, env: { HOME: folder.path } });
  await cut;
  // Some would try again for ever.
  process.kill(ran.pid, "SIGINT");
  await ran.exited;
}

describe.each(Object.entries(programs))("%s", (name, command) => {
  test.each(Object.entries(addresses))("resumes %s that was cut half-way", async (what, path) => {
    const dir = join(folder.path, `${name} ${what}`);
    await mkdir(dir);
    const whole = Buffer.from(await (await admin.call("GET", path)).arrayBuffer());
    const address = `http://${cutter.host}${path}`;
    await runUntilCut(command(address), dir, whole.length / 2);
    const before = cutter.passed;
    cutter.mend();
    expect(await run(command(address), dir)).toBe(0);
    expect((await readFile(join(dir, "out"))).equals(whole)).toBe(true);
    // What came before the cut was not sent again.
    expect(cutter.passed - before).toBeLessThan(whole.length * 0.75);
  });

  test.skipIf(name === "axel")("with the tag in the address fails, instead of mixing two contents", async () => {
    const dir = join(folder.path, `${name} changed`);
    await mkdir(dir);
    await writeFile(join(folder.path, "store/changing.bin"), randomBytes(large));
    const head = await admin.call("HEAD", "/api/files/changing.bin");
    const tag = (head.headers.get("etag") ?? "").replaceAll('"', "");
    const address = `http://${cutter.host}/api/files/changing.bin?etag=${tag}`;
    await runUntilCut(command(address), dir, large / 2);
    cutter.mend();
    await writeFile(join(folder.path, "store/changing.bin"), randomBytes(large));
    expect(await run(command(address), dir)).not.toBe(0);
  });
});
