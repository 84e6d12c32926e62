/** Programs that write files again in place: OpenSSH's scp, and others on a folder that sshfs mounted. */

import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Files, MiB, type Store } from "@naru/core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { Program } from "../../../../test/harness/program.ts";
import { needs } from "../../../../test/peers/needs.ts";
import { fileStore } from "../../src/stores/file/file-store.ts";
import { fetchAll } from "../gateway/opened-gateway.ts";
import { openS3 } from "../stores/opened-bucket.ts";
import { tempFolder } from "../stores/temp-folder.ts";
import { type OpenDoor, openDoor, run, sshOptions } from "./door.ts";

needs("scp", "sshfs", "fusermount", "rsync", "zip", "zipinfo");

interface Opened extends AsyncDisposable {
  readonly store: Store & Files;
}

const stores: Readonly<Record<string, () => Promise<Opened>>> = {
  file: async () => {
    const folder = await tempFolder();
    const store = await fileStore(folder.path, { durable: false });
    return { store, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
  },
  "Ceph S3": () => openS3(),
};

/** Writes a file, then its header again, as programs do that make videos. */
const twoPasses = `
  const fs = require("node:fs");
  const [, path, size] = process.argv;
  const file = fs.openSync(path, "w");
  for (let at = 0; at < Number(size); at += 1_000_000) fs.writeSync(file, Buffer.alloc(1_000_000, "body"), 0, 1_000_000, at);
  fs.writeSync(file, Buffer.from("header"), 0, 6, 0);
  fs.writeSync(file, Buffer.from("index"), 0, 5, 4_000_000);
  fs.closeSync(file);
`;

const canMount = existsSync("/dev/fuse");
if (!canMount) console.error("NOT TRIED: programs on a folder that sshfs mounts, since there is no /dev/fuse here");

for (const [name, openStore] of Object.entries(stores)) {
  describe(`in place over ${name}`, () => {
    const stack = new AsyncDisposableStack();
    let door: OpenDoor;
    const long = randomBytes(9 * MiB + 13);
    const short = randomBytes(1_000_013);

    beforeAll(async () => {
      const { store } = stack.use(await openStore());
      door = stack.use(await openDoor({ store }));
      await writeFile(door.file("long"), long);
      await writeFile(door.file("short"), short);
    });
    afterAll(() => stack.disposeAsync());

    const stored = async (path: string): Promise<Buffer | undefined> =>
      (await door.store.stat(path)) && (await fetchAll(door.store, path));
    /** sshfs closes a file at the server when the program is over, and tells nobody what came of it. */
    const becomes = async (path: string, bytes: Buffer): Promise<void> => {
      const is = async (): Promise<string> => ((await stored(path))?.equals(bytes) ? "right" : "not right");
      await expect.poll(is, { interval: 200 }).toBe("right");
    };

    test("scp of a shorter file over a longer one", async () => {
      for (const file of ["long", "short"]) {
        const done = await run("scp", [
          ...sshOptions(door),
          "-P",
          `${door.port}`,
          door.file(file),
          "ann@127.0.0.1:/scp",
        ]);
        expect(done).toMatchObject({ code: 0 });
      }
      expect((await stored("scp"))?.equals(short)).toBe(true);
    });

    describe.skipIf(!canMount)("on a folder that sshfs mounted (needs /dev/fuse)", () => {
      const mounted = new AsyncDisposableStack();
      let far: (path: string) => string;
      beforeAll(async () => {
        const folder = door.file("mounted");
        await mkdir(folder);
        const options = [...sshOptions(door), "-p", `${door.port}`, "-o", "reconnect,ServerAliveInterval=15"];
        const sshfs = mounted.use(new Program("sshfs", ["-f", ...options, "ann@127.0.0.1:/", folder]));
        mounted.defer(async () => void (await run("fusermount", ["-u", "-z", folder])));
        await vi.waitUntil(
          async () => {
            if (!sshfs.running) throw new Error(`Cannot mount: ${sshfs.output}`);
            return (await readFile("/proc/mounts", "utf8")).includes(folder);
          },
          { timeout: 60_000 },
        );
        far = (path) => join(folder, path);
      });
      afterAll(() => mounted.disposeAsync());

      const does = async (command: string, ...args: readonly string[]): Promise<void> => {
        const { code, output } = await run(command, args);
        if (code !== 0) throw new Error(`${command} ended with ${code}: ${output}`);
      };

      test("rsync --inplace of a shorter file over a longer one, and of a longer one over a shorter", async () => {
        for (const file of ["long", "short", "long"] as const) {
          await does("rsync", "--inplace", "--no-times", "--ignore-times", door.file(file), far("rsync"));
          await becomes("rsync", file === "long" ? long : short);
        }
      });

      test("dd into the middle of a file, ahead of a new one, and truncate", async () => {
        await does("cp", door.file("long"), far("dd"));
        await does(
          "dd",
          `if=${door.file("short")}`,
          `of=${far("dd")}`,
          "conv=notrunc",
          "bs=1000",
          "seek=3000",
          "count=500",
        );
        const patched = Buffer.from(long);
        patched.set(short.subarray(0, 500_000), 3_000_000);
        await becomes("dd", patched);

        await does("dd", `if=${door.file("short")}`, `of=${far("hole")}`, "bs=1000", "seek=2000", "count=1");
        const hole = Buffer.concat([Buffer.alloc(2_000_000), short.subarray(0, 1000)]);
        await becomes("hole", hole);

        await does("truncate", "-s", "2500000", far("hole"));
        await becomes("hole", Buffer.concat([hole, Buffer.alloc(499_000)]));
        await does("truncate", "-s", "10", far("hole"));
        await becomes("hole", Buffer.alloc(10));
      });

      test("zip, which writes its headers again", async () => {
        await does("zip", "-q", "-j", far("some.zip"), door.file("long"), door.file("short"));
        await expect.poll(() => door.store.stat("some.zip")).toBeDefined();
        await writeFile(door.file("back.zip"), (await stored("some.zip")) ?? "");
        await does("zip", "-T", "-q", door.file("back.zip"));
        expect((await run("zipinfo", ["-1", door.file("back.zip")])).output).toBe("long\nshort\n");
      });

      test("a program that writes its header and its index again at the end", async () => {
        await does(process.execPath, "-e", twoPasses, far("video"), "12000000");
        const whole = Buffer.alloc(12_000_000, "body");
        whole.write("header");
        whole.write("index", 4_000_000);
        await becomes("video", whole);
      });
    });
  });
}
