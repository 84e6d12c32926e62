import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { layWire, type Wire } from "../../../../test/harness/wire.ts";
import { s3Store } from "../../src/stores/s3/s3-store.ts";
import { cephOptions } from "./opened-bucket.ts";

let wire: Wire;
let store: ReturnType<typeof s3Store>;

beforeEach(async () => {
  const options = await cephOptions();
  wire = await layWire(options.endpoint);
  store = s3Store({ ...options, endpoint: wire.origin });
});

afterEach(async () => {
  await store.close();
  await wire[Symbol.asyncDispose]();
});

/** Let the first of the requests fail that a call makes. */
function failOnce(fault: ReturnType<Wire["fault"]>): void {
  let asked = 0;
  wire.fault = () => {
    asked += 1;
    return asked === 1 ? fault : undefined;
  };
}

describe("a call of the store that carries no file's bytes", () => {
  test("is made once more after a 503", async () => {
    failOnce({ kind: "answer", status: 503 });
    expect((await store.list()).files).toEqual([]);
    expect(wire.exchanges.map(({ status }) => status)).toEqual([503, 200]);
  });

  test("is made once more after its connection was cut", async () => {
    failOnce({ kind: "lose-answer" });
    const listing = store.list();
    await wire.until(() => wire.exchanges[0]?.status === 0);
    wire.resetAll();
    expect((await listing).files).toEqual([]);
    expect(wire.exchanges).toHaveLength(2);
  });

  test("that fails again and again is given up after three tries, by one count", async () => {
    wire.fault = () => ({ kind: "answer", status: 500, code: "InternalError" });
    await expect(store.list()).rejects.toMatchObject({ code: "unavailable" });
    expect(wire.exchanges).toHaveLength(3);
  });

  test("is not made again after a refusal that no further try mends", async () => {
    wire.fault = () => ({ kind: "answer", status: 403, code: "AccessDenied" });
    await expect(store.list()).rejects.toMatchObject({ code: "forbidden" });
    expect(wire.exchanges).toHaveLength(1);
  });

  test("ends with its signal, whatever it waits for", async () => {
    const stop = new AbortController();
    wire.fault = () => ({ kind: "answer", status: 503 });
    const listing = store.list({ signal: stop.signal });
    await wire.until(() => wire.exchanges[0]?.status === 503);
    stop.abort(new DOMException("The call is stopped", "AbortError"));
    await expect(listing).rejects.toMatchObject({ message: "The call is stopped" });
  });
});
