import { randomBytes } from "node:crypto";
import type { Files, Store, WireFile } from "@naru/core";
import { MiB } from "@naru/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { needs } from "../../../../test/peers/needs.ts";
import type { Mount } from "../../src/catalogue/mount-table.ts";
import { fileStore } from "../../src/stores/file/file-store.ts";
import { type EveryDoor, openEveryDoor } from "../catalogue/every-door.ts";
import { openS3 } from "../stores/opened-bucket.ts";
import { tempFolder } from "../stores/temp-folder.ts";
import { verdict } from "./client.ts";

needs("curl");

let doors: EveryDoor;
const opened: AsyncDisposable[] = [];
beforeAll(async () => {
  const [disk, bucket] = await Promise.all([tempFolder(), openS3()]);
  opened.push(disk, bucket);
  const store: Store & Files = await fileStore(disk.path);
  const mounts: readonly Mount[] = [{ prefix: "bucket/", store: bucket.store }];
  doors = await openEveryDoor(store, mounts);
});
afterAll(async () => {
  await doors[Symbol.asyncDispose]();
  for (const one of opened) await one[Symbol.asyncDispose]();
});

const api = (path: string): string => `/api/files/${path.split("/").map(encodeURIComponent).join("/")}`;
const put = (path: string, body: BodyInit = path) => doors.http.call("PUT", api(path), { body });
const read = async (path: string): Promise<Buffer> =>
  Buffer.from(await (await doors.http.call("GET", api(path))).arrayBuffer());
const copy = (from: string, to: string, conflict?: string) =>
  doors.http.json("POST", "/api/copy", { from, to, conflict });
const told = async (path: string) =>
  (await doors.events(path)).filter(({ kind }) => kind !== "begun").map(({ kind, path: at }) => `${kind} ${at}`);

describe.each(["disk/", "bucket/"])("within %s", (folder) => {
  test("a copy has the bytes, type, modification time and checksum of the file, which stays", async () => {
    const path = `${folder}원본.bin`;
    const bytes = randomBytes(MiB + 17);
    const { id, partSize } = await doors.http.create({
      path,
      size: bytes.length,
      type: "video/mp4",
      modified: "2001-02-03T04:05:06Z",
    });
    for (let at = 0, number = 1; at < bytes.length; at += partSize, number++) {
      await doors.http.put(id, number, bytes.subarray(at, at + partSize));
    }
    await doors.http.json("POST", `/api/uploads/${id}/complete`, {});
    const file = (await (await doors.http.call("GET", `${api(path)}?stat`)).json()) as WireFile;
    const copied = (await (await copy(path, `${folder}사본.bin`)).json()) as WireFile;
    const { etag: _etag, ...same } = { ...file, path: `${folder}사본.bin` };
    expect(copied).toMatchObject(same);
    expect(copied.crc64).toMatch(/^[0-9a-f]{16}$/u);
    expect((await read(`${folder}사본.bin`)).equals(bytes)).toBe(true);
    expect((await read(path)).equals(bytes)).toBe(true);
    expect(await told(`${folder}사본.bin`)).toEqual([`arrived ${folder}사본.bin`]);
    // What is written to the copy later is not written to the file.
    await put(`${folder}사본.bin`, "changed");
    expect((await read(path)).equals(bytes)).toBe(true);
  });

  test("a name that is taken is refused, replaced, or becomes the next free one", async () => {
    await put(`${folder}from`, "new");
    await put(`${folder}to`, "old");
    expect(await verdict(copy(`${folder}from`, `${folder}to`))).toBe("409 conflict");
    expect(await (await copy(`${folder}from`, `${folder}to`, "rename")).json()).toMatchObject({
      path: `${folder}to (2)`,
    });
    expect((await read(`${folder}to`)).toString()).toBe("old");
    expect((await copy(`${folder}from`, `${folder}to`, "overwrite")).status).toBe(200);
    expect((await read(`${folder}to`)).toString()).toBe("new");
    expect(await (await copy(`${folder}from`, `${folder}from`, "rename")).json()).toMatchObject({
      path: `${folder}from (2)`,
    });
    expect(await verdict(copy(`${folder}from`, `${folder}from`, "overwrite"))).toBe("400 invalid");
    expect(await verdict(copy(`${folder}none`, `${folder}x`))).toBe("404 not-found");
  });

  test("a folder is copied with all that is in it, also what is empty", async () => {
    for (const name of ["a", "deep/b", "deep/한글"]) await put(`${folder}tree/${name}`);
    await doors.http.call("PUT", `/api/folders/${folder}tree/empty`);
    expect(await (await copy(`${folder}tree/`, `${folder}twin/`)).json()).toEqual({ folder: `${folder}twin/` });
    for (const top of ["tree", "twin"]) {
      expect((await read(`${folder}${top}/deep/한글`)).toString()).toBe(`${folder}tree/deep/한글`);
      expect(await verdict(doors.http.call("GET", `/api/folders/${folder}${top}/empty`))).toBe("200 fine");
    }
    expect((await told(`${folder}twin`)).toSorted()).toEqual(
      ["", "/a", "/deep/b", "/deep/한글"].map((name) => `arrived ${folder}twin${name}`),
    );
    expect(await verdict(copy(`${folder}tree/`, `${folder}twin/`))).toBe("409 conflict");
    expect(await (await copy(`${folder}tree/`, `${folder}twin/`, "rename")).json()).toEqual({
      folder: `${folder}twin (2)/`,
    });
    expect(await verdict(copy(`${folder}tree/`, `${folder}tree/inside/`))).toBe("400 invalid");
    expect(await verdict(copy(`${folder}none/`, `${folder}x/`))).toBe("404 not-found");
  });
});

test("a file is copied from one store to another, through this server", async () => {
  const bytes = randomBytes(300_000);
  await put("disk/across.bin", bytes);
  expect((await copy("disk/across.bin", "bucket/across.bin")).status).toBe(200);
  expect((await copy("bucket/across.bin", "disk/back.bin")).status).toBe(200);
  for (const path of ["disk/across.bin", "bucket/across.bin", "disk/back.bin"])
    expect((await read(path)).equals(bytes)).toBe(true);
});
