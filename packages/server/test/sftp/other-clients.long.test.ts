import { createHash, randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { Program } from "../../../../test/harness/program.ts";
import { needs } from "../../../../test/peers/needs.ts";
import { fetchAll } from "../gateway/opened-gateway.ts";
import { type OpenDoor, openDoor, run } from "./door.ts";

needs("curl", "lftp", "/usr/lib/python3/dist-packages/paramiko/__init__.py");

const ssh = "ssh -a -x -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR";

function lftp({ port }: OpenDoor, commands: string): [string, string[]] {
  const settings = `set net:max-retries 1; set net:timeout 20; set sftp:connect-program "${ssh}"`;
  return ["lftp", ["-c", `${settings}; open -u ann,secret -p ${port} sftp://127.0.0.1; ${commands}`]];
}

async function paramiko(door: OpenDoor, lines: readonly string[]): Promise<string> {
  const begin = [
    "import paramiko",
    `t = paramiko.Transport(("127.0.0.1", ${door.port}))`,
    'import hashlib; t.connect(username="ann", password="secret")',
    "s = paramiko.SFTPClient.from_transport(t)",
  ];
  const { code, output } = await run("/usr/bin/python3", ["-c", [...begin, ...lines, "t.close()"].join("\n")]);
  if (code !== 0) throw new Error(output);
  return output;
}

test("lftp, which begins with version 6, puts, lists, gets and renames", async () => {
  await using door = await openDoor();
  const bytes = randomBytes(3_000_000);
  await writeFile(door.file("local"), bytes);
  const { code, output } = await run(
    ...lftp(door, `put ${door.file("local")} -o 가.bin; mv 가.bin 나.bin; cls -l; get 나.bin -o ${door.file("back")}`),
  );
  expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining("나.bin") });
  expect((await readFile(door.file("back"))).equals(bytes)).toBe(true);
});

test("lftp killed in the middle goes on with put -c", async () => {
  await using door = await openDoor();
  const bytes = randomBytes(12_000_000);
  await writeFile(door.file("local"), bytes);
  const [command, args] = lftp(door, `set net:limit-rate 1500000; put ${door.file("local")} -o big`);
  await using killed = new Program(command, args);
  await using owner = door.place.gateway.open("ann");
  await expect.poll(async () => (await owner.stat("/big"))?.size ?? 0).toBeGreaterThan(1_000_000);
  await killed.kill("SIGKILL");
  expect(await door.store.stat("big")).toBeUndefined();
  expect((await run(...lftp(door, `put -c ${door.file("local")} -o big`))).code).toBe(0);
  expect((await fetchAll(door.store, "big")).equals(bytes)).toBe(true);
});

test("paramiko's put, which floods, arrives whole, and its checks of the size agree", async () => {
  await using door = await openDoor();
  const bytes = randomBytes(20_000_000);
  await writeFile(door.file("local"), bytes);
  const output = await paramiko(door, [
    `print(s.put("${door.file("local")}", "/flood").st_size)`,
    's.mkdir("/a"); s.rename("/flood", "/a/flood"); print(s.listdir("/a"))',
    's.utime("/a/flood", (7, 7)); print(s.stat("/a/flood").st_mtime)',
    's.chmod("/a/flood", 0o600); s.truncate("/a/flood", 1000); print(s.stat("/a/flood").st_size)',
  ]);
  expect(output).toBe("20000000\n['flood']\n7\n1000\n");
  expect((await fetchAll(door.store, "a/flood")).equals(bytes.subarray(0, 1000))).toBe(true);
});

test("paramiko's check tells checksums, whole and by blocks, of what it did not send too", async () => {
  await using door = await openDoor();
  const bytes = randomBytes(1_000_000);
  await door.store.putFile?.({ path: "file" }, new Blob([bytes]));
  const output = await paramiko(door, [
    'f = s.open("/file", "r")',
    'print(f.check("sha256").hex())',
    'print(f.check("sha1", 1000, 5000).hex())',
    'print(f.check("md5", 0, 0, 600000).hex())',
    'g = s.open("/cut", "w"); g.write("x")',
    "import paramiko",
    'h = s.open("/cut", "a")',
    "try: h.check('md5')",
    "except IOError as e: print(e)",
  ]);
  const hex = (name: string, part: Buffer): string => createHash(name).update(part).digest("hex");
  expect(output.split("\n").slice(0, 3)).toEqual([
    hex("sha256", bytes),
    hex("sha1", bytes.subarray(1000, 6000)),
    hex("md5", bytes.subarray(0, 600_000)) + hex("md5", bytes.subarray(600_000)),
  ]);
  expect(output).toContain("open the file for reading");
});

test("a folder of a thousand files is listed whole", async () => {
  await using door = await openDoor();
  const output = await paramiko(door, [
    's.mkdir("/many")',
    'for i in range(1000): s.open("/many/%d" % i, "w").close()',
    'print(len(set(s.listdir("/many"))))',
  ]);
  expect(output).toBe("1000\n");
});

test("curl puts, goes on and gets", async () => {
  await using door = await openDoor();
  const bytes = randomBytes(2_000_000);
  await writeFile(door.file("local"), bytes);
  await writeFile(door.file("half"), bytes.subarray(0, 900_000));
  const curl = (...args: readonly string[]) => run("curl", ["-sS", "-k", "-u", "ann:secret", ...args]);
  const url = `sftp://127.0.0.1:${door.port}/file`;
  expect(await curl("-T", door.file("half"), url)).toEqual({ code: 0, output: "" });
  expect(await curl("-C", "-", "-T", door.file("local"), url)).toEqual({ code: 0, output: "" });
  expect((await fetchAll(door.store, "file")).equals(bytes)).toBe(true);
  expect(await curl("-o", door.file("back"), url)).toEqual({ code: 0, output: "" });
  expect((await readFile(door.file("back"))).equals(bytes)).toBe(true);
});
