import { GiB, TransferError } from "@naru/core";
import { type MemoryFile, memoryStore } from "@naru/core/testing";
import { expect, test } from "vitest";
import { plainEvent, type Started, startOver, stuckStore } from "./stuck-store.ts";

const by = { account: "ann", door: "http" };
const bins = [{ prefix: "", days: 30 }];
const wait = { timeout: 180_000, interval: 10 };
const day = 24 * 60 * 60_000;
const names = ["a/1", "a/2", "a/deep/3", "a/deep/4"];

async function furnished(paths: readonly string[] = names) {
  const files = new Map<string, MemoryFile>();
  // One call at a time, so that a process that ends leaves nothing on its way beside what is stuck.
  const store = memoryStore(files, { limits: { maxInFlight: 1 } });
  for (const path of paths) await store.putFile?.({ path }, new Blob([path]));
  return { store, files, paths: () => [...files.keys()].sort() };
}

/** What is in the bin: path, files and bytes of each item. */
async function binned({ catalogue }: Started): Promise<readonly (readonly [string, number, number])[]> {
  const { items } = await catalogue.for(by).bin.list({ limit: 100 });
  return items.map(({ files, path, size }) => [path, files, size]);
}

async function restoreAll({ catalogue }: Started): Promise<void> {
  const { bin } = catalogue.for(by);
  for (const { id } of (await bin.list({ limit: 100 })).items) await bin.restore(id, {});
}

test("a file whose process ended just after the store had moved it is in the bin, and is reported once", async () => {
  const { store, paths } = await furnished();
  const stuck = stuckStore(store, { after: true });
  await using first = startOver(stuck.store, undefined, { bins });
  void first.catalogue.for(by).bin.put("a/1", { entry: "file" });
  await stuck.reached;
  const second = startOver(store, first.db, { bins });
  await second.catalogue.recover();
  expect(await binned(second)).toEqual([["a/1", 1, 3]]);
  expect((await second.events()).map(plainEvent)).toEqual(["removed a/1"]);
  await restoreAll(second);
  expect(paths()).toEqual(names);
  expect((await second.events()).map(plainEvent)).toEqual(["removed a/1", "arrived a/1"]);
  expect(await binned(second)).toEqual([]);
});

test("where a store copies before it removes, a copy that its process ended after is not left in the bin", async () => {
  const { store, paths } = await furnished();
  const reached = Promise.withResolvers<void>();
  const cut = Object.assign(Object.create(store) as typeof store, {
    stat: store.stat.bind(store),
    list: store.list.bind(store),
    limitsFor: store.limitsFor.bind(store),
    move: async (from: string, to: string) => {
      await store.copy?.(from, to);
      reached.resolve();
      return new Promise<never>(() => undefined);
    },
  });
  await using first = startOver(cut, undefined, { bins });
  void first.catalogue.for(by).bin.put("a/1", { entry: "file" });
  await reached.promise;
  expect(paths()).toHaveLength(names.length + 1);
  const second = startOver(store, first.db, { bins });
  await second.catalogue.recover();
  expect(paths()).toEqual(names);
  expect(await binned(second)).toEqual([]);
});

test("a file that its process did not get to move stays, and is in no bin", async () => {
  const { store, paths } = await furnished();
  const stuck = stuckStore(store, { after: false });
  await using first = startOver(stuck.store, undefined, { bins });
  void first.catalogue.for(by).bin.put("a/1", { entry: "file" });
  await stuck.reached;
  const second = startOver(store, first.db, { bins });
  await second.catalogue.recover();
  expect(await binned(second)).toEqual([]);
  expect(paths()).toEqual(names);
});

test.each([true, false])(
  "a folder whose process ended on its way there or back arrives whole (after a move: %s)",
  async (after) => {
    const { store, paths } = await furnished();
    const end = { after, step: 5 };
    const stuck = stuckStore(store, end);
    await using first = startOver(stuck.store, undefined, { bins });
    void first.catalogue.for(by).bin.put("a", { entry: "folder" });
    await stuck.reached;
    const second = startOver(store, first.db, { bins });
    await second.catalogue.recover();
    await expect.poll(async () => (await second.events()).map(plainEvent), wait).toContain("removed a");
    expect(await binned(second)).toEqual([["a", 4, 3 + 3 + 8 + 8]]);
    expect(paths().filter((path) => path.startsWith("a/"))).toEqual([]);
    const stuckAgain = stuckStore(store, end);
    const third = startOver(stuckAgain.store, first.db, { bins });
    void restoreAll(third);
    await stuckAgain.reached;
    const fourth = startOver(store, first.db, { bins });
    await fourth.catalogue.recover();
    await expect.poll(() => binned(fourth), wait).toEqual([]);
    expect(paths()).toEqual(names);
    const told = (await fourth.events()).map(plainEvent);
    for (const path of names)
      expect(told.filter((event) => event.endsWith(path))).toEqual([`removed ${path}`, `arrived ${path}`]);
  },
);

test("what is in the bin is removed for good when its days are over, by the reaper", async () => {
  const { store, files } = await furnished([...names, "b"]);
  let now = Date.now();
  await using house = startOver(store, undefined, { bins, now: () => now });
  const { bin } = house.catalogue.for(by);
  const { id } = await bin.put("a", { entry: "folder" });
  now += 29 * day;
  await bin.put("b", { entry: "file" });
  await house.catalogue.reap();
  expect((await binned(house)).length).toBe(2);
  now += day + 1;
  // Not even before the reaper has come.
  await expect(bin.restore(id, {})).rejects.toMatchObject({ code: "not-found" });
  await house.catalogue.reap();
  expect(await binned(house)).toEqual([["b", 1, 1]]);
  expect(files.size).toBe(1);
  await restoreAll(house);
  expect([...files.keys()]).toEqual(["b"]);
});

test.each(["days that end", "a removal for good"])("what is being restored is not cut short by %s", async (what) => {
  const { store, paths } = await furnished();
  let now = Date.now();
  const looked = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  let holds = false;
  const stat = store.stat.bind(store);
  const slow = Object.assign(store, {
    stat: async (...args: Parameters<typeof stat>) => {
      if (holds) {
        looked.resolve();
        await goOn.promise;
      }
      return stat(...args);
    },
  });
  await using house = startOver(slow, undefined, { bins, now: () => now });
  const { bin } = house.catalogue.for(by);
  const { id } = await bin.put("a", { entry: "folder" });
  holds = true;
  const restored = bin.restore(id, {});
  await looked.promise;
  holds = false;
  if (what === "days that end") now += 40 * day;
  else await bin.remove(id);
  await house.catalogue.reap();
  goOn.resolve();
  expect((await restored).to).toBe("a");
  await house.catalogue.reap();
  expect(paths()).toEqual(names);
  expect(await binned(house)).toEqual([]);
});

test("a removal for good that its process did not end is ended by the next", async () => {
  const { store, files } = await furnished();
  const stuck = stuckStore(store, { after: false, step: 12 });
  await using first = startOver(stuck.store, undefined, { bins });
  const { bin } = first.catalogue.for(by);
  await bin.put("a", { entry: "folder" });
  await bin.empty();
  await stuck.reached;
  expect(await binned(first)).toEqual([]);
  const second = startOver(store, first.db, { bins });
  await second.catalogue.reap();
  expect(files.size).toBe(0);
});

test("where there is no bin nothing is put there, and nothing happens to it", async () => {
  const { store, paths } = await furnished();
  await using house = startOver(store, undefined, { bins: [{ prefix: "a/", days: 0 }, ...bins] });
  const { bin } = house.catalogue.for(by);
  await expect(bin.put("a/1", { entry: "file" })).rejects.toMatchObject({ code: "unsupported" });
  await expect(bin.put("a/deep", { entry: "folder" })).rejects.toMatchObject({ code: "unsupported" });
  await expect(bin.put("none", { entry: "file" })).rejects.toMatchObject({ code: "not-found" });
  expect(paths()).toEqual(names);
});

test("a folder's copy that its process did not end is ended by the next; each file is copied once", async () => {
  const { store, paths } = await furnished();
  const stuck = stuckStore(store, { after: true, step: 4 });
  await using first = startOver(stuck.store);
  void first.catalogue.for(by).folders?.copy("a", "b", { conflict: "fail" });
  await stuck.reached;
  const second = startOver(store, first.db);
  await second.catalogue.recover();
  const copies = names.map((path) => path.replace("a/", "b/"));
  await expect.poll(async () => (await second.events()).map(plainEvent), wait).toContain("arrived b");
  expect(paths()).toEqual([...names, ...copies].sort());
  const told = (await second.events()).map(plainEvent);
  for (const path of copies) expect(told.filter((event) => event === `arrived ${path}`)).toHaveLength(1);
});

test.each([true, false])(
  "a large file's copy that its process did not end is ended by the next, and reported once (after the copy: %s)",
  async (after) => {
    const { store, paths } = await furnished();
    const stuck = stuckStore(store, { after });
    await using first = startOver(stuck.store);
    void first.catalogue.folders.copyFile("a/1", "b/1", { by });
    await stuck.reached;
    const second = startOver(store, first.db);
    await second.catalogue.recover();
    await expect.poll(paths, wait).toEqual([...names, "b/1"].sort());
    await expect.poll(async () => (await second.events()).map(plainEvent), wait).toEqual(["arrived b/1"]);
    await expect.poll(() => first.db.selectFrom("folder_moves").selectAll().execute(), wait).toEqual([]);
  },
);

test("a large file's copy completes though its client has left", async () => {
  const { store, paths } = await furnished();
  const [stat, copy] = [store.stat.bind(store), store.copy?.bind(store)];
  const [begun, leave] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  store.stat = async (path, options) => {
    const file = await stat(path, options);
    return file?.path === "a/1" ? { ...file, size: 2 * GiB } : file;
  };
  store.copy = async (from, to, options) => {
    begun.resolve();
    await leave.promise;
    options?.signal?.throwIfAborted();
    if (copy) return copy(from, to, options);
    throw new Error("The store cannot copy");
  };
  await using house = startOver(store);
  const client = new AbortController();
  const copied = house.catalogue.for(by).copy("a/1", "b/1", { conflict: "fail", signal: client.signal });
  await begun.promise;
  client.abort(new Error("gone"));
  await expect(copied).rejects.toThrow("gone");
  leave.resolve();
  await expect.poll(async () => (await house.events()).map(plainEvent), wait).toEqual(["arrived b/1"]);
  expect(paths()).toContain("b/1");
});

test("while a folder is on its way to the bin, and when some of it stays, nobody is shown where that is", async () => {
  const { store, paths } = await furnished();
  const move = store.move.bind(store);
  const [begun, leave] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  store.move = async (from, to, options) => {
    begun.resolve();
    await leave.promise;
    if (from === "a/2") throw new TransferError("forbidden", `Cannot move "${from}": it is locked`);
    return move(from, to, options);
  };
  await using house = startOver(store, undefined, { bins });
  const { bin, move: rename } = house.catalogue.for(by);
  const put = bin.put("a", { entry: "folder" });
  await begun.promise;
  await expect(rename("a/1", "c")).rejects.toThrow('Cannot change "a/1" now: the folder "a" is being removed');
  leave.resolve();
  await expect(put).rejects.toThrow(/^Cannot remove "a" whole: 1 of 6 stay, such as "a\/2" .* removes the rest$/u);
  expect(await binned(house)).toEqual([["a", 3, 19]]);
  // What is there can be restored beside what stayed.
  await restoreAll(house);
  expect(paths()).toEqual(["a (2)/1", "a (2)/deep/3", "a (2)/deep/4", "a/2"]);
});
