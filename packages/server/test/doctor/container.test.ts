import { TransferError } from "@naru/core";
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
