/** Each rule of the suite is broken by a store that does just that wrong: a rule that no fault breaks would prove nothing. */

import { expect, test } from "vitest";
import { type Files, type Store, TransferError, type Upload, wrapStore } from "../src/index.ts";
import { filesSuite, memoryStore, storeSuite } from "../testing/index.ts";
import { Place } from "../testing/place.ts";

type Opened = Store & Files;

/** A store whose uploads are wrong in one way. */
const uploads = (change: (inner: Upload, store: Opened) => Partial<Upload>) => (store: Opened) => ({
  ...wrapStore(store, { upload: (inner) => change(inner, store) }),
});

const storeFaults: Readonly<Record<string, (store: Opened) => Partial<Store>>> = {
  "complete tells the size, the path and an etag": uploads((inner) => ({
    complete: async (options) => ({ ...(await inner.complete(options)), size: 1 }),
  })),
  "the type that was given is the file's": (store) => ({
    create: (spec, options) => store.create({ ...spec, type: undefined }, options),
  }),
  "the modification time that was given is the file's": (store) => ({
    create: (spec, options) => store.create({ ...spec, modified: undefined }, options),
  }),
  "a path that climbs out is refused": (store) => ({ create: async () => store.create({ path: "in.bin", size: 1 }) }),
  "every part that was put has a receipt, in order": uploads((inner) => ({
    receipts: async (options) => (await inner.receipts(options)).toReversed(),
  })),
  "a body that ends early is refused": uploads((inner) => ({
    put: (part, body, options) => inner.put({ ...part, size: 150 }, body, options),
  })),
  "bytes that are not what their digest says are refused": uploads((inner) => ({
    put: (part, body, options) => inner.put(part, body, { ...options, digest: undefined }),
  })),
  "a file with a hole never appears": uploads((inner) => ({
    complete: async (options) =>
      inner.complete(options).catch(() => ({ path: inner.spec.path, size: 1, etag: "e", modified: new Date() })),
  })),
  "nothing is visible before complete": uploads((inner, store) => ({
    put: async (part, body, options) => {
      await store.putFile?.(inner.spec, body);
      return inner.put(part, body, options);
    },
  })),
  "abort frees the upload, and twice is fine": uploads((inner) => ({
    abort: async () => {
      throw new TransferError("not-found", `Cannot abort "${inner.id}": it is gone`);
    },
  })),
  "progress reaches the size of the part": uploads((inner) => ({
    put: (part, body, options) => inner.put(part, body, { ...options, onProgress: undefined }),
  })),
  "a small file of other bytes than announced is refused, and what was there stays": (store) => ({
    putFile: async (spec, body, options) => {
      await store.remove(spec.path);
      return store.putFile?.(spec, body, options) ?? Promise.reject(new Error("it has none"));
    },
  }),
  "parts beyond the count are left out": uploads((inner) => ({
    complete: (options) => inner.complete({ ...options, count: undefined }),
  })),
};

const filesFaults: Readonly<Record<string, (store: Opened) => Partial<Files>>> = {
  "a missing file is undefined": () => ({
    stat: async (path) => ({ path, size: 0, etag: "e", modified: new Date() }),
  }),
  "a range reads these bytes and no others": (store) => ({ read: (path) => store.read(path) }),
  "reading with an etag fails once the file has changed": (store) => ({
    read: (path, options) => store.read(path, { ...options, etag: undefined }),
  }),
  "pages follow one another without a gap": (store) => ({
    list: async (options) => ({ ...(await store.list(options)), cursor: undefined }),
  }),
  "a file moves, and what was there is replaced": (store) => ({
    move: async (from, to) => {
      const moved = await store.move(from, to);
      await store.putFile?.({ path: from, size: 0 }, new Blob([]));
      return moved;
    },
  }),
  "a kept folder is listed while it is empty, and is no file": () => ({
    folders: { has: async () => false, make: async () => undefined, remove: async () => undefined },
  }),
};

const rulesOf = ({ rules, members }: typeof storeSuite) =>
  Object.assign({}, rules, ...Object.values(members).map((member) => member.rules)) as typeof rules;

const broken = async (rules: typeof storeSuite.rules, rule: string, fault: object, inner: Opened): Promise<void> => {
  // Methods are in the prototype of the store: they are asked of it, unless the fault has its own.
  const methods = ["create", "resume", "putFile", "stat", "list", "read", "move", "remove", "limitsFor"] as const;
  const own = Object.fromEntries(methods.map((name) => [name, inner[name]?.bind(inner)]));
  // It has all that the store has, by the list above.
  const store = Object.assign({ direct: false, folders: inner.folders }, own, fault) as unknown as Opened;
  const keep = rules[rule];
  if (keep === undefined) throw new Error(`there is no rule "${rule}"`);
  await keep(new Place(inner));
  await expect(keep(new Place(store)), `nothing broke "${rule}"`).rejects.toThrow();
};

test.each(Object.entries(storeFaults))("a store that breaks it fails: %s", async (rule, fault) => {
  const inner = memoryStore();
  await broken(rulesOf(storeSuite), rule, fault(inner), inner);
});

test.each(Object.entries(filesFaults))("files that break it fail: %s", async (rule, fault) => {
  const inner = memoryStore();
  await broken(rulesOf(filesSuite), rule, fault(inner), inner);
});
