/** A closed `x.filepart` is renamed to a name that its upload does not lead to, while `x` is another file. */

import { type Files, MiB, type Store, TransferError } from "@naru/core";
import { type MemoryFile, memoryStore } from "@naru/core/testing";
import { expect, test } from "vitest";
import { anew, bytesOf, fetchAll, openGateway, send, smallLimits } from "./opened-gateway.ts";

async function waitingBeside(old: Buffer | undefined, fresh: Buffer) {
  const store: Store & Files = memoryStore(new Map<string, MemoryFile>(), { limits: smallLimits });
  const gate = openGateway(store);
  const { session } = gate;
  const sent = [["/x", old] as const, ["/x.filepart", fresh] as const];
  for (const [path, bytes] of sent) {
    if (bytes === undefined) continue;
    const arrival = await session.openWrite(path, anew);
    await send(arrival, bytes);
    await arrival.finish();
  }
  const has = async (path: string, bytes: Buffer): Promise<boolean> => (await fetchAll(store, path)).equals(bytes);
  const paths = async (): Promise<readonly string[]> =>
    (await store.list({ prefix: "" })).files.map(({ path }) => path);
  return { store, gate, session, has, paths };
}

test("a rename that its client does not wait for leaves every file under its name", async () => {
  const [old, fresh] = [bytesOf(1000), bytesOf(3 * MiB)];
  const { store, gate, session, has, paths } = await waitingBeside(old, fresh);
  const gone = new AbortController();
  const move = store.move.bind(store);
  store.move = async (from, to, options = {}) => {
    if (to === "y") gone.abort(new TransferError("unreachable", "Cannot continue: the client disconnected"));
    options.signal?.throwIfAborted();
    return move(from, to, options);
  };
  await session.move("/x.filepart", "/y", { signal: gone.signal }).catch(() => undefined);
  expect(await paths()).toEqual(["x", "y"]);
  expect(await has("x", old)).toBe(true);
  expect(await has("y", fresh)).toBe(true);
  await gate[Symbol.asyncDispose]();
});

test("a file that cannot have its final name keeps the one that it had, and is renamed by the next try", async () => {
  const [old, fresh] = [bytesOf(1000), bytesOf(3 * MiB)];
  const { store, gate, session, has, paths } = await waitingBeside(old, fresh);
  const move = store.move.bind(store);
  let fails = true;
  store.move = async (from, to, options) => {
    if (to === "y" && fails) throw new TransferError("forbidden", `Cannot move "${from}": no leave`);
    return move(from, to, options);
  };
  await expect(session.move("/x.filepart", "/y")).rejects.toMatchObject({ code: "forbidden" });
  expect(await paths()).toEqual(["x", "x.filepart"]);
  expect(await has("x", old)).toBe(true);
  fails = false;
  await session.move("/x.filepart", "/y");
  expect(await has("y", fresh)).toBe(true);
  expect(await paths()).toEqual(["x", "y"]);
  await gate[Symbol.asyncDispose]();
});

test("a closed file that waits for its final name is read by several clients at once", async () => {
  const fresh = bytesOf(3 * MiB);
  const { gate, session } = await waitingBeside(undefined, fresh);
  const sessions = [session, gate.gateway.open("ann"), gate.gateway.open("ann")];
  const readings = await Promise.all(sessions.map((one) => one.openRead("/x.filepart")));
  for (const reading of readings) {
    expect(Buffer.concat(await reading.read(0, 100)).equals(fresh.subarray(0, 100))).toBe(true);
    await reading.close();
  }
  await gate[Symbol.asyncDispose]();
});
