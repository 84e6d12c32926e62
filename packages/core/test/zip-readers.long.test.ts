import { mkdir, mkdtempDisposable, open, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Program } from "../../../test/harness/program.ts";
import { needs } from "../../../test/peers/needs.ts";
import { combineCrc32, frame, GiB, isFramed, MiB, type ZipEntry, ZipLayout } from "../src/index.ts";

needs("unzip", "zipinfo", "7z", "7zz", "bsdtar", "busybox", "jar", "/usr/bin/python3");

let folder: Awaited<ReturnType<typeof mkdtempDisposable>>;
beforeAll(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), "naru-zip-readers-"));
});
afterAll(() => folder.remove());

async function run(command: readonly string[], cwd = folder.path): Promise<string> {
  const [program = "", ...args] = command;
  await using ran = new Program(program, args, { cwd, env: { LC_ALL: "C.UTF-8" } });
  const code = await ran.exited;
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}: ${ran.output.slice(-500)}`);
  return ran.stdout;
}

/** The CRC-32 of so many bytes of 0. */
function crcOfZeros(size: number): number {
  if (size <= MiB) return crc32(new Uint8Array(size));
  const half = Math.floor(size / 2);
  const crc = crcOfZeros(half);
  const both = combineCrc32(crc, crc, half);
  return size % 2 === 0 ? both : combineCrc32(both, crc32(new Uint8Array(1)), 1);
}

const blockSize = 65_535;

/** Write an archive of zeros, and of `tail` in entries of that size, into a file with holes. */
async function write(name: string, entries: readonly ZipEntry[]): Promise<string> {
  const path = join(folder.path, name);
  const layout = new ZipLayout(entries);
  await using file = await open(path, "w");
  await file.truncate(layout.size);
  let place = 0;
  for (const piece of layout.pieces({ start: 0, end: layout.size })) {
    const entry = entries[piece.entry];
    const length = piece.end - piece.start;
    if (piece.of !== "data" || entry === undefined) {
      await file.write(
        layout.bytesOf(piece, (i) => crcOf(entries[i])),
        0,
        length,
        place,
      );
    } else if (entry.size === tail.length) {
      const chunks = isFramed(entry) ? frame(tail, 0, { range: piece, size: entry.size }) : [tail];
      await file.write(Buffer.concat([...chunks]), 0, length, place);
    } else if (isFramed(entry)) {
      for (let at = 0; at < entry.size; at += blockSize) {
        const [head = new Uint8Array(0)] = frame(new Uint8Array(1), at, { range: piece, size: entry.size });
        await file.write(head, 0, head.length, place + (at / blockSize) * (blockSize + 5));
      }
    }
    place += length;
  }
  return path;
}

const tail = new TextEncoder().encode("what stands behind it");

function crcOf(entry: ZipEntry | undefined): number {
  if (entry?.size === tail.length) return crc32(tail);
  return crcOfZeros(entry?.size ?? 0);
}

const behind: ZipEntry = { name: "작은 것.txt", size: tail.length, modified: Date.UTC(2026, 10, 30) };
const known = (entry: ZipEntry): ZipEntry => ({ ...entry, crc32: crcOf(entry) });
const large = (size: number): ZipEntry => ({ name: "large.bin", size, modified: Date.UTC(2026, 10, 30) });
/** Framed, this one needs 64 bits though its own size does not. */
const onlyFramed = 4_294_639_700;

describe.each([
  ["stored, 4 GiB and more", [known(large(4 * GiB + 12_345)), known(behind)]],
  ["stored, 4,294,967,295 bytes", [known(large(0xffff_ffff)), known(behind)]],
  ["framed, 4 GiB and more", [large(4 * GiB + 12_345), behind]],
  ["framed, wide only by its frames", [large(onlyFramed), behind]],
  ["stored, together beyond 4 GiB", [known(large(4 * GiB - 100)), known({ ...behind, name: "b" }), known(behind)]],
])("%s", (name, entries) => {
  let zip: string;
  beforeAll(async () => {
    zip = await write(`${name}.zip`, entries);
  });

  test("readers find what stands behind a large file", async () => {
    const text = new TextDecoder().decode(tail);
    const { name: wanted } = behind;
    const printed = {
      unzip: await run(["unzip", "-p", zip, wanted]),
      "7z": await run(["7z", "x", "-so", zip, wanted]),
      "7zz": await run(["7zz", "x", "-so", zip, wanted]),
      bsdtar: await run(["bsdtar", "-xOf", zip, wanted]),
      zipfile: await run([
        "/usr/bin/python3",
        "-c",
        `import zipfile, sys; print(zipfile.ZipFile(sys.argv[1]).read("${wanted}").decode(), end="")`,
        zip,
      ]),
    };
    for (const [reader, found] of Object.entries(printed)) expect([reader, found]).toEqual([reader, text]);
    const dir = join(folder.path, `jar ${name}`);
    await mkdir(dir);
    await run(["jar", "xf", zip, wanted], dir);
    expect(await readFile(join(dir, wanted), "utf8")).toBe(text);
    expect(await run(["zipinfo", "-1", zip])).toBe(`${entries.map((entry) => entry.name).join("\n")}\n`);
  });
});

test("a framed file of 4 GiB is read whole, from a file and from a pipe", async () => {
  const zip = await write("whole.zip", [large(4 * GiB + 12_345), behind]);
  expect(await run(["7zz", "t", zip])).toContain("Everything is Ok");
  const counted = await run(["sh", "-c", "bsdtar -xOf - large.bin < whole.zip | wc -c"]);
  expect(Number(counted)).toBe(4 * GiB + 12_345);
});

test("70,000 files are listed whole", async () => {
  const count = 70_000;
  const entries = Array.from({ length: count }, (_, i) => ({ name: `${i}`, size: tail.length, crc32: crc32(tail) }));
  const zip = await write("many.zip", entries);
  const lines = (text: string): number => text.trimEnd().split("\n").length;
  expect(lines(await run(["zipinfo", "-1", zip]))).toBe(count);
  expect(lines(await run(["bsdtar", "-tf", zip]))).toBe(count);
  expect(lines(await run(["sh", "-c", "bsdtar -tf - < many.zip"]))).toBe(count);
  expect(lines(await run(["jar", "tf", zip]))).toBe(count);
  expect(await run(["busybox", "unzip", "-l", zip])).toContain(`${count} files`);
  for (const program of ["7z", "7zz"]) expect(await run([program, "l", zip])).toContain(`${count} files`);
  expect(lines(await run(["/usr/bin/python3", "-m", "zipfile", "-l", zip]))).toBe(count + 1);
});
