import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Files, Store } from "@naru/core";
import { memoryStore } from "@naru/core/testing";
import { describe, expect, test } from "vitest";
import { needs } from "../../../../test/peers/needs.ts";
import { createServer, silentLog } from "../../src/index.ts";
import { fileStore } from "../../src/stores/file/file-store.ts";
import { openS3 } from "../stores/opened-bucket.ts";
import { tempFolder } from "../stores/temp-folder.ts";
import { Client, verdict } from "./client.ts";

needs("curl");

const run = promisify(execFile);
const host = "127.0.0.1";
const adminPassword = "naru-naru";

/** A server with HTTP and SFTP over a store. */
async function openDoors(store: Store & Files) {
  const folder = await tempFolder();
  const sftp = { host, port: 0, keysDir: join(folder.path, "keys") };
  const server = await createServer({
    store,
    dataDir: ":memory:",
    http: { host, port: 0 },
    sftp,
    logger: silentLog(),
    adminPassword,
  });
  await server.listen();
  const admin = Client.basic(server.origin, "admin", adminPassword);
  const at = `sftp://${host}:${server.doors.find(({ kind }) => kind === "sftp")?.port}/`;
  const curl = (...args: string[]) => run("curl", ["-q", "-sS", "-k", "-u", `admin:${adminPassword}`, ...args]);
  const put = (path: string, body = path) => admin.call("PUT", `/api/files/${path}`, { body });
  return {
    admin,
    put,
    folder: (method: string, path: string) => verdict(admin.call(method, `/api/folders/${path}`)),
    move: (from: string, to: string, conflict?: string) => admin.json("POST", "/api/move", { from, to, conflict }),
    /** What lies in a folder, over HTTP: folders with a final slash. */
    list: async (prefix = ""): Promise<readonly string[]> => {
      const answer = await admin.call("GET", `/api/files?delimiter=/&prefix=${encodeURIComponent(prefix)}`);
      const { files, folders } = (await answer.json()) as { files: { path: string }[]; folders: string[] };
      return [...folders, ...files.map(({ path }) => path)].sort();
    },
    sftp: {
      names: async (path: string) =>
        (await curl("-l", at + path)).stdout
          .split("\n")
          .filter((name) => /[^.]/.test(name))
          .sort(),
      do: (command: string) => curl("-Q", command, "-l", at),
    },
    async [Symbol.asyncDispose]() {
      await server.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

interface OpenedStore extends AsyncDisposable {
  readonly store: Store & Files;
  /** Put a file there as another program would. */
  readonly plant: (path: string, bytes: Uint8Array<ArrayBuffer>) => Promise<unknown>;
}

const stores: Readonly<Record<string, () => Promise<OpenedStore>>> = {
  file: async () => {
    const folder = await tempFolder();
    return {
      store: await fileStore(folder.path),
      plant: (path, bytes) => writeFile(join(folder.path, path), bytes),
      [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
    };
  },
  s3: async () => openS3(),
};

for (const [name, openStore] of Object.entries(stores)) {
  describe(`folders over ${name}`, () => {
    test("a folder that HTTP makes, renames and removes is the same over SFTP, and the other way round", async () => {
      await using place = await openStore();
      await using doors = await openDoors(place.store);
      expect(await doors.folder("PUT", "made/by%20http")).toBe("201 fine");
      expect(await doors.folder("PUT", "made/by%20http/")).toBe("200 fine");
      await doors.sftp.do("mkdir /made/한글");
      expect(await doors.sftp.names("made/")).toEqual(["by http", "한글"]);
      expect(await doors.list("made/")).toEqual(["made/by http/", "made/한글/"]);
      expect(await doors.folder("GET", encodeURIComponent("made/한글"))).toBe("200 fine");
      await doors.sftp.do("rmdir /made/한글");
      expect(await doors.folder("GET", encodeURIComponent("made/한글"))).toBe("404 not-found");
      await doors.sftp.do('rename "/made/by http" /made/again');
      expect(await doors.folder("DELETE", "made/again")).toBe("204 fine");
      expect(await doors.sftp.names("made/")).toEqual([]);
      expect(await doors.sftp.names("")).toEqual(["made"]);
      expect(await doors.folder("DELETE", "made")).toBe("204 fine");
      expect(await doors.folder("DELETE", "made")).toBe("404 not-found");
      expect(await doors.list()).toEqual([]);
      expect(await doors.sftp.names("")).toEqual([]);
    });

    test("a folder stays when its last file is removed or renamed away", async () => {
      await using place = await openStore();
      await using doors = await openDoors(place.store);
      await doors.put("a/b/x");
      await doors.put("c/y");
      expect(await verdict(doors.admin.call("DELETE", "/api/files/a/b/x"))).toBe("204 fine");
      expect(await verdict(doors.move("c/y", "y"))).toBe("200 fine");
      expect(await doors.list()).toEqual(["a/", "c/", "y"]);
      expect(await doors.list("a/")).toEqual(["a/b/"]);
      expect(await doors.sftp.names("c/")).toEqual([]);
    });

    test("a folder is removed with all that is in it only when that is asked for", async () => {
      await using place = await openStore();
      await using doors = await openDoors(place.store);
      for (const path of ["a/x", "a/b/y", "a/b/c/z", "ab/x"]) await doors.put(path);
      await doors.folder("PUT", "a/empty/deep");
      expect(await doors.folder("DELETE", "a")).toBe("409 conflict");
      expect(await doors.folder("DELETE", "a/empty")).toBe("409 conflict");
      expect(await doors.folder("DELETE", "a?recursive=false")).toBe("409 conflict");
      expect(await doors.list("a/")).toEqual(["a/b/", "a/empty/", "a/x"]);
      expect(await doors.folder("DELETE", "a?recursive=true")).toBe("204 fine");
      expect(await doors.list()).toEqual(["ab/"]);
      expect(await doors.list("ab/")).toEqual(["ab/x"]);
    });

    test("a folder is renamed with all that is in it, and never onto another", async () => {
      await using place = await openStore();
      await using doors = await openDoors(place.store);
      for (const path of ["a/x", "a/b/y", "other/z", "file"]) await doors.put(path);
      await doors.folder("PUT", "a/empty");
      expect(await verdict(doors.move("a/", "other/"))).toBe("409 conflict");
      expect(await verdict(doors.move("a/", "file"))).toBe("409 conflict");
      expect(await verdict(doors.move("a/", "other/", "overwrite"))).toBe("400 invalid");
      expect(await verdict(doors.move("a/", "a/inside/"))).toBe("400 invalid");
      expect(await verdict(doors.move("a/", "file/below/"))).toBe("409 conflict");
      expect(await verdict(doors.move("none/", "some/"))).toBe("404 not-found");
      expect(await verdict(doors.move("a", "some"))).toBe("404 not-found");
      expect(await (await doors.move("a/", "new/한글/")).json()).toEqual({ folder: "new/한글/" });
      expect(await doors.list()).toEqual(["file", "new/", "other/"]);
      expect(await doors.list("new/한글/")).toEqual(["new/한글/b/", "new/한글/empty/", "new/한글/x"]);
      expect(await (await doors.admin.call("GET", "/api/files/new/%ED%95%9C%EA%B8%80/b/y")).text()).toBe("a/b/y");
      expect(await (await doors.move("new/", "other", "rename")).json()).toEqual({ folder: "other (2)/" });
      expect(await doors.list("other (2)/")).toEqual(["other (2)/한글/"]);
      expect(await (await doors.move("other/", "other/")).json()).toEqual({ folder: "other/" });
    });

    test("what another program gave an odd name is renamed and removed with its folder", async () => {
      await using place = await openStore();
      await using doors = await openDoors(place.store);
      await doors.put("a/x");
      const odd = ["back\\slash.txt", "con.txt", "tab\tin.txt", "e\u0301.txt"];
      for (const name of odd) await place.plant(`a/${name}`, new Uint8Array([1]));
      expect(await verdict(doors.move("a/", "b/"))).toBe("200 fine");
      expect(await doors.list("b/")).toEqual([...odd, "x"].map((name) => `b/${name}`).sort());
      expect(await doors.list()).toEqual(["b/"]);
      expect(await doors.folder("DELETE", "b?recursive=true")).toBe("204 fine");
      expect(await doors.list()).toEqual([]);
    });

    test("no folder is where a file is, or below one, or in what is the store's own", async () => {
      await using place = await openStore();
      await using doors = await openDoors(place.store);
      await doors.put("file");
      expect(await doors.folder("PUT", "file")).toBe("409 conflict");
      expect(await doors.folder("PUT", "file/below")).toBe("409 conflict");
      for (const bad of [".naru", ".naru/x", "a/../b", ""]) {
        for (const method of ["GET", "PUT", "DELETE"])
          expect([bad, await doors.folder(method, encodeURIComponent(bad))]).toEqual([bad, "400 invalid"]);
        expect(await verdict(doors.move(`${bad}/`, "x/"))).toBe("400 invalid");
        expect(await verdict(doors.move("file/", `${bad}/`))).toBe("400 invalid");
      }
      for (const odd of ["a//b", "con", "back\\slash"]) {
        expect([odd, await doors.folder("PUT", encodeURIComponent(odd))]).toEqual([odd, "400 invalid"]);
        expect(await verdict(doors.move("file/", `${odd}/`))).toBe("400 invalid");
      }
      expect(await doors.folder("DELETE", "file")).toBe("404 not-found");
      expect(await doors.list()).toEqual(["file"]);
    });
  });
}

test("a folder of keys that no path can name is removed with all of them, and so is one of an odd name", async () => {
  await using place = await openS3();
  await using doors = await openDoors(place.store);
  for (const key of ["a//b", "a/./c", "a//d//e", "x\\y/z", "./w/v"]) await place.plant(key, new Uint8Array([1]));
  expect(await (await doors.move("x\\y/", "usable")).json()).toEqual({ folder: "usable/" });
  expect(await doors.list("usable/")).toEqual(["usable/z"]);
  await doors.folder("DELETE", "usable?recursive=true");
  await place.plant("x\\y/z", new Uint8Array([1]));
  for (const path of ["a", "x\\y", "./w"]) {
    expect(await doors.folder("GET", encodeURIComponent(path))).toBe("200 fine");
    expect(await doors.folder("DELETE", `${encodeURIComponent(path)}?recursive=true`)).toBe("204 fine");
  }
  expect((await place.store.list()).files).toEqual([]);
});

test("renaming and removing a folder do not end with the client that asked", async () => {
  await using place = await openS3();
  await using doors = await openDoors(place.store);
  const names = Array.from({ length: 40 }, (_, index) => `f${index}`);
  await Promise.all(names.map((name) => doors.put(`a/${name}`)));
  const leave = async (method: string, path: string, isBegun: () => Promise<boolean>, body?: object): Promise<void> => {
    const gone = new AbortController();
    const headers = { "content-type": "application/json" };
    const init = body ? { body: JSON.stringify(body), headers } : {};
    const call = doors.admin.call(method, path, { ...init, signal: gone.signal });
    await Promise.race([call, expect.poll(isBegun, { interval: 5 }).toBe(true)]);
    gone.abort();
    await call.catch(() => undefined);
  };
  const isLess = async (): Promise<boolean> => (await doors.list("a/")).length < names.length;
  await leave("POST", "/api/move", isLess, { from: "a/", to: "b/" });
  await expect.poll(() => doors.list()).toEqual(["b/"]);
  expect(await doors.list("b/")).toHaveLength(names.length);
  await leave("DELETE", "/api/folders/b?recursive=true", async () => (await doors.list("b/")).length < names.length);
  await expect.poll(() => doors.list()).toEqual([]);
});

test("a folder that a file is being uploaded into is neither renamed nor removed, and the message says what to do", async () => {
  await using doors = await openDoors(memoryStore());
  await doors.put("in/x");
  const { id } = await doors.admin.create({ path: "in/big.bin", size: 10 });
  const refused = (await (await doors.admin.call("DELETE", "/api/folders/in?recursive=true")).json()) as {
    message: string;
  };
  expect(refused.message).toMatch(/being uploaded into it; let it arrive, or cancel it/);
  expect(await verdict(doors.move("in/", "out/"))).toBe("409 conflict");
  expect(await doors.list("in/")).toEqual(["in/x"]);
  await doors.admin.call("DELETE", `/api/uploads/${id}`);
  expect(await verdict(doors.move("in/", "out/"))).toBe("200 fine");
});

test("a rename of a file replaces none unless it is asked to, and a file keeps its own name", async () => {
  await using doors = await openDoors(memoryStore());
  await doors.put("a");
  await doors.put("b");
  expect(await verdict(doors.move("a", "b"))).toBe("409 conflict");
  expect(await verdict(doors.move("a", "a"))).toBe("200 fine");
  expect(await (await doors.move("a", "b", "rename")).json()).toMatchObject({ path: "b (2)" });
  expect(await (await doors.move("b (2)", "b", "overwrite")).json()).toMatchObject({ path: "b" });
  expect(await (await doors.admin.call("GET", "/api/files/b")).text()).toBe("a");
});
