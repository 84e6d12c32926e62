import { type Files, type Store, TransferError } from "@naru/core";
import { memoryStore } from "@naru/core/testing";
import { expect, test } from "vitest";
import { checkIds, examineStore, reportOf } from "../../src/doctor/doctor.ts";
import { foundIn } from "./examined-bucket.ts";

test("a store that lends nothing of its own is examined by what every store can do, and is empty afterwards", async () => {
  const store = memoryStore();
  const signal = new AbortController().signal;
  const found = foundIn(reportOf(await examineStore(store, { origins: [], uploadDays: 7, signal }), "en"));
  expect(found.failures).toEqual([]);
  const left = checkIds.filter((id) => !["tls", "checksums", "lifecycle", "leftovers"].includes(id));
  expect(found.report.checks.map(({ id }) => id).toSorted()).toEqual(left.toSorted());
  expect((await store.list({ prefix: ".naru/" })).files).toEqual([]);
});

/** What a fault may replace. */
type Replaceable = Pick<Files, "list"> & Pick<Required<Store>, "putFile">;

test.each<[string, string, (store: Replaceable) => Partial<Replaceable>, "warning" | "failure", RegExp]>([
  ["overwrites what may not be replaced", "conditional-write", () => ({}), "warning", /a small file replaces/],
  [
    "takes a plus for a space",
    "names",
    ({ list }) => ({
      async list(options) {
        const page = await list(options);
        if (options?.delimiter === undefined) return page;
        return { ...page, files: page.files.map((file) => ({ ...file, path: file.path.replaceAll("+", " ") })) };
      },
    }),
    "failure",
    /changed, or not at all: \+$/,
  ],
  [
    "goes away",
    "names",
    ({ putFile }) => ({
      async putFile(spec, body, options) {
        if (!spec.path.includes("/names/")) return putFile(spec, body, options);
        throw new TransferError("unavailable", "Cannot write: the store is away");
      },
    }),
    "failure",
    /could not be examined: .* the store is away/,
  ],
])("a store that %s is found out", async (_, id, spoiled, status, message) => {
  const memory = memoryStore();
  const [list, putFile] = [memory.list.bind(memory), memory.putFile?.bind(memory)];
  if (putFile === undefined) throw new Error("Cannot write small files");
  const { signal } = new AbortController();
  const options = { origins: [], uploadDays: 7, signal, only: checkIds.filter((one) => one === id) };
  const store = Object.assign(memory, spoiled({ list, putFile }));
  const found = foundIn(reportOf(await examineStore(store, options), "en"));
  expect(found.status(id)).toBe(status);
  expect(found.message(id)).toMatch(message);
  expect(found.fix(id)).not.toBe("");
  expect((await list({ prefix: ".naru/" })).files).toEqual([]);
});

test("a container that is not there is told as that, and nothing else is examined", async () => {
  const list = async (): Promise<never> => {
    throw new TransferError("not-found", 'Cannot list "": the store answers 404 ContainerNotFound');
  };
  const store = Object.assign(memoryStore(), { list });
  const { lines } = await examineStore(store, { origins: [], uploadDays: 7, signal: new AbortController().signal });
  const examined = lines.filter(({ skippedBy }) => skippedBy === undefined);
  expect(examined.map(({ id, status, message }) => [id, status, message.en])).toEqual([
    ["reachability", "failure", "there is no container of that name"],
  ]);
});
