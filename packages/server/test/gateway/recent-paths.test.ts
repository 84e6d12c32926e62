import { memoryStore } from "@naru/core/testing";
import { expect, test } from "vitest";
import type { GatewaySession } from "../../src/gateway/gateway-session.ts";
import { bytesBody } from "../../src/uploads/memory-body.ts";
import { anew, openGateway } from "./opened-gateway.ts";

/** A gateway over a store that tells what it was asked for. */
function watched() {
  const store = memoryStore();
  const stat = store.stat.bind(store);
  const asked: string[] = [];
  store.stat = async (path, options) => {
    asked.push(path);
    return stat(path, options);
  };
  return { ...openGateway(store), store, asked };
}

async function put(session: GatewaySession, path: string, text: string): Promise<void> {
  const arrival = await session.openWrite(path, anew);
  await arrival.write(0, Buffer.from(text));
  await arrival.finish();
}

test("a client that looks at the folder before each file, and at each file that it sent, does not have the store asked each time", async () => {
  await using gate = watched();
  const { asked, session } = gate;
  await session.makeFolder("/d");
  const modified = new Date("2001-02-03T04:05:06Z");
  asked.length = 0;
  for (const path of ["/d/1", "/d/2", "/d/3"]) {
    expect(await session.stat("/d")).toMatchObject({ kind: "folder" });
    await put(session, path, path);
    await session.setModified(path, modified);
    expect(await session.stat(path)).toMatchObject({ kind: "file", size: 4, modified });
  }
  expect(asked).toEqual(["d"]);
  // What the client set is what others find, too.
  gate.clock.now += 2001;
  expect(await gate.catalogue.files.stat("d/1")).toMatchObject({ modified });
});

test("a file that is opened for reading is asked for once", async () => {
  await using gate = watched();
  const { asked, session, store } = gate;
  await store.putFile?.({ path: "d/x", size: 4 }, bodyOf("file"));
  const reading = await session.openRead("/d/x");
  expect(Buffer.concat(await reading.read(0, 10)).toString()).toBe("file");
  await reading.close();
  expect(asked).toEqual(["d/x"]);
});

test("what changes by another door is seen at once", async () => {
  await using gate = watched();
  const { catalogue, session } = gate;
  const other = catalogue.for({ account: "bob", door: "http" });
  await put(session, "/d/x", "mine");
  expect(await session.stat("/d")).toMatchObject({ kind: "folder" });
  await other.putFile?.({ path: "d/x", size: 5 }, bodyOf("other"));
  expect(await session.stat("/d/x")).toMatchObject({ size: 5 });
  await other.move("d/x", "d/y");
  expect(await session.stat("/d/x")).toBeUndefined();
  await other.folders?.removeAll("d", { recursive: true });
  expect(await session.stat("/d")).toBeUndefined();
  await other.putFile?.({ path: "d", size: 4 }, bodyOf("file"));
  await expect(session.openWrite("/d/x", anew)).rejects.toMatchObject({ code: "conflict" });
});

test("what another program changes in the store is seen two seconds later", async () => {
  await using gate = watched();
  const { clock, store, session } = gate;
  await put(session, "/d/x", "mine");
  expect(await session.stat("/d")).toMatchObject({ kind: "folder" });
  await store.remove("d/x");
  await store.putFile?.({ path: "d", size: 4 }, bodyOf("file"));
  clock.now += 2000;
  expect(await session.stat("/d/x")).toBeUndefined();
  expect(await session.stat("/d")).toMatchObject({ kind: "file", size: 4 });
  await expect(session.openWrite("/d/x", anew)).rejects.toMatchObject({ code: "conflict" });
});

const bodyOf = (text: string) => bytesBody(new TextEncoder().encode(text));
