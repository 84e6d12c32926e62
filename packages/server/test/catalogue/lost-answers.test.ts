import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc64, type Files, type PartDigest, type Store, TransferError, type Upload } from "@naru/core";
import { memoryStore } from "@naru/core/testing";
import { expect, test } from "vitest";
import type { Catalogue } from "../../src/catalogue/catalogue.ts";
import type { Completed } from "../../src/catalogue/publish.ts";
import { fileStore } from "../../src/stores/file/file-store.ts";
import { tempFolder } from "../stores/temp-folder.ts";
import { plainEvent, startOver, stuckStore } from "./stuck-store.ts";

const by = { account: "ann", door: "http" };

function digestOf(text: string): PartDigest {
  const bytes = new TextEncoder().encode(text);
  return { md5: createHash("md5").update(bytes).digest("hex"), crc64: crc64(bytes) };
}

async function put(store: Pick<Store, "putFile">, path: string, text: string): Promise<void> {
  await store.putFile?.({ path, size: text.length }, new Blob([text]), { digest: digestOf(text) });
}

function away(): TransferError {
  return new TransferError("unavailable", "Cannot reach the store");
}

/** A store whose answers can be lost; while it is away, questions fail too. */
function unreliable(inner: Store & Files) {
  const state = { losesAnswers: false, isAway: false, asked: 0 };
  const ask = <A extends unknown[], R>(work: (...args: A) => Promise<R>): ((...args: A) => Promise<R>) => {
    return async (...args) => {
      state.asked += 1;
      if (state.isAway) throw away();
      return work(...args);
    };
  };
  const change = <A extends unknown[], R>(work: (...args: A) => Promise<R>): ((...args: A) => Promise<R>) => {
    return ask(async (...args) => {
      const result = await work(...args);
      if (state.losesAnswers) throw away();
      return result;
    });
  };
  const { putFile } = inner;
  const store: Store & Files = {
    direct: inner.direct,
    limitsFor: (path) => inner.limitsFor(path),
    list: (...args) => inner.list(...args),
    read: (...args) => inner.read(...args),
    create: (...args) => inner.create(...args),
    stat: ask(inner.stat.bind(inner)),
    resume: ask(inner.resume.bind(inner)),
    move: change(inner.move.bind(inner)),
    remove: change(inner.remove.bind(inner)),
    ...(putFile && { putFile: change(putFile.bind(inner)) }),
  };
  return { store, state };
}

/** Publish an upload of three bytes; `complete` makes it a file. */
async function publish(catalogue: Catalogue, upload: Upload, complete: () => Promise<Completed>): Promise<unknown> {
  const which = { id: "u", storeId: upload.id, at: upload.spec.path };
  const { path, size } = upload.spec;
  return catalogue.publish({ by, path, conflict: "fail", size, facts: {}, upload: which, complete }, {});
}

test("a file that a process ended before it replaced keeps its own checksums, though sizes are the same", async () => {
  await using folder = await tempFolder();
  const store = await fileStore(folder.path, { durable: false });
  await writeFile(join(folder.path, "a.txt"), "old");
  const stuck = stuckStore(store, { after: false });
  await using first = startOver(stuck.store);
  void put(first.catalogue.for(by), "a.txt", "new");
  await stuck.reached;
  const second = startOver(store, first.db);
  await second.catalogue.recover();
  expect(await second.events()).toEqual([]);
  const wanted = { path: "a.txt", size: 3, conflict: "rename", ...digestOf("new") } as const;
  expect(await second.catalogue.find(wanted, {})).toBeUndefined();
  expect((await second.catalogue.files.stat("a.txt"))?.crc64).toBeUndefined();
});

test("a rename whose answer was lost is reported before another file comes to either of its names", async () => {
  for (const [path, order] of [
    ["new.txt", ["arrived old.txt", "moved new.txt", "arrived new.txt"]],
    ["old.txt", ["arrived old.txt", "moved new.txt", "arrived old.txt"]],
  ] as const) {
    const { state, store } = unreliable(memoryStore());
    await using started = startOver(store);
    const account = started.catalogue.for(by);
    await put(account, "old.txt", "one");
    state.losesAnswers = true;
    await expect(account.move("old.txt", "new.txt")).rejects.toThrow("Cannot reach");
    state.losesAnswers = false;
    await put(account, path, "two");
    await started.catalogue.settle();
    expect((await started.events()).map(plainEvent)).toEqual(order);
    const file = await account.stat(path);
    if (file === undefined) throw new Error("it is not there");
    expect(await account.digests(file)).toMatchObject(digestOf("two"));
  }
});

test("an upload to a folder that became a file is found, though its process ended before it tidied up", async () => {
  await using folder = await tempFolder();
  const store = await fileStore(folder.path, { durable: false });
  await using first = startOver(store);
  const upload = await store.create({ path: "a.txt", size: 3 });
  await upload.put({ number: 1, offset: 0, size: 3 }, new Blob(["new"]));
  const log = join(folder.path, ".naru", "uploads", upload.id, "log");
  const lines = await readFile(log);
  const ended = Promise.withResolvers<void>();
  void publish(first.catalogue, upload, async () => {
    await upload.complete();
    // As it is between the two steps: the bytes have their name, and the folder of the upload is there.
    await mkdir(join(log, ".."), { recursive: true });
    await writeFile(log, lines);
    ended.resolve();
    return new Promise<never>(() => undefined);
  });
  await ended.promise;
  const second = startOver(await fileStore(folder.path, { durable: false }), first.db);
  await second.catalogue.recover();
  expect((await second.events()).map(plainEvent)).toEqual(["arrived a.txt"]);
});

test("a file that could not get its other name at once gets it later, and the one in its way its own", async () => {
  const inner = memoryStore();
  let refusals = 0;
  const move: Files["move"] = async (from, to, options) => {
    refusals += from === "a.txt" && to === "b.txt" ? 1 : 0;
    if (from === "a.txt" && to === "b.txt" && refusals === 1) throw new TransferError("forbidden", "Cannot move");
    return inner.move(from, to, options);
  };
  await using started = startOver({ ...unreliable(inner).store, move });
  await put(started.catalogue.for(by), "a.txt", "old");
  const upload = await inner.create({ path: "a.txt", size: 3 });
  await upload.put({ number: 1, offset: 0, size: 3 }, new Blob(["new"]));
  const which = { id: "u", storeId: upload.id, at: "a.txt" };
  const complete = async (): Promise<Completed> => ({ file: await upload.complete() });
  const arriving = { by, path: "b.txt", conflict: "fail", size: 3, facts: {}, upload: which, complete } as const;
  await expect(started.catalogue.publish(arriving, {})).rejects.toThrow("Cannot move");
  await started.catalogue.settle();
  const read = async (path: string): Promise<string> => new Response(await inner.read(path)).text();
  expect((await inner.list()).files.map(({ path }) => path)).toEqual(["a.txt", "b.txt"]);
  expect([await read("a.txt"), await read("b.txt")]).toEqual(["old", "new"]);
  expect((await started.events()).map(plainEvent)).toEqual(["arrived a.txt", "arrived b.txt"]);
});

test("renames to each other's names end, whoever leaves while waiting", async () => {
  const { store } = unreliable(memoryStore());
  await using started = startOver(store);
  const account = started.catalogue.for(by);
  for (let round = 0; round < 20; round += 1) {
    await put(account, "a.txt", "a");
    await put(account, "b.txt", "b");
    const leaver = new AbortController();
    const renames = [
      account.move("a.txt", "b.txt", { conflict: "overwrite" }),
      account.move("b.txt", "a.txt", { conflict: "overwrite", signal: leaver.signal }),
      account.move("a.txt", "c.txt", { conflict: "fail" }),
      account.removeIfThere("a.txt"),
    ];
    leaver.abort();
    await Promise.allSettled(renames);
  }
  await put(account, "a.txt", "end");
  const there = (await store.list()).files.map(({ path }) => path);
  const reported = new Set<string>();
  for (const { kind, path, from } of await started.events()) {
    if (from !== undefined) reported.delete(from);
    if (kind === "removed") reported.delete(path);
    else reported.add(path);
  }
  expect([...reported].toSorted()).toEqual(there);
});

test("what became of one upload is not guessed while the store is away", async () => {
  const { state, store } = unreliable(memoryStore());
  await using started = startOver(store);
  const upload = await store.create({ path: "a.txt", size: 3 });
  await upload.put({ number: 1, offset: 0, size: 3 }, new Blob(["new"]));
  const lost = publish(started.catalogue, upload, async () => {
    await upload.complete();
    state.isAway = true;
    throw away();
  });
  await expect(lost).rejects.toThrow("Cannot reach");
  await expect(started.catalogue.settle({ upload: "u" })).rejects.toThrow("Cannot reach");
  state.isAway = false;
  await started.catalogue.settle({ upload: "u" });
  expect((await started.events()).map(plainEvent)).toEqual(["arrived a.txt"]);
});

test("a start with many unknown changes does not wait for a store that is away, and knows them later", async () => {
  const { state, store } = unreliable(memoryStore());
  await using first = startOver(store);
  const account = first.catalogue.for(by);
  state.losesAnswers = true;
  const paths = Array.from({ length: 200 }, (_, at) => `${at}.txt`);
  await Promise.allSettled(paths.map((path) => put(account, path, "x")));
  state.losesAnswers = false;
  state.isAway = true;
  state.asked = 0;
  const second = startOver(store, first.db);
  await second.catalogue.recover();
  expect(state.asked).toBeLessThan(50);
  state.isAway = false;
  await second.catalogue.settle();
  expect((await second.events()).map(plainEvent).toSorted()).toEqual(paths.map((path) => `arrived ${path}`).toSorted());
});

test("two spellings of one name are changed one after the other", async () => {
  await using started = startOver(memoryStore());
  const account = started.catalogue.for(by);
  await put(account, "a\u0301.txt", "x");
  const held = Promise.withResolvers<void>();
  const steps: string[] = [];
  const first = account.removeIfThere("\u00e1.txt", {
    check: async () => {
      await held.promise;
      steps.push("first");
    },
  });
  const second = account.removeIfThere("a\u0301.txt", { check: async () => void steps.push("second") });
  await new Promise((resolve) => setImmediate(resolve));
  held.resolve();
  await Promise.all([first, second]);
  expect(steps).toEqual(["first", "second"]);
});
