import type { Files, Store } from "@naru/core";
import { type MemoryFile, memoryStore } from "@naru/core/testing";
import { expect, test } from "vitest";
import type { Catalogue } from "../../src/catalogue/catalogue.ts";
import { plainEvent, type Started, startOver, stuckStore } from "./stuck-store.ts";

const by = { account: "ann", door: "http" };
const said = new Date("2001-02-03T04:05:06Z");

function text(value: string): Blob {
  return new Blob([value]);
}

async function read(store: Files, path: string): Promise<string> {
  return new Response(await store.read(path)).text();
}

/** What is done, when a process ends while the store does it. */
const changes: Readonly<Record<string, (catalogue: Catalogue) => Promise<unknown>>> = {
  "a small file": (catalogue) =>
    catalogue.for(by).putFile?.({ path: "new.txt", modified: said }, text("new")) ?? Promise.resolve(),
  "an upload": async (catalogue) => {
    const upload = await catalogue.for(by).create({ path: "new.txt", size: 3, modified: said });
    await upload.put({ number: 1, offset: 0, size: 3 }, text("new"));
    return upload.complete();
  },
  "a rename": (catalogue) => catalogue.for(by).move("old.txt", "new.txt"),
  "a copy": (catalogue) => catalogue.for(by).copy("old.txt", "new.txt"),
  "a removal": (catalogue) => catalogue.for(by).remove("old.txt"),
  "a folder": async (catalogue) => catalogue.for(by).folders?.create("folder"),
  "a folder's removal": async (catalogue) => catalogue.for(by).folders?.removeAll("empty", { recursive: false }),
};

async function furnished(): Promise<{ readonly store: Store & Files; readonly files: Map<string, MemoryFile> }> {
  const files = new Map<string, MemoryFile>();
  const store = memoryStore(files);
  await store.putFile?.({ path: "old.txt", modified: said }, text("old"));
  await store.folders?.make("empty");
  return { store, files };
}

test.each(Object.entries(changes))(
  "%s is reported once, though its process ended before it noted that",
  async (_, change) => {
    const { store } = await furnished();
    const stuck = stuckStore(store, { after: true });
    await using first = startOver(stuck.store);
    // Nobody hears of its end.
    void change(first.catalogue);
    await stuck.reached;
    expect((await first.events()).filter(({ kind }) => kind !== "begun")).toEqual([]);
    const second = startOver(store, first.db);
    await second.catalogue.recover();
    const events = await second.events();
    expect(events).toHaveLength(1);
    const third = startOver(store, first.db);
    await third.catalogue.recover();
    expect(await third.events()).toEqual(events);
    const dated = await third.catalogue.files.stat("new.txt");
    if (dated) expect(dated.modified).toEqual(said);
  },
);

test.each(Object.entries(changes))("%s that its process did not get to do is not reported", async (_, change) => {
  const { store } = await furnished();
  const stuck = stuckStore(store, { after: false });
  await using first = startOver(stuck.store);
  void change(first.catalogue);
  await stuck.reached;
  const second = startOver(store, first.db);
  await second.catalogue.recover();
  expect(await second.events()).toEqual([]);
});

/** An upload that is to have another name than the store will give it. */
async function publishBeside({ catalogue }: Started): Promise<unknown> {
  const upload = await catalogue.store.create({ path: "old.txt", size: 3 });
  await upload.put({ number: 1, offset: 0, size: 3 }, text("new"));
  const which = { id: "u", storeId: upload.id, at: "old.txt" };
  const facts = { modified: said.getTime() };
  const complete = async (): Promise<{ readonly file: Awaited<ReturnType<typeof upload.complete>> }> => ({
    file: await upload.complete(),
  });
  return catalogue.publish({ by, path: "old.txt", conflict: "rename", size: 3, facts, upload: which, complete }, {});
}

test("a file that is to have another name leaves the one in its way whole, wherever its process ends", async () => {
  let isReached = true;
  for (let step = 1; isReached; step += 1) {
    for (const after of [false, true]) {
      const { store } = await furnished();
      const stuck = stuckStore(store, { after, step });
      await using first = startOver(stuck.store);
      const published = publishBeside(first).then(() => false);
      isReached = await Promise.race([stuck.reached.then(() => true), published]);
      const second = startOver(store, first.db);
      await second.catalogue.recover();
      const where = `step ${step}, ${after ? "after" : "before"}`;
      expect([where, await read(store, "old.txt")]).toEqual([where, "old"]);
      expect((await second.catalogue.files.stat("old.txt"))?.modified).toEqual(said);
      const names = (await store.list()).files.map(({ path }) => path);
      const events = (await second.events()).map(plainEvent);
      if (names.length === 2) {
        expect(names).toEqual(["old (2).txt", "old.txt"]);
        expect(await read(store, "old (2).txt")).toBe("new");
        expect(events).toEqual(["arrived old (2).txt"]);
      } else {
        // It had not begun to appear: its upload is still there.
        expect([names, events]).toEqual([["old.txt"], []]);
      }
    }
  }
});

test("a file that was copied out of the way when its process ended is there once", async () => {
  const { store } = await furnished();
  const copies = Promise.withResolvers<void>();
  const move: Files["move"] = async (from, to) => {
    // As a bucket does; it ends before it removes what it copied.
    await store.putFile?.({ path: to }, text(await read(store, from)));
    copies.resolve();
    return new Promise<never>(() => undefined);
  };
  await using first = startOver({ ...stuckStore(store, { after: false, step: 0 }).store, move });
  void publishBeside(first);
  await copies.promise;
  const second = startOver(store, first.db);
  await second.catalogue.recover();
  expect((await store.list()).files.map(({ path }) => path)).toEqual(["old.txt"]);
  expect(await second.events()).toEqual([]);
});

test("listeners hear of events in the order in which they can be asked for, each once", async () => {
  const { store } = await furnished();
  await using one = startOver(store);
  const heard: number[] = [];
  const stop = one.catalogue.events.on(({ position }) => heard.push(position));
  const account = one.catalogue.for(by);
  await Promise.all(
    Array.from({ length: 50 }, async (_, at) => {
      await account.putFile?.({ path: `f/${at}` }, text("x"));
      await account.move(`f/${at}`, `g/${at}`);
      if (at % 2 === 0) await account.remove(`g/${at}`);
    }),
  );
  stop();
  const events = await one.events();
  expect(heard).toEqual(events.map(({ position }) => position));
  expect(events).toHaveLength(125);
  expect(await one.catalogue.events.since(events[99]?.position ?? 0)).toEqual(events.slice(100));
});
