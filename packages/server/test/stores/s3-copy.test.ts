import { randomBytes } from "node:crypto";
import { type BegunCopy, type CopyResume, MiB } from "@naru/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { layWire } from "../../../../test/harness/wire.ts";
import { s3Store } from "../../src/stores/s3/s3-store.ts";
import { anew, fetchAll, goOn, openGateway, send } from "../gateway/opened-gateway.ts";
import { cephOptions } from "./opened-bucket.ts";

/** Small enough that a copy of a few megabytes is one of many parts, as that of a large file is. */
const limits = { maxPartSize: 10 * MiB };
const modified = new Date(1_600_000_000_000);

let wire: Awaited<ReturnType<typeof layWire>>;
let store: ReturnType<typeof s3Store>;
/** The same bucket, past the wire. */
let straight: ReturnType<typeof s3Store>;

beforeEach(async () => {
  const options = await cephOptions();
  wire = await layWire(options.endpoint);
  store = s3Store({ ...options, endpoint: wire.origin, limits });
  straight = s3Store(options);
});

afterEach(async () => {
  await Promise.all([store.close(), straight.close()]);
  await wire[Symbol.asyncDispose]();
});

/** How many parts the store copied, and the lengths of those whose bytes were carried. */
function written(): { copied: number; carried: number[] } {
  const parts = wire.exchanges.filter(({ method, url }) => method === "PUT" && url.searchParams.has("uploadId"));
  const carried = parts.filter(({ bytes }) => bytes > 0).map(({ bytes }) => bytes);
  return { copied: parts.length - carried.length, carried };
}

async function put(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const type = "video/mxf";
  await store.putFile?.({ path, size: bytes.length, type, modified }, new Blob([bytes]));
  wire.exchanges.length = 0;
}

describe("renaming a file that is larger than the store copies at once", () => {
  test.each([
    ["with a short last part", 27 * MiB + 3, 3],
    ["with a last part of one byte", 20 * MiB + 1, 3],
    ["of whole parts only", 20 * MiB, 2],
  ])("keeps every byte and fact, %s, and carries none", async (_, size, copies) => {
    const bytes = Uint8Array.from(randomBytes(size));
    await put("from.mxf", bytes);
    expect(await store.move("from.mxf", "한글/to.mxf")).toMatchObject({ path: "한글/to.mxf", size });
    expect(written()).toEqual({ copied: copies, carried: [] });
    expect((await fetchAll(store, "한글/to.mxf")).equals(bytes)).toBe(true);
    expect(await store.stat("한글/to.mxf")).toMatchObject({ size, type: "video/mxf", modified });
    expect(await store.stat("from.mxf")).toBeUndefined();
  });

  test("resumes a copy that ended half-way: the parts that are there are not copied again", async () => {
    const bytes = Uint8Array.from(randomBytes(45 * MiB));
    await put("from.mxf", bytes);
    const stop = new AbortController();
    const begun: BegunCopy[] = [];
    const told: number[] = [];
    const resume = (earlier?: BegunCopy): CopyResume => ({
      begun: earlier,
      onBegun: async (copy) => void begun.push(copy),
      onProgress: (copied) => {
        told.push(copied);
        if (copied > 0 && copied < bytes.length) stop.abort(new Error("the server ends"));
      },
    });
    await expect(store.move("from.mxf", "to.mxf", { resume: resume(), signal: stop.signal })).rejects.toThrow();
    expect(await store.stat("to.mxf")).toBeUndefined();
    told.length = 0;
    wire.exchanges.length = 0;
    const moved = await store.move("from.mxf", "to.mxf", { resume: resume(begun[0]) });
    expect(moved).toMatchObject({ size: bytes.length });
    expect(begun).toHaveLength(1);
    expect(told[0]).toBeGreaterThan(0);
    expect(written().copied).toBe(Math.ceil((bytes.length - (told[0] ?? 0)) / limits.maxPartSize));
    expect((await fetchAll(store, "to.mxf")).equals(bytes)).toBe(true);
  });

  test("carries each part through the server where Ceph mistakes the name", async () => {
    const bytes = Uint8Array.from(randomBytes(24 * MiB + 5));
    await put("100%.bin", bytes);
    await store.move("100%.bin", "all.bin");
    expect(written()).toEqual({ copied: 0, carried: [10 * MiB, 10 * MiB, 4 * MiB + 5] });
    expect((await fetchAll(store, "all.bin")).equals(bytes)).toBe(true);
  });

  test("fails when the file is replaced meanwhile, and takes nothing away", async () => {
    await put("from.bin", Uint8Array.from(randomBytes(24 * MiB)));
    const other = Uint8Array.from(randomBytes(24 * MiB));
    let replaced: Promise<unknown> | undefined;
    wire.fault = ({ method, part }) => {
      if (method !== "PUT" || part !== 2 || replaced !== undefined) return undefined;
      // The first part is copied. The second is asked for again, on a wire that carries it when the file is another one.
      wire.cut();
      replaced = straight
        .putFile?.({ path: "from.bin", size: other.length }, new Blob([other]))
        .finally(() => wire.restore());
      return { kind: "answer", status: 503 };
    };
    await expect(store.move("from.bin", "to.bin")).rejects.toMatchObject({ code: "conflict" });
    await replaced;
    expect((await fetchAll(straight, "from.bin")).equals(other)).toBe(true);
    expect(await straight.stat("to.bin")).toBeUndefined();
    const aborted = wire.exchanges.filter(({ method, url }) => method === "DELETE" && url.searchParams.has("uploadId"));
    expect(aborted).toMatchObject([{ status: 204 }]);
  });
});

describe("appending to a file that is larger than the store copies at once", () => {
  test.each([
    ["after a short last part", 27 * MiB + 3, 3],
    ["where the end is too small for a part of its own", 20 * MiB + 1, 3],
    ["after whole parts", 20 * MiB, 2],
  ])("copies the file by parts, %s, and sends only what is new", async (_, size, copies) => {
    const whole = randomBytes(size + 6 * MiB);
    await put("base.bin", Uint8Array.from(whole.subarray(0, size)));
    await using gate = openGateway(store);
    const arrival = await gate.session.openWrite("/base.bin", goOn);
    expect(arrival.size).toBe(size);
    await send(arrival, whole, { from: size });
    await arrival.finish();
    const { copied, carried } = written();
    expect(copied).toBe(copies);
    expect(carried.reduce((sum, length) => sum + length, 0)).toBe(6 * MiB);
    expect((await fetchAll(store, "base.bin")).equals(whole)).toBe(true);
  });

  test("is refused where the file is another one by now", async () => {
    await put("base.bin", Uint8Array.from(randomBytes(6 * MiB)));
    const before = await store.stat("base.bin");
    await put("base.bin", Uint8Array.from(randomBytes(6 * MiB)));
    const upload = await store.create({ path: "base.bin" });
    const part = { number: 1, offset: 0, size: 6 * MiB };
    const copied = upload.copyPart?.(part, { path: "base.bin", etag: before?.etag ?? "", start: 0 });
    await expect(copied).rejects.toMatchObject({ code: "conflict" });
    await upload.abort();
  });

  test("after a rename goes on from the new name", async () => {
    const whole = randomBytes(25 * MiB);
    await using gate = openGateway(store);
    const first = await gate.session.openWrite("/a.bin", anew);
    await send(first, whole.subarray(0, 24 * MiB));
    await first.finish();
    await gate.session.move("/a.bin", "/b.bin");
    const more = await gate.session.openWrite("/b.bin", goOn);
    await send(more, whole, { from: 24 * MiB });
    await more.finish();
    expect((await fetchAll(store, "b.bin")).equals(whole)).toBe(true);
  });
});
