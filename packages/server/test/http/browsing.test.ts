import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Files, Store, WireEntries, WireSearchPage } from "@naru/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { needs } from "../../../../test/peers/needs.ts";
import { fileStore } from "../../src/stores/file/file-store.ts";
import { type EveryDoor, openEveryDoor } from "../catalogue/every-door.ts";
import { openS3 } from "../stores/opened-bucket.ts";
import { tempFolder } from "../stores/temp-folder.ts";
import { verdict } from "./client.ts";

needs("curl");

type Plant = (path: string) => Promise<unknown>;
interface Place extends AsyncDisposable {
  readonly store: Store & Files;
  /** Put a file there as another program does. */
  readonly plant: Plant;
  /** More than a page of its listings. */
  readonly many: number;
}

const places: Readonly<Record<string, () => Promise<Place>>> = {
  "a folder on a disk": async () => {
    const disk = await tempFolder();
    const plant: Plant = async (path) => {
      await mkdir(join(disk.path, path, ".."), { recursive: true });
      await writeFile(join(disk.path, path), "planted");
    };
    return {
      store: await fileStore(disk.path),
      plant,
      many: 2500,
      [Symbol.asyncDispose]: () => disk[Symbol.asyncDispose](),
    };
  },
  "a bucket": async () => {
    const bucket = await openS3();
    const plant: Plant = (path) => bucket.plant(path, new TextEncoder().encode("planted"));
    return { store: bucket.store, plant, many: 1100, [Symbol.asyncDispose]: () => bucket[Symbol.asyncDispose]() };
  },
};

describe.each(Object.entries(places))("over %s", (_, open) => {
  let place: Place;
  let doors: EveryDoor;
  beforeAll(async () => {
    place = await open();
    doors = await openEveryDoor(place.store);
  });
  afterAll(async () => {
    await doors[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  const get = async <T>(path: string): Promise<T> => (await (await doors.http.call("GET", path)).json()) as T;
  const put = (path: string, body = "abc") =>
    doors.http.call("PUT", `/api/files/${path.split("/").map(encodeURIComponent).join("/")}`, { body });

  /** List a folder to the end, from a page on: a store that is slow at the moment answers with shorter pages. */
  async function pagesOf(folder: string, { limit, from }: { limit?: string; from?: string } = {}) {
    const pages: WireEntries[] = [];
    let cursor = from;
    do {
      const query = new URLSearchParams({ folder, ...(limit && { limit }), ...(cursor && { cursor }) });
      const page = await get<WireEntries>(`/api/entries?${query}`);
      pages.push(page);
      cursor = page.cursor;
    } while (cursor !== undefined);
    return pages;
  }

  const namesIn = (pages: readonly WireEntries[]) => pages.flatMap(({ names }) => names);

  /** Search to the end: what was found, in order of names, and in how many calls. */
  async function search(folder: string, name: string) {
    const found: string[] = [];
    let [cursor, calls, looked]: [string | undefined, number, number] = [undefined, 0, 0];
    do {
      const query = new URLSearchParams({ folder, name, limit: "1", ...(cursor !== undefined && { cursor }) });
      const page: WireSearchPage = await get(`/api/search?${query}`);
      found.push(...page.folders, ...page.files.map(({ path }) => path));
      [cursor, calls, looked] = [page.cursor, calls + 1, looked + page.looked];
    } while (cursor !== undefined);
    return { found: found.sort(), calls, looked };
  }

  test("a folder of many files is listed in pages that hold each entry once, and never more than was asked for", async () => {
    const names = Array.from({ length: place.many }, (_value, index) => `사진 ${index}.jpg`);
    for (let at = 0; at < names.length; at += 50) {
      await Promise.all(names.slice(at, at + 50).map((name) => place.plant(`앨범/${name}`)));
    }
    await doors.http.call("PUT", `/api/folders/${encodeURIComponent("앨범")}/${encodeURIComponent("빈 폴더")}`);
    for (const limit of [undefined, "400"]) {
      const pages = await pagesOf("앨범/", limit === undefined ? {} : { limit });
      expect(new Set(pages.map(({ folder }) => folder))).toEqual(new Set(["앨범/"]));
      expect(pages.flatMap(({ folders }) => folders)).toEqual(["빈 폴더"]);
      expect(namesIn(pages).sort()).toEqual([...names].sort());
      expect(new Set(pages.flatMap(({ sizes }) => sizes))).toEqual(new Set([7]));
      expect(pages.flatMap(({ times }) => times).every((time) => Math.abs(time - Date.now()) < 3_600_000)).toBe(true);
      if (limit !== undefined) {
        const largest = Math.max(...pages.map((page) => page.names.length + page.folders.length));
        expect([pages.length > 2, largest <= Number(limit)]).toEqual([true, true]);
      }
    }
  });

  test("between two pages of a large folder nothing is missed that was there all along, and what is new may show", async () => {
    const first = await get<WireEntries>(`/api/entries?${new URLSearchParams({ folder: "앨범", limit: "400" })}`);
    await place.plant("앨범/zz last.jpg");
    const rest = await pagesOf("앨범", { from: first.cursor ?? "" });
    const all = new Set([...first.names, ...namesIn(rest)]);
    expect(all.size).toBeGreaterThanOrEqual(place.many);
    expect(namesIn(await pagesOf("앨범"))).toContain("zz last.jpg");
  });

  test("entries have the modification time that their sender declared, and a folder by a Mac's spelling is found", async () => {
    const file = { path: "보고/가.txt", size: 0, modified: "2001-02-03T04:05:06Z" };
    const { id } = await doors.http.create(file);
    await doors.http.json("POST", `/api/uploads/${id}/complete`, {});
    const [page] = await pagesOf("보고".normalize("NFD"));
    expect(page).toMatchObject({ folder: "보고/", names: ["가.txt"], times: [Date.parse(file.modified)] });
  });

  test("files and folders are found below a folder by a part of their names, in any case and spelling", async () => {
    for (const path of ["seek/연간 보고서.PDF", "seek/a/보고서 2.pdf", "seek/a/보고서/x.txt", "other/보고서"])
      await put(path);
    await place.plant(`seek/b/${"보고서".normalize("NFD")} 맥.txt`);
    const mac = (await place.store.list({ prefix: "seek/b/" })).files[0]?.path ?? "";
    const all = ["seek/a/보고서 2.pdf", "seek/a/보고서/", mac, "seek/연간 보고서.PDF"];
    expect((await search("seek/", "보고서")).found).toEqual(all.sort());
    expect((await search("seek", "pdf 연간")).found).toEqual(["seek/연간 보고서.PDF"]);
    expect((await search("seek", "nothing")).found).toEqual([]);
    expect((await search("", "연간")).found).toEqual(["seek/연간 보고서.PDF"]);
  });

  test("empty folders are found, too", async () => {
    await doors.http.call("PUT", "/api/folders/seek/deep/Holiday%20empty");
    expect((await search("seek", "holiday")).found).toEqual(["seek/deep/Holiday empty/"]);
  });

  test("a search that finds nothing ends a call after a limited number of files, with a cursor", async () => {
    const { calls, found, looked } = await search("", `사진 ${place.many - 1}.`);
    expect(found).toEqual([`앨범/사진 ${place.many - 1}.jpg`]);
    expect([calls >= 1, looked >= place.many]).toEqual([true, true]);
    expect(await verdict(doors.http.call("GET", "/api/search?folder=.naru/&name=a"))).toBe("400 invalid");
  });

  test("details say who brought a file, when, and by which door", async () => {
    const bytes = Buffer.from("abc");
    await put("who/http.txt");
    await doors.sftp.put("/who/sftp.txt", bytes);
    await doors.ftp.put("who/ftp.txt", bytes);
    await doors.sftp.rename("/who/sftp.txt", "/who/renamed.txt");
    await place.plant("who/planted.txt");
    const details = (name: string) =>
      get<Record<string, unknown>>(`/api/details?path=${encodeURIComponent(`who/${name}.txt`)}`);
    for (const [name, door] of [
      ["http", "http"],
      ["renamed", "sftp"],
      ["ftp", "ftp"],
    ] as const) {
      const { arrived, ...known } = await details(name);
      expect(known).toMatchObject({ account: "admin", door, file: { path: `who/${name}.txt`, size: 3 } });
      expect(Math.abs(Date.parse(String(arrived)) - Date.now())).toBeLessThan(3_600_000);
    }
    const planted = await details("planted");
    expect(planted).toMatchObject({ file: { size: 7 } });
    expect(planted).not.toHaveProperty("account");
    expect(await get("/api/details?path=who/")).toEqual({
      folder: "who/",
      files: 4,
      folders: 0,
      size: 16,
      whole: true,
    });
  });
});
