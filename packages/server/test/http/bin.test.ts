import type { Files, Store, WireBinItem, WireBinPage, WireSession } from "@naru/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { needs } from "../../../../test/peers/needs.ts";
import type { Mount } from "../../src/catalogue/mount-table.ts";
import { fileStore } from "../../src/stores/file/file-store.ts";
import { type EveryDoor, openEveryDoor } from "../catalogue/every-door.ts";
import { openS3 } from "../stores/opened-bucket.ts";
import { tempFolder } from "../stores/temp-folder.ts";
import { verdict } from "./client.ts";

needs("curl");

interface Place extends AsyncDisposable {
  readonly store: Store & Files;
  readonly mounts?: readonly Mount[];
  /** Where the files of these tests are. */
  readonly folder: string;
}

const places: Readonly<Record<string, () => Promise<Place>>> = {
  "a folder on a disk": async () => {
    const disk = await tempFolder();
    return {
      store: await fileStore(disk.path),
      folder: "bin test/",
      [Symbol.asyncDispose]: () => disk[Symbol.asyncDispose](),
    };
  },
  "a bucket that is mounted": async () => {
    const [disk, bucket] = await Promise.all([tempFolder(), openS3()]);
    return {
      store: await fileStore(disk.path),
      mounts: [{ prefix: "통/", store: bucket.store }],
      folder: "통/",
      [Symbol.asyncDispose]: async () => {
        await bucket[Symbol.asyncDispose]();
        await disk[Symbol.asyncDispose]();
      },
    };
  },
};

describe.each(Object.entries(places))("over %s", (_, open) => {
  let place: Place;
  let doors: EveryDoor;
  beforeAll(async () => {
    place = await open();
    doors = await openEveryDoor(place.store, place.mounts);
  });
  afterAll(async () => {
    await doors[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  const at = (path: string): string => place.folder + path;
  const api = (path: string): string => `/api/files/${at(path).split("/").map(encodeURIComponent).join("/")}`;
  const put = (path: string, body = path) => doors.http.call("PUT", api(path), { body });
  const read = async (path: string) => (await doors.http.call("GET", api(path))).text();
  const discard = async (path: string) => {
    const answer = await doors.http.json("POST", "/api/bin", { path: at(path) });
    if (answer.status !== 201) throw new Error(await answer.text());
    return (await answer.json()) as WireBinItem;
  };
  const restore = (id: string, to?: string) => doors.http.json("POST", `/api/bin/${id}/restore`, { to });
  const list = async (query = "") => (await (await doors.http.call("GET", `/api/bin${query}`)).json()) as WireBinPage;

  test("a file that was removed can be restored as it was: bytes, type, modification time, and who brought it", async () => {
    await put("보고서.txt", "보고");
    const details = async () =>
      (await doors.http.call("GET", `/api/details?path=${encodeURIComponent(at("보고서.txt"))}`)).json();
    const before = await details();
    expect(before).toMatchObject({ account: "admin", door: "http", file: { size: 6 } });
    const item = await discard("보고서.txt");
    expect(item).toMatchObject({ path: at("보고서.txt"), size: 6, files: 1, by: "admin" });
    expect(Date.parse(item.expires) - Date.parse(item.removed)).toBe(30 * 24 * 60 * 60_000);
    expect((await doors.http.call("GET", api("보고서.txt"))).status).toBe(404);
    expect(await (await restore(item.id)).json()).toMatchObject({ path: at("보고서.txt"), size: 6 });
    expect(await read("보고서.txt")).toBe("보고");
    expect(await details()).toEqual(before);
    expect((await list()).items.map(({ id }) => id)).not.toContain(item.id);
  });

  test("what is restored gets the next free name where another file came meanwhile", async () => {
    await put("twice.txt", "old");
    const { id } = await discard("twice.txt");
    await put("twice.txt", "new");
    expect(await (await restore(id)).json()).toMatchObject({ path: at("twice (2).txt") });
    expect([await read("twice.txt"), await read("twice (2).txt")]).toEqual(["new", "old"]);
  });

  test("a folder comes back with all that is in it, also under another name; each file is reported once a way", async () => {
    for (const path of ["set/a", "set/in/b", "set/in/c"]) await put(path);
    await doors.http.call("PUT", `/api/folders/${encodeURI(at("set/empty"))}`);
    const item = await discard("set/");
    expect(item).toMatchObject({ path: at("set/"), files: 3, size: 5 + 8 + 8 });
    expect(await verdict(doors.http.call("GET", `/api/folders/${encodeURI(at("set"))}`))).toBe("404 not-found");
    expect(await (await restore(item.id, at("set again/"))).json()).toEqual({ folder: at("set again/") });
    expect(await read("set again/in/b")).toBe("set/in/b");
    expect(await verdict(doors.http.call("GET", `/api/folders/${encodeURI(at("set again/empty"))}`))).toBe("200 fine");
    const told = async (path: string) =>
      (await doors.events(at(path))).map(({ kind, path: where }) => `${kind} ${where.slice(place.folder.length)}`);
    expect(await told("set/in/b")).toEqual(["arrived set/in/b", "removed set/in/b"]);
    expect(await told("set again/in/b")).toEqual(["arrived set again/in/b"]);
    expect((await told("set again")).at(-1)).toBe("arrived set again");
  });

  test("no door shows what is in the bin, or leads there", async () => {
    await put("hidden.txt");
    const { id } = await discard("hidden.txt");
    for (const path of [
      `.naru/bin/${id}`,
      `.naru/mounts/${encodeURIComponent(place.folder)}/bin/${id}`,
      `${place.folder}.naru/bin/${id}`,
    ]) {
      const encoded = encodeURIComponent(path);
      expect((await doors.http.call("GET", `/api/files?key=${encoded}`)).ok).toBe(false);
      expect((await doors.http.json("POST", "/api/move", { from: path, to: at("stolen") })).ok).toBe(false);
      expect((await doors.http.json("POST", "/api/copy", { from: path, to: at("stolen") })).ok).toBe(false);
      // A missing file is fine to remove: what is in the bin is there afterwards.
      await doors.http.call("DELETE", `/api/files?key=${encoded}`);
      for (const call of ["/api/files?prefix=", "/api/entries?folder=", "/api/search?name=h&folder="]) {
        const folder = encodeURIComponent(`${path.slice(0, path.lastIndexOf("/"))}/`);
        const answer = await doors.http.call("GET", call + folder);
        const {
          files = [],
          names = [],
          folders = [],
        } = answer.ok ? ((await answer.json()) as Record<string, never[]>) : {};
        expect([call, ...files, ...names, ...folders]).toEqual([call]);
      }
      await expect(doors.sftp.get(`/${path}`)).rejects.toThrow();
      await expect(doors.ftp.stat(path)).rejects.toThrow();
    }
    expect((await list()).items.map((item) => item.id)).toContain(id);
    expect((await restore(id)).status).toBe(200);
  });

  test("an item is removed for good on request; nothing of it is left in the store", async () => {
    for (const path of ["gone/a", "gone/b"]) await put(path);
    const [kept, folder] = [await put("kept").then(() => discard("kept")), await discard("gone/")];
    expect((await doors.http.call("DELETE", `/api/bin/${folder.id}`)).status).toBe(204);
    expect(await verdict(restore(folder.id))).toBe("404 not-found");
    expect((await list()).items.map(({ id }) => id)).toContain(kept.id);
    expect((await doors.http.call("DELETE", "/api/bin")).status).toBe(204);
    expect((await list()).items).toEqual([]);
    const held = place.mounts?.[0]?.store ?? place.store;
    const left = async () => (await held.list({ prefix: ".naru/bin/" })).files;
    await expect.poll(left, { timeout: 180_000 }).toEqual([]);
  });

  test("programs remove for good, as they always did: HTTP, SFTP and FTP", async () => {
    for (const name of ["http", "sftp", "ftp"]) await put(`by ${name}`);
    await doors.http.call("DELETE", api("by http"));
    await doors.sftp.remove(`/${at("by sftp")}`);
    await doors.ftp.remove(at("by ftp"));
    expect((await list()).items).toEqual([]);
  });

  test("a page is told before it removes anything where there is a bin, and for how long", async () => {
    const { store } = (await (await doors.http.call("GET", "/api/session?probe=0")).json()) as WireSession;
    expect(store.bins?.find(({ prefix }) => place.folder.startsWith(prefix))).toMatchObject({ days: 30 });
  });

  test("the bin is listed a page at a time, the last removed first", async () => {
    for (const name of ["1", "2", "3"]) {
      await put(name);
      await discard(name);
    }
    const first = await list("?limit=2");
    const rest = await list(`?limit=2&cursor=${first.cursor}`);
    expect([...first.items, ...rest.items].map(({ path }) => path)).toEqual([at("3"), at("2"), at("1")]);
    expect(rest.cursor).toBeUndefined();
  });
});
