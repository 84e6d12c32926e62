import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { plantedMemory } from "@naru/core/testing";
import { describe, expect, test } from "vitest";
import { needs } from "../../../../test/peers/needs.ts";
import { fileStore } from "../../src/stores/file/file-store.ts";
import { openFtp, password, user } from "../ftp/opened-ftp.ts";
import { openDoor, run, sftp } from "../sftp/door.ts";
import { openS3 } from "../stores/opened-bucket.ts";
import { tempFolder } from "../stores/temp-folder.ts";
import { anew, fetchAll, listAll, openGateway } from "./opened-gateway.ts";

needs("lftp", "rclone");

const composed = "caf\u00e9 \uac00.txt".normalize("NFC");
const decomposed = composed.normalize("NFD");

/** Keys that a client can use, and those that none could name, or that lead elsewhere. */
const good = ["plain.txt", "dir/inner.txt", decomposed, `${"나라".normalize("NFD")}/안.txt`];
const odd = [
  ...["/lead.txt", "./dot.txt", "dir//twice.txt", "dir/./dot.txt", "dir/../up.txt", "//", "odd//x"],
  ...["back\\slash.txt", "con.txt", "tab\tname.txt", "new\nline.txt", "bell\u0007.txt", " "],
];

const stores = {
  file: async () => {
    const folder = await tempFolder();
    const plant = async (path: string, bytes: Uint8Array): Promise<boolean> => {
      // What a disk takes for another name, it cannot hold.
      if (path.split("/").some((name) => ["", ".", ".."].includes(name))) return false;
      await mkdir(dirname(join(folder.path, path)), { recursive: true });
      await writeFile(join(folder.path, path), bytes);
      return true;
    };
    const store = await fileStore(folder.path);
    return { store, plant, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
  },
  Ceph: openS3,
};

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** Every file below a folder on this machine, with its content. */
async function treeIn(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ name, parentPath }) => join(parentPath, name));
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file.slice(folder.length + 1), await readFile(file, "utf8")])),
  );
}

for (const [storeName, open] of Object.entries(stores)) {
  describe(`names that other programs gave, over ${storeName}`, () => {
    test("a decomposed one is listed, read, written, dated and removed as it is; none stands beside it", async () => {
      await using place = await open();
      await using gate = openGateway(place.store);
      const { session } = gate;
      await place.plant?.(decomposed, bytesOf("first"));
      expect((await listAll(session, "/")).map(({ path }) => path)).toEqual([`/${decomposed}`]);
      const reading = await session.openRead(`/${decomposed}`);
      expect(Buffer.concat(await reading.read(0, 10)).toString()).toBe("first");
      await reading.close();
      await session.setModified(`/${decomposed}`, new Date("2001-02-03T04:05:06Z"));
      expect(await session.stat(`/${decomposed}`)).toMatchObject({
        size: 5,
        modified: new Date("2001-02-03T04:05:06Z"),
      });
      await session.remove(`/${decomposed}`);
      expect(await listAll(session, "/")).toEqual([]);
    });

    test("a new one is composed, and either spelling then means it", async () => {
      await using place = await open();
      await using gate = openGateway(place.store);
      const { session } = gate;
      for (const [spelling, text] of [
        [decomposed, "one"],
        [composed, "two"],
        [decomposed, "three"],
      ] as const) {
        const arrival = await session.openWrite(`/${spelling}`, anew);
        await arrival.write(0, bytesOf(text));
        await arrival.finish();
        expect((await listAll(session, "/")).map(({ path }) => path)).toEqual([`/${composed}`]);
        expect((await fetchAll(place.store, composed)).toString()).toBe(text);
        expect(await session.stat(`/${decomposed}`)).toMatchObject({ size: text.length });
      }
    });

    test("a folder's spelling is kept for what comes into it, and when it is renamed", async () => {
      await using place = await open();
      await using gate = openGateway(place.store);
      const { session } = gate;
      const folder = "나라".normalize("NFD");
      await place.plant?.(`${folder}/a.txt`, bytesOf("a"));
      const arrival = await session.openWrite(`/${folder}/${decomposed}`, anew);
      await arrival.write(0, bytesOf("b"));
      await arrival.finish();
      expect((await listAll(session, "/")).map(({ path }) => path)).toEqual([`/${folder}`]);
      expect((await listAll(session, `/${folder}`)).map(({ path }) => path).sort()).toEqual(
        [`/${folder}/a.txt`, `/${folder}/${composed}`].sort(),
      );
      await session.move(`/${folder}`, "/plain");
      expect((await listAll(session, "/")).map(({ path }) => path)).toEqual(["/plain"]);
      expect((await listAll(session, "/plain")).map(({ path }) => path).sort()).toEqual(
        ["/plain/a.txt", `/plain/${composed}`].sort(),
      );
    });

    test("OpenSSH's get -r ends, and has fetched every good file once", async () => {
      await using place = await open();
      for (const path of [...good, ...odd]) await place.plant?.(path, bytesOf(path));
      await using door = await openDoor({ store: place.store });
      await mkdir(door.file("got"));
      await sftp(door, [`get -r . ${door.file("got")}`]);
      expect(await treeIn(door.file("got"))).toEqual(Object.fromEntries(good.map((path) => [path, path])));
    });

    test("lftp's mirror over FTP and rclone over SFTP end, and have fetched every good file once", async () => {
      await using place = await open();
      await using folder = await tempFolder();
      for (const path of [...good, ...odd]) await place.plant?.(path, bytesOf(path));
      await using ftp = await openFtp({ store: place.store });
      const [mirrored, copied] = [join(folder.path, "mirrored"), join(folder.path, "copied")];
      const mirror = `set net:max-retries 1; mirror . ${mirrored}; bye`;
      await promisify(execFile)("lftp", [
        "--norc",
        "-u",
        `${user},${password}`,
        "-p",
        `${ftp.port}`,
        "-e",
        mirror,
        "127.0.0.1",
      ]);
      const wanted = Object.fromEntries(good.map((path) => [path, path]));
      expect(await treeIn(mirrored)).toEqual(wanted);
      await using door = await openDoor({ store: place.store });
      const where = ["--sftp-host", "127.0.0.1", "--sftp-port", `${door.port}`, "--sftp-user", "ann"];
      const how = ["--sftp-key-file", door.file("id"), "--sftp-shell-type", "none", "--config", "/dev/null"];
      const { code, output } = await run("rclone", ["copy", ...where, ...how, ":sftp:", copied]);
      expect(code, output).toBe(0);
      expect(await treeIn(copied)).toEqual(wanted);
    });
  });
}

test("a folder that holds names which cannot be shown is not removed, and its client is told why", async () => {
  const { store, plant } = plantedMemory();
  await plant?.("odd/back\\slash", bytesOf("x"));
  await using gate = openGateway(store);
  expect(await listAll(gate.session, "/odd")).toEqual([]);
  await expect(gate.session.removeFolder("/odd")).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("names cannot be shown here"),
  });
});
