import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc64, KiB, MiB, type Part, partAt } from "@naru/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AgentJournal } from "../../src/journal.ts";
import type { SegmentSpool } from "../../src/spool/segment-spool.ts";
import { Spools } from "../../src/spool/spools.ts";
import { type TempFolder, tempFolder } from "../stores/temp-folder.ts";
import { feed, until } from "./feeder.ts";

const segmentSize = MiB;
let folder: TempFolder;
let journal: AgentJournal;
let spools: Spools;

beforeEach(async () => {
  folder = await tempFolder();
  await open();
});
afterEach(async () => {
  await close();
  await folder[Symbol.asyncDispose]();
});

async function open({ limit = 64 * MiB, at = join(folder.path, "spool") } = {}): Promise<void> {
  journal = new AgentJournal(join(folder.path, "agent.db"));
  spools = await Spools.open({ folder: at, home: join(folder.path, "spool"), journal, limit, log: () => undefined });
}

async function close(): Promise<void> {
  await spools.close();
  journal[Symbol.dispose]();
}

const fileOf = (bytes: Uint8Array) => ({ name: "film.mov", size: bytes.length, modifiedMs: 1_700_000_000_000 });

function spoolOf(bytes: Uint8Array, id = "one"): Promise<SegmentSpool> {
  return spools.spool({ id, file: fileOf(bytes), way: "full", segmentSize });
}

function part(bytes: Uint8Array, number: number): Part {
  const found = partAt(bytes.length, segmentSize, number);
  if (found === undefined) throw new Error("no such part");
  return found;
}

async function read(spool: SegmentSpool, { offset, size }: Part): Promise<Buffer> {
  return Buffer.from(await new Response(spool.source.slice(offset, offset + size).stream()).arrayBuffer());
}

test("what is fed is what is read, with its digests", async () => {
  const bytes = randomBytes(3 * MiB + 7);
  const spool = await spoolOf(bytes);
  await feed(spool, bytes);
  expect(spool.missing).toEqual([]);
  expect(spool.grant).toMatchObject({ durable: bytes.length, credit: 0, rewinds: 0 });
  for (const number of [1, 2, 3, 4]) {
    const one = part(bytes, number);
    const there = bytes.subarray(one.offset, one.offset + one.size);
    expect(there.equals(await read(spool, one))).toBe(true);
    const md5 = createHash("md5").update(there).digest("hex");
    expect(await spool.digest(spool.source.slice(one.offset, one.offset + one.size))).toEqual({
      md5,
      crc64: crc64(there),
    });
  }
  const { mode } = await stat(join(folder.path, "spool"));
  expect(mode & 0o777).toBe(0o700);
});

test("a part is read as soon as it is durable, before the rest has come", async () => {
  const bytes = randomBytes(3 * MiB);
  const spool = await spoolOf(bytes);
  const second = read(spool, part(bytes, 2));
  await feed(spool, bytes, { stopAt: 2 * MiB + 100 });
  expect(bytes.subarray(MiB, 2 * MiB).equals(await second)).toBe(true);
  await until(spool, () => spool.grant.durable === 2 * MiB);
  expect(spool.missing).toEqual([{ start: 2 * MiB, end: 3 * MiB }]);
});

test("a file four times the limit goes through, with no more than the limit on the disk", async () => {
  await close();
  await open({ limit: 4 * MiB });
  const bytes = randomBytes(16 * MiB);
  expect((await spools.wayFor(bytes.length)).way).toBe("window");
  const spool = await spoolOf(bytes);
  const feeding = feed(spool, bytes);
  await until(spool, () => spool.grant.durable === 4 * MiB);
  expect(spool.grant.credit).toBe(0);
  let most = 0;
  for (let number = 1; number <= 16; number++) {
    const one = part(bytes, number);
    await spool.digest(spool.source.slice(one.offset, one.offset + one.size));
    expect(bytes.subarray(one.offset, one.offset + one.size).equals(await read(spool, one))).toBe(true);
    most = Math.max(most, await bytesIn(join(folder.path, "spool", "one")));
    await spool.confirm(one);
  }
  await feeding;
  expect(most).toBeLessThanOrEqual(4 * MiB);
  expect(await readdir(join(folder.path, "spool", "one"))).toEqual([]);
});

test("after a restart it is told what is durable and what is missing, and halves are gone", async () => {
  const bytes = randomBytes(5 * MiB);
  const first = await spoolOf(bytes);
  await feed(first, bytes, { stopAt: 2 * MiB + 300 * KiB });
  await until(first, () => first.grant.durable === 2 * MiB);
  await first.confirm(part(bytes, 1));
  await close();
  await open();
  const spool = await spoolOf(bytes);
  expect(spool.grant).toMatchObject({ durable: 2 * MiB, credit: 0 });
  expect(spool.missing).toEqual([{ start: 2 * MiB, end: 5 * MiB }]);
  expect(await readdir(join(folder.path, "spool", "one"))).toEqual(["2.part"]);
  await feed(spool, bytes);
  expect(spool.missing).toEqual([]);
  expect(bytes.subarray(4 * MiB).equals(await read(spool, part(bytes, 5)))).toBe(true);
});

test("a file is taken up again only if it is the same: size, time and contents", async () => {
  const bytes = randomBytes(4 * MiB);
  const spool = await spoolOf(bytes);
  await feed(spool, bytes, { stopAt: 3 * MiB });
  await until(spool, () => spool.grant.durable === 3 * MiB);
  await spool.confirm(part(bytes, 1));
  const proofs = (of: Uint8Array) =>
    spool.proofs().map(({ start, end }) => ({ start, end, crc64: crc64(of.subarray(start, end)) }));
  expect(proofs(bytes)).toHaveLength(3);
  spool.match(fileOf(bytes), proofs(bytes));
  const other = Buffer.from(bytes);
  other[10] = (other[10] ?? 0) ^ 1;
  const changed = expect.objectContaining({ code: "file-changed" });
  const tried = (act: () => void) => {
    try {
      act();
      return undefined;
    } catch (error) {
      return error;
    }
  };
  expect(tried(() => spool.match(fileOf(bytes), proofs(other)))).toEqual(changed);
  expect(tried(() => spool.match({ ...fileOf(bytes), modifiedMs: 5 }, proofs(bytes)))).toEqual(changed);
  expect(tried(() => spool.match(fileOf(bytes.subarray(1)), proofs(bytes)))).toEqual(changed);
  expect(tried(() => spool.match(fileOf(bytes), []))).toEqual(changed);
});

test("bytes that are there already are passed over; gaps and what nobody asked for are refused", async () => {
  const bytes = randomBytes(40 * MiB);
  const spool = await spoolOf(bytes);
  const invalid = { code: "invalid" };
  await expect(spool.write(0, bytes.subarray(0, 10))).rejects.toMatchObject(invalid);
  spool.attach();
  await spool.write(0, bytes.subarray(0, 600 * KiB));
  await spool.write(300 * KiB, bytes.subarray(300 * KiB, 1200 * KiB));
  await until(spool, () => spool.grant.durable === MiB);
  await spool.write(0, bytes.subarray(0, MiB));
  expect(bytes.subarray(0, MiB).equals(await read(spool, part(bytes, 1)))).toBe(true);
  await expect(spool.write(1300 * KiB, bytes.subarray(0, 10))).rejects.toMatchObject(invalid);
  await expect(spool.write(39 * MiB, bytes.subarray(0, MiB))).rejects.toMatchObject(invalid);
  await expect(spool.write(-1, bytes.subarray(0, 1))).rejects.toMatchObject(invalid);
  await expect(spool.write(40 * MiB, bytes.subarray(0, 1))).rejects.toMatchObject(invalid);
});

test("what the far side has lost must be fed again", async () => {
  const bytes = randomBytes(3 * MiB);
  const spool = await spoolOf(bytes);
  await feed(spool, bytes);
  await spool.confirm(part(bytes, 1));
  await spool.confirm(part(bytes, 2));
  await spool.settle([part(bytes, 1)]);
  expect(spool.missing).toEqual([{ start: MiB, end: 2 * MiB }]);
  expect(spool.grant).toMatchObject({ durable: MiB, rewinds: 1 });
  await feed(spool, bytes);
  expect(bytes.subarray(MiB, 2 * MiB).equals(await read(spool, part(bytes, 2)))).toBe(true);
});

test("a segment that the disk has spoilt must be fed again", async () => {
  const bytes = randomBytes(3 * MiB);
  const spool = await spoolOf(bytes);
  await feed(spool, bytes);
  await writeFile(join(folder.path, "spool", "one", "2.part"), randomBytes(MiB));
  await spool.verify();
  expect(spool.missing).toEqual([{ start: MiB, end: 2 * MiB }]);
});

test("a spool whose folder goes as a whole loses nothing: it is read once that is back", async () => {
  const bytes = randomBytes(2 * MiB);
  const spool = await spoolOf(bytes);
  await feed(spool, bytes);
  const [here, away] = [join(folder.path, "spool"), join(folder.path, "away")];
  await rename(here, away);
  await expect(read(spool, part(bytes, 1))).rejects.toMatchObject({ code: "unavailable" });
  await spool.verify();
  expect(spool.missing).toEqual([]);
  await rename(away, here);
  expect(bytes.subarray(0, MiB).equals(await read(spool, part(bytes, 1)))).toBe(true);
});

test("an empty file is there at once", async () => {
  const spool = await spoolOf(new Uint8Array(0));
  expect(spool.missing).toEqual([]);
  const digest = await spool.digest(spool.source.slice(0, 0));
  expect(digest.crc64).toBe("0000000000000000");
});

test("a full disk stops the credit and loses nothing; with room again it goes on", async () => {
  const disk = join(folder.path, "disk");
  await mkdir(disk);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=24m", "tmpfs", disk]);
  try {
    await close();
    await open({ at: join(disk, "spool") });
    const bytes = randomBytes(12 * MiB);
    const spool = await spoolOf(bytes);
    spool.attach();
    expect(spool.grant.credit).toBe(12 * MiB);
    // Others fill the disk after credit was given.
    await writeFile(join(disk, "others"), randomBytes(18 * MiB));
    const feeding = feed(spool, bytes);
    await until(spool, () => spool.grant.credit === 0 && spool.grant.durable < bytes.length);
    await rm(join(disk, "others"));
    await feeding;
    expect(spool.missing).toEqual([]);
    for (let number = 1; number <= 12; number++) {
      const one = part(bytes, number);
      expect(bytes.subarray(one.offset, one.offset + one.size).equals(await read(spool, one))).toBe(true);
    }
  } finally {
    await close();
    execFileSync("umount", [disk]);
    await open();
  }
});

async function bytesIn(place: string): Promise<number> {
  const names = await readdir(place);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(place, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
