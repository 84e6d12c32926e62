import { type MemoryFile, memoryStore } from "@naru/core/testing";
import { describe, expect, test } from "vitest";
import type { GatewaySession } from "../../src/gateway/gateway-session.ts";
import { anew, fetchAll, listAll, openGateway, places } from "./opened-gateway.ts";

async function put(session: GatewaySession, path: string, text: string): Promise<void> {
  const arrival = await session.openWrite(path, anew);
  await arrival.write(0, Buffer.from(text));
  await arrival.finish();
}

async function names(session: GatewaySession, folder: string): Promise<string[]> {
  return (await listAll(session, folder)).map(({ path, kind }) => (kind === "folder" ? `${path}/` : path)).sort();
}

for (const [name, open] of Object.entries(places)) {
  describe(`folders over ${name}`, () => {
    test("a folder is made, listed while empty, and removed", async () => {
      await using place = await open();
      await using gate = openGateway(place.store);
      await gate.session.makeFolder("/a");
      await gate.session.makeFolder("/a/b");
      expect(await names(gate.session, "/")).toEqual(["/a/"]);
      expect(await names(gate.session, "/a")).toEqual(["/a/b/"]);
      expect(await names(gate.session, "/a/b")).toEqual([]);
      expect(await gate.session.stat("/a/b")).toMatchObject({ kind: "folder" });
      await expect(gate.session.makeFolder("/a")).rejects.toMatchObject({ code: "conflict" });
      await expect(gate.session.removeFolder("/a")).rejects.toMatchObject({ code: "conflict" });
      await gate.session.removeFolder("/a/b");
      await gate.session.removeFolder("/a");
      expect(await names(gate.session, "/")).toEqual([]);
      await expect(names(gate.session, "/a")).rejects.toMatchObject({ code: "not-found" });
      await expect(gate.session.removeFolder("/a")).rejects.toMatchObject({ code: "not-found" });
    });

    test("a folder stays when its last file is removed", async () => {
      await using place = await open();
      await using gate = openGateway(place.store);
      await put(gate.session, "/a/x", "x");
      await gate.session.remove("/a/x");
      expect(await names(gate.session, "/")).toEqual(["/a/"]);
      expect((await place.store.list()).files).toEqual([]);
    });

    test("a folder is renamed with all that is in it", async () => {
      await using place = await open();
      await using gate = openGateway(place.store);
      await put(gate.session, "/a/한글.txt", "x");
      await put(gate.session, "/a/b/y%20z", "y");
      await gate.session.makeFolder("/a/empty");
      await gate.session.move("/a", "/c");
      expect(await names(gate.session, "/")).toEqual(["/c/"]);
      expect(await names(gate.session, "/c")).toEqual(["/c/b/", "/c/empty/", "/c/한글.txt"]);
      expect((await fetchAll(place.store, "c/b/y%20z")).toString()).toBe("y");
      await expect(gate.session.move("/c", "/c/d")).rejects.toMatchObject({ code: "invalid" });
    });

    test("a rename replaces only when it may, and a date survives it", async () => {
      await using place = await open();
      await using gate = openGateway(place.store);
      const modified = new Date("2001-02-03T04:05:06Z");
      await put(gate.session, "/x", "new");
      await put(gate.session, "/y", "old");
      await gate.session.setModified("/x", modified);
      await expect(gate.session.move("/x", "/y")).rejects.toMatchObject({ code: "conflict" });
      await gate.session.move("/x", "/y", { replace: true });
      expect(await gate.session.stat("/y")).toMatchObject({ size: 3, modified });
      expect(await names(gate.session, "/")).toEqual(["/y"]);
    });

    test("a file is read by offsets and as a stream", async () => {
      await using place = await open();
      await using gate = openGateway(place.store);
      await put(gate.session, "/x", "0123456789");
      const reading = await gate.session.openRead("/x");
      const text = async (offset: number, length: number) =>
        Buffer.concat(await reading.read(offset, length)).toString();
      expect([await text(0, 4), await text(4, 4), await text(8, 4), await text(10, 4), await text(2, 1)]).toEqual([
        "0123",
        "4567",
        "89",
        "",
        "2",
      ]);
      const chunks: Uint8Array[] = [];
      for await (const chunk of reading.stream(5)) chunks.push(chunk);
      expect(Buffer.concat(chunks).toString()).toBe("56789");
      await reading.close();
      await expect(gate.session.openRead("/none")).rejects.toMatchObject({ code: "not-found" });
    });

    test("exclusive, create and a folder of that name are minded", async () => {
      await using place = await open();
      await using gate = openGateway(place.store);
      await put(gate.session, "/d/x", "x");
      const exclusive = { ...anew, exclusive: true };
      await expect(gate.session.openWrite("/d/x", exclusive)).rejects.toMatchObject({ code: "conflict" });
      const noCreate = { truncate: false, create: false };
      await expect(gate.session.openWrite("/d/none", noCreate)).rejects.toMatchObject({ code: "not-found" });
      await expect(gate.session.openWrite("/d", anew)).rejects.toMatchObject({ code: "conflict" });
      await expect(gate.session.openWrite("/.naru/x", anew)).rejects.toMatchObject({ code: "invalid" });
      await expect(gate.session.openWrite("/", anew)).rejects.toMatchObject({ code: "conflict" });
    });

    test("nothing lies below a file, and no folder has a file's name", async () => {
      await using place = await open();
      await using gate = openGateway(place.store);
      const { session } = gate;
      await put(session, "/f", "f");
      await put(session, "/d/x", "x");
      const refused = { code: "conflict" };
      await expect(session.openWrite("/f/y", anew)).rejects.toMatchObject(refused);
      await expect(session.openWrite("/f/a/y", anew)).rejects.toMatchObject(refused);
      await expect(session.makeFolder("/f/a")).rejects.toMatchObject(refused);
      for (const replace of [false, true]) {
        await expect(session.move("/d/x", "/f/y", { replace })).rejects.toMatchObject(refused);
        await expect(session.move("/f", "/d", { replace })).rejects.toMatchObject(refused);
        await expect(session.move("/d", "/f", { replace })).rejects.toMatchObject(refused);
        await expect(session.move("/d", "/f/d", { replace })).rejects.toMatchObject(refused);
      }
      expect(await names(session, "/")).toEqual(["/d/", "/f"]);
      expect(await names(session, "/d")).toEqual(["/d/x"]);
    });
  });
}

test("a file whose name no client may use is left out, and hides none of its folder", async () => {
  const files = new Map<string, MemoryFile>();
  await using gate = openGateway(memoryStore(files));
  await put(gate.session, "/odd/plain.txt", "plain");
  const plain = files.get("odd/plain.txt");
  if (!plain) throw new Error("the store keeps its files elsewhere");
  const odd = ["back\\slash.txt", "con", "new\nline", "n".repeat(300), "b\\c/x", "/x", "./x"];
  for (const name of odd) files.set(`odd/${name}`, { ...plain });
  expect(await names(gate.session, "/odd")).toEqual(["/odd/plain.txt"]);
});
