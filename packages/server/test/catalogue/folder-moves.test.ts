import { type Files, type Store, TransferError } from "@naru/core";
import { type MemoryFile, memoryStore } from "@naru/core/testing";
import { expect, test } from "vitest";
import type { Catalogue } from "../../src/catalogue/catalogue.ts";
import { FolderMoveLedger } from "../../src/catalogue/folder-move-ledger.ts";
import { openCatalogue } from "../../src/uploads/open-catalogue.ts";
import { openGateway } from "../gateway/opened-gateway.ts";

const names = Array.from({ length: 40 }, (_, at) => `a/${at % 4}/${at}`);

const wish = { by: { account: "ann", door: "http" }, conflict: "fail" } as const;

/** Soon enough on a machine that is busy with other things. */
const soon = { interval: 10 };

/** A store in memory with a folder of files, whose moves may be held up or fail. */
async function folderOf(paths: readonly string[] = names) {
  const files = new Map<string, MemoryFile>();
  const inner = memoryStore(files);
  const move = inner.move.bind(inner);
  for (const path of paths) await inner.putFile?.({ path }, new Blob([path]));
  const cue = { before: async (_path: string): Promise<void> => undefined, running: 0, most: 0 };
  const store: Store & Files = Object.assign(inner, {
    move: async (...[from, to, options]: Parameters<Files["move"]>) => {
      cue.running += 1;
      cue.most = Math.max(cue.most, cue.running);
      try {
        await cue.before(from);
        options?.signal?.throwIfAborted();
        return await move(from, to, options);
      } finally {
        cue.running -= 1;
      }
    },
  });
  const gate = openGateway(store);
  const moved = (): string[] => [...files.keys()].filter((path) => path.startsWith("b/"));
  return {
    files,
    cue,
    moved,
    gate,
    ...gate,
    /** What another process over the same store and ledger would have. */
    catalogue: (more: { readonly patienceMs?: number } = {}): Catalogue =>
      openCatalogue({ ...gate.options, db: gate.db, ...more }).catalogue,
    folderMoves: new FolderMoveLedger(gate.db),
    [Symbol.asyncDispose]: () => gate[Symbol.asyncDispose](),
  };
}

/** Hold up moves after the first `count`, until they are let go. */
function holdAfter(cue: { before: (path: string) => Promise<void> }, count: number): () => void {
  let passed = 0;
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  cue.before = async () => {
    passed += 1;
    if (passed > count) await gate;
  };
  return open;
}

const wanted = names.map((path) => path.replace("a/", "b/")).sort();

test("a folder whose rename has begun gets there though its client has left", async () => {
  await using place = await folderOf();
  const letGo = holdAfter(place.cue, 5);
  const client = new AbortController();
  const renaming = place.session.move("/a", "/b", { signal: client.signal });
  await expect.poll(() => place.moved().length, soon).toBe(5);
  client.abort(new Error("the client is gone"));
  await expect(renaming).rejects.toThrow("the client is gone");
  await place.session[Symbol.asyncDispose]();
  letGo();
  await expect.poll(() => place.moved().sort(), soon).toEqual(wanted);
  const other = place.gateway.open("ann");
  await expect.poll(() => other.stat("/a"), soon).toBeUndefined();
});

test("many files are moved at once, and not all", async () => {
  await using place = await folderOf(Array.from({ length: 200 }, (_, at) => `a/${at}`));
  place.cue.before = () => new Promise((resolve) => setImmediate(resolve));
  await place.session.move("/a", "/b");
  expect(place.moved()).toHaveLength(200);
  expect(place.cue.most).toBe(32);
});

test("what a process did not end, the next one does: files copied by then, and empty folders too", async () => {
  await using place = await folderOf();
  await place.session.makeFolder("/a/empty");
  const dying = place.catalogue();
  const letGo = holdAfter(place.cue, 7);
  const renaming = dying.folders.move("a", "b", wish);
  await expect.poll(() => place.moved().length, soon).toBe(7);
  const closing = dying.close();
  letGo();
  await expect(renaming).rejects.toMatchObject({ code: "unavailable" });
  await closing;
  const left = names.filter((path) => place.files.has(path));
  expect(left.length).toBeGreaterThan(0);
  // It died after a copy, and before the original was removed.
  const [twice = ""] = left;
  await place.store.putFile?.({ path: twice.replace("a/", "b/") }, new Blob([twice]));

  const next = place.catalogue();
  await next.recover();
  await expect.poll(() => place.store.folders?.has("a"), soon).toBe(false);
  expect(place.moved().sort()).toEqual(wanted);
  expect(await place.store.folders?.has("b/empty")).toBe(true);
  await expect.poll(() => place.folderMoves.listOpen(), soon).toEqual([]);
  await next.close();
});

test("the same rename again joins the one that runs; others that overlap are refused in words", async () => {
  await using place = await folderOf();
  const letGo = holdAfter(place.cue, 3);
  const first = place.session.move("/a", "/b");
  await expect.poll(() => place.moved().length, soon).toBe(3);
  const other = place.gateway.open("bob");
  const second = other.move("/a", "/b");
  const overlapping = [
    ["/a", "/c"],
    ["/a/1", "/c"],
    ["/b", "/c"],
    ["/a/1/1", "/x"],
  ] as const;
  for (const [from, to] of overlapping) {
    await expect(other.move(from, to)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining('the folder "a" is being moved to "b"'),
    });
  }
  letGo();
  await Promise.all([first, second]);
  expect(place.moved().sort()).toEqual(wanted);
  await other.move("/b", "/c");
  expect(place.moved()).toEqual([]);
});

test("a file that comes to the old folder meanwhile stays there, and one that came to the new one is not replaced", async () => {
  await using place = await folderOf();
  const letGo = holdAfter(place.cue, 0);
  const renaming = place.session.move("/a", "/b");
  await expect.poll(() => place.cue.running, soon).toBe(32);
  await place.store.putFile?.({ path: "a/late" }, new Blob(["late"]));
  const last = names.filter((path) => place.files.has(path)).at(-1) ?? "";
  await place.store.putFile?.({ path: last.replace("a/", "b/") }, new Blob(["of another"]));
  letGo();
  await expect(renaming).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringMatching(
      /^Cannot move "a" to "b" whole: 1 of \d+ stay, such as "a\/.*another file has come/u,
    ),
  });
  expect([...place.files.keys()].filter((path) => path.startsWith("a/")).sort()).toEqual([last, "a/late"].sort());
  expect(place.moved()).toHaveLength(names.length);
});

test("after a failure in part, the same rename moves the rest", async () => {
  await using place = await folderOf();
  place.cue.before = async (path) => {
    if (path === "a/1/1") throw new TransferError("forbidden", "Cannot copy: the store forbids it");
  };
  const refused = { code: "forbidden", message: expect.stringContaining("the same rename again moves the rest") };
  await expect(place.session.move("/a", "/b")).rejects.toMatchObject(refused);
  expect(place.moved()).toHaveLength(names.length - 1);
  await expect(place.session.move("/a", "/b")).rejects.toMatchObject(refused);
  place.cue.before = async () => undefined;
  await place.session.move("/a", "/b");
  expect(place.moved().sort()).toEqual(wanted);
  expect(await place.session.stat("/a")).toBeUndefined();
  await expect(place.session.move("/a", "/b")).rejects.toMatchObject({ code: "conflict" });
});

test("while the store is away its client is told after a while, and the rename goes on", async () => {
  await using place = await folderOf();
  let isAway = true;
  place.cue.before = async () => {
    if (isAway) throw new TransferError("unreachable", "Cannot copy: the store does not answer");
  };
  const moves = place.catalogue({ patienceMs: 0 });
  await expect(moves.folders.move("a", "b", wish)).rejects.toMatchObject({
    code: "unreachable",
    message: expect.stringContaining("the server keeps trying"),
  });
  isAway = false;
  await expect.poll(() => place.moved().sort(), soon).toEqual(wanted);
  await moves.close();
});

test("a file that is removed under way and comes again stays in the old folder, and is no failure", async () => {
  await using place = await folderOf();
  const [again = ""] = names;
  let left = names.length;
  place.cue.before = async (path) => {
    if (path === again) place.files.delete(path);
    left -= 1;
    if (left === 0) await place.store.putFile?.({ path: again }, new Blob(["anew"]));
  };
  await place.session.move("/a", "/b");
  expect(place.moved()).toHaveLength(names.length - 1);
  expect([...place.files.keys()].filter((path) => path.startsWith("a/"))).toEqual([again]);
});
