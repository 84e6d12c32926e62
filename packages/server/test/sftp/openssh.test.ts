import { randomBytes } from "node:crypto";
import { readFile, stat, writeFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { memoryStore } from "@naru/core/testing";
import type { ClientChannel } from "ssh2";
import { expect, test } from "vitest";
import { needs } from "../../../../test/peers/needs.ts";
import { fetchAll } from "../gateway/opened-gateway.ts";
import { beginSftp, openDoor, run, sftp, sshOptions } from "./door.ts";
import { RawClient } from "./raw-client.ts";

needs("ssh");

test("OpenSSH puts, lists, gets, renames and removes, under Korean names too", async () => {
  await using door = await openDoor();
  const bytes = randomBytes(5_000_000);
  await writeFile(door.file("local.bin"), bytes);
  const printed = await sftp(door, [
    `put ${door.file("local.bin")} big.bin`,
    "mkdir 사진",
    `put ${door.file("local.bin")} 사진/봄.bin`,
    "ls -l 사진",
    "rename 사진/봄.bin 사진/여름.bin",
    "ls -1 사진",
    `get 사진/여름.bin ${door.file("back.bin")}`,
    "rm 사진/여름.bin",
    "rmdir 사진",
    "ls -1",
  ]);
  expect(printed).toMatch(/-rw-r--r-- +1 ann +naru +5000000 .* 봄\.bin/);
  expect(printed).toContain("사진/여름.bin");
  expect(printed.trim().split("\n").at(-1)?.trim()).toBe("big.bin");
  expect((await readFile(door.file("back.bin"))).equals(bytes)).toBe(true);
  expect((await fetchAll(door.store, "big.bin")).equals(bytes)).toBe(true);
});

test("an empty file arrives", async () => {
  await using door = await openDoor();
  await writeFile(door.file("empty"), "");
  await sftp(door, [`put ${door.file("empty")} empty`]);
  expect((await door.store.stat("empty"))?.size).toBe(0);
});

test("put -p keeps the time of a file", async () => {
  await using door = await openDoor();
  await writeFile(door.file("old"), "old");
  const told = await stat(door.file("old"));
  await sftp(door, [`put -p ${door.file("old")} old`, `get -p old ${door.file("back")}`]);
  expect(Math.floor((await stat(door.file("back"))).mtimeMs / 1000)).toBe(Math.floor(told.mtimeMs / 1000));
});

test("after kill -9 of the client in the middle, reput sends only the rest", async () => {
  await using door = await openDoor();
  const bytes = randomBytes(24_000_000);
  await writeFile(door.file("big"), bytes);
  const put = `put ${door.file("big")} big`;
  await using killed = await beginSftp(door, [put], ["-l", "24000"]);
  await expect.poll(() => durable(door)).toBeGreaterThan(2_000_000);
  await killed.kill("SIGKILL");
  // Nobody else sees any of it.
  expect(await door.store.stat("big")).toBeUndefined();
  await using bystander = door.place.gateway.open("bob");
  expect(await bystander.stat("/big")).toBeUndefined();

  // What came already is not looked at again: other bytes there would be seen.
  await writeFile(door.file("big"), Buffer.concat([Buffer.alloc(1_000_000), bytes.subarray(1_000_000)]));
  await sftp(door, [`re${put}`]);
  expect((await fetchAll(door.store, "big")).equals(bytes)).toBe(true);
});

test("rekeying in the middle of a transfer does it no harm", async () => {
  await using door = await openDoor();
  const bytes = randomBytes(12_000_000);
  await writeFile(door.file("big"), bytes);
  await sftp(door, [`put ${door.file("big")} big`], ["-o", "RekeyLimit=1M", "-c", "aes256-ctr"]);
  expect((await fetchAll(door.store, "big")).equals(bytes)).toBe(true);
});

test("md5sum and sha256sum are answered without a shell, anything else is refused", async () => {
  await using door = await openDoor();
  await writeFile(door.file("a b.txt"), "naru\n");
  await sftp(door, [`put "${door.file("a b.txt")}" "a b.txt"`]);
  const ssh = (command: string) => run("ssh", [...sshOptions(door), "-p", String(door.port), "ann@127.0.0.1", command]);
  const { output: md5 } = await run("md5sum", [door.file("a b.txt")]);
  const { output: sha256 } = await run("sha256sum", [door.file("a b.txt")]);
  expect(await ssh("md5sum 'a b.txt'")).toEqual({ code: 0, output: `${md5.slice(0, 32)}  a b.txt\n` });
  expect(await ssh("sha256sum a\\ b.txt")).toEqual({ code: 0, output: `${sha256.slice(0, 64)}  a b.txt\n` });
  for (const command of ["id", "md5sum $(id)", "md5sum a;id", "sh", "md5sum"]) {
    expect((await ssh(command)).code).toBe(255);
  }
  const forward = await run("ssh", [
    ...sshOptions(door),
    ...["-p", String(door.port), "-W", "127.0.0.1:1", "ann@127.0.0.1"],
  ]);
  expect(forward.output).toContain("forwarding failed");
});

test("who gives up waiting for the digest of a large file goes on with the same connection", async () => {
  const inner = memoryStore();
  const read = inner.read.bind(inner);
  let begun: () => void = () => undefined;
  const reading = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const store: typeof inner = Object.assign(inner, {
    read: (path: string, options: Parameters<typeof read>[1] = {}) => {
      if (path !== "large") return read(path, options);
      begun();
      return new Promise<never>((_, reject) => {
        options.signal?.addEventListener("abort", () => reject(options.signal?.reason));
      });
    },
  });
  for (const path of ["large", "small"]) {
    const upload = await store.create({ path, size: 5 });
    await upload.put({ number: 1, offset: 0, size: 5 }, new Blob(["naru\n"]));
    await upload.complete();
  }
  await using door = await openDoor({ store });
  await using raw = await RawClient.connect(door);
  const run = (command: string): Promise<ClientChannel> =>
    new Promise((resolve, reject) => raw.client.exec(command, (e, made) => (e ? reject(e) : resolve(made))));
  const waiting = await run("sha256sum large");
  await reading;
  waiting.close();
  const output = (await buffer(await run("sha256sum small"))).toString();
  expect(output).toMatch(/^[0-9a-f]{64} {2}small\n$/);
  expect(raw.ended).toBe(false);
});

async function durable(door: Awaited<ReturnType<typeof openDoor>>): Promise<number> {
  await using owner = door.place.gateway.open("ann");
  return (await owner.stat("/big"))?.size ?? 0;
}

test("df tells the room of a store that has an end, full ones too, and a PiB of one that tells none", async () => {
  const full = Object.assign(memoryStore(), { space: async () => ({ total: 8 * 1024 ** 3, free: 0 }) });
  await using door = await openDoor({ store: full });
  expect(await sftp(door, ["df"])).toMatch(/\n +8388608 +8388608 +0 +0 +100%/u);
  await using endless = await openDoor();
  expect(await sftp(endless, ["df -h"])).toMatch(/\n +1\.0PB +0BB? +1\.0PB .* 0%/u);
});
