import { rm } from "node:fs/promises";
import { decodeEntries, decodeSearchPage } from "@naru/core";
import { memoryStore } from "@naru/core/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { needs } from "../../../../test/peers/needs.ts";
import { fileStore } from "../../src/stores/file/file-store.ts";
import { s3Store } from "../../src/stores/s3/s3-store.ts";
import { httpDoor } from "../../src/testing/index.ts";
import { type EveryDoor, openEveryDoor } from "../catalogue/every-door.ts";
import { tempFolder } from "../stores/temp-folder.ts";
import { Client, verdict } from "./client.ts";

needs("curl");

/** Nothing listens at its port. */
function awayStore() {
  const credentials = async () => ({ accessKeyId: "key", secretAccessKey: "secret" });
  return s3Store({ bucket: "away", endpoint: "http://127.0.0.1:9", region: "us-east-1", style: "path", credentials });
}

describe("the folder of a store", () => {
  let doors: EveryDoor;
  const films = memoryStore();
  const deep = memoryStore();
  beforeAll(async () => {
    doors = await openEveryDoor(memoryStore(), [
      { prefix: "films/", store: films },
      { prefix: "a/deep/", store: deep, binDays: 0 },
      { prefix: "empty/", store: memoryStore() },
    ]);
    for (const path of ["plain/x.txt", "films/x.txt", "a/deep/x.txt"])
      expect((await doors.http.call("PUT", `/api/files/${path}`, { body: "x" })).status).toBe(201);
  });
  afterAll(() => doors[Symbol.asyncDispose]());

  test("is marked among the entries of the folder it is in, as is a folder that leads to one", async () => {
    const entries = async (folder: string) =>
      decodeEntries(await (await doors.http.call("GET", `/api/entries?folder=${folder}`)).json());
    expect((await entries("")).mounts).toEqual([
      { name: "a", isStore: false },
      { name: "empty", isStore: true },
      { name: "films", isStore: true },
    ]);
    expect((await entries("a")).mounts).toEqual([{ name: "deep", isStore: true }]);
    expect((await entries("plain")).mounts).toBeUndefined();
    const found = decodeSearchPage(await (await doors.http.call("GET", "/api/search?name=film")).json());
    expect([found.folders, found.mounts, found.missing]).toEqual([["films/"], ["films/"], undefined]);
  });

  test("is not renamed, moved, put into the bin or removed through any door, nor is what leads to one", async () => {
    const { ftp, http, sftp } = doors;
    for (const folder of ["films", "a", "a/deep", "empty"]) {
      const move = await http.json("POST", "/api/move", { from: `${folder}/`, to: "elsewhere/" });
      const said = (await move.json()) as { code: string; message: string };
      expect([move.status, said.code]).toEqual([409, "conflict"]);
      expect(said.message).toContain("a store is mounted at it or below it");
      expect(await verdict(http.json("POST", "/api/bin", { path: `${folder}/` }))).toBe("409 conflict");
      for (const recursive of [true, false])
        expect(await verdict(http.call("DELETE", `/api/folders/${folder}?recursive=${recursive}`))).toBe(
          "409 conflict",
        );
      await expect(sftp.rename(`/${folder}`, "/elsewhere")).rejects.toThrow("a store is mounted");
      await expect(sftp.removeFolder(`/${folder}`)).rejects.toThrow(
        folder === "empty" ? "a store is mounted" : "it is not empty",
      );
      await expect(ftp.rename(folder, "elsewhere")).rejects.toThrow("QUOT");
      await expect(ftp.removeFolder(folder)).rejects.toThrow("QUOT");
    }
    expect(await films.stat("x.txt")).toBeDefined();
    expect(await deep.stat("x.txt")).toBeDefined();
    expect(await verdict(http.json("POST", "/api/move", { from: "plain/", to: "films/plain/" }))).toBe("200 fine");
    expect(await films.stat("plain/x.txt")).toBeDefined();
  });
});

describe("a house with a store that does not answer", () => {
  const away = awayStore();
  let close: () => Promise<void>;
  let admin: Client;
  beforeAll(async () => {
    const door = await httpDoor(memoryStore(), {
      mounts: [
        { prefix: "away/", store: away },
        { prefix: "films/", store: memoryStore() },
      ],
    });
    close = () => door.close();
    admin = Client.basic(door.origin, door.user, door.password);
  });
  afterAll(async () => {
    await close();
    await away.close();
  });
  const messageOf = async (answer: Promise<Response>): Promise<string> =>
    ((await (await answer).json()) as { message?: string }).message ?? "nothing";

  test("is ready though its topmost store is empty, and tells which one is away", async () => {
    const plain = await admin.call("GET", "/readyz");
    expect([plain.status, await plain.json()]).toEqual([200, { ok: true }]);
    const verbose = await admin.call("GET", "/readyz?verbose");
    expect(verbose.status).toBe(200);
    expect(await verbose.json()).toMatchObject({ ok: true, unanswered: ["/away"] });
  });

  test("serves the others, and every failure of the one names it", async () => {
    for (const path of ["film.txt", "films/film.txt"])
      expect(await verdict(admin.call("PUT", `/api/files/${path}`, { body: "x" }))).toBe("201 fine");
    const answer = await admin.call("GET", "/api/entries");
    expect(decodeEntries(await answer.json())).toMatchObject({ folders: ["away", "films"], names: ["film.txt"] });
    const where = '(the store at "/away/")';
    expect(await messageOf(admin.call("GET", "/api/entries?folder=away"))).toContain(where);
    expect(await messageOf(admin.call("GET", "/api/files/away/x.txt"))).toContain(where);
    expect(await messageOf(admin.json("POST", "/api/uploads", { path: "away/x.txt", size: 1 }))).toContain(where);
    expect(await messageOf(admin.json("POST", "/api/move", { from: "film.txt", to: "away/film.txt" }))).toContain(
      where,
    );
  });

  test("never lists it as empty: a listing of everything fails, a search tells what it left out", async () => {
    expect(await verdict(admin.call("GET", "/api/files"))).toMatch(/^50[23] /u);
    const search = decodeSearchPage(await (await admin.call("GET", "/api/search?name=film")).json());
    expect(search.files.map(({ path }) => path)).toEqual(["film.txt", "films/film.txt"]);
    expect(search.missing).toEqual(["away/"]);
  });
});

test("a disk that was taken out is not an empty store", async () => {
  await using disk = await tempFolder();
  const door = await httpDoor(memoryStore(), { mounts: [{ prefix: "disk/", store: await fileStore(disk.path) }] });
  await using _ = door;
  const admin = Client.basic(door.origin, door.user, door.password);
  const list = () => verdict(admin.call("GET", "/api/entries?folder=disk"));
  expect(await list()).toBe("200 fine");
  await rm(disk.path, { recursive: true });
  expect(await list()).toBe("503 unavailable");
  expect(await verdict(admin.call("GET", "/api/files?prefix=disk/"))).toBe("503 unavailable");
});
