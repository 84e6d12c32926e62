import { randomBytes } from "node:crypto";
import { mkdir, readFile, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type TempFolder, tempFolder } from "../stores/temp-folder.ts";
import { run } from "./door.ts";

/** Run OpenSSH's sftp against our server on a pipe: no SSH, no network. */
async function overPipe(folder: TempFolder, commands: readonly string[]): Promise<string> {
  const batch = join(folder.path, "batch");
  await mkdir(join(folder.path, "far"), { recursive: true });
  await writeFile(batch, `${commands.join("\n")}\n`);
  const server = `${process.execPath} ${join(import.meta.dirname, "stdio-server.ts")} ${join(folder.path, "far")}`;
  const { code, output } = await run("sftp", ["-D", server, "-b", batch]);
  if (code !== 0) throw new Error(output);
  return output;
}

test("OpenSSH's sftp works over a pipe, with every size of its own resume test", async () => {
  await using folder = await tempFolder();
  const bytes = randomBytes(1_200_000);
  const file = join(folder.path, "data");
  const copy = join(folder.path, "copy");
  await writeFile(file, bytes);
  for (const size of [0, 1, 1000, 1_024_000, bytes.length - 1]) {
    await writeFile(copy, bytes.subarray(0, size));
    const output = await overPipe(folder, [`put ${copy} copy`, `put -a ${file} copy`, `get -a copy ${copy}`]);
    expect(output).not.toContain("reordered");
    expect((await readFile(join(folder.path, "far", "copy"))).equals(bytes)).toBe(true);
    expect((await readFile(copy)).equals(bytes)).toBe(true);
  }
});

test("df, chmod, chown, ln and bad names do what they can over a pipe", async () => {
  await using folder = await tempFolder();
  const file = join(folder.path, "data");
  await writeFile(file, "naru");
  const output = await overPipe(folder, [
    `put ${file} a`,
    "chmod 600 a",
    "-chown 1 a",
    "-chmod 600 nowhere",
    "df",
    "-ln -s a b",
    "-rename none other",
    "-cd none",
    "cd ../../..",
    "pwd",
    "rename a c",
    "ls",
  ]);
  expect(output).toContain("Remote working directory: /\n");
  // Size in KiB, as the disk below the store has it.
  const { blocks, bsize } = await statfs(folder.path);
  expect(output).toMatch(new RegExp(`Capacity\n +${Math.floor((blocks * bsize) / 1024)} `, "u"));
  expect(output).toMatch(/nowhere"?: (No such file|not found)/u);
  expect(output).toContain("sftp> ls\nc");
});
