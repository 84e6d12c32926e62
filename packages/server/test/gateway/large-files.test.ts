import { GiB, type Limits, MiB } from "@naru/core";
import { type MemoryFile, memoryStore } from "@naru/core/testing";
import { expect, test } from "vitest";
import { anew, openGateway } from "./opened-gateway.ts";

/** Few parts, so that a file is soon too large for parts that memory holds. */
const fewParts: Partial<Limits> = { minPartSize: 5 * MiB, maxPartSize: 5 * GiB, maxParts: 8, maxSize: GiB };

/** Write `size` bytes to a store of few parts, and tell how many parts it became, and what was put aside. */
async function write(size: number, told: { readonly size?: number }) {
  const store = memoryStore(new Map<string, MemoryFile>(), { limits: fewParts });
  const aside: number[] = [];
  const putFile = store.putFile?.bind(store);
  if (putFile === undefined) throw new Error("The store takes no whole files");
  store.putFile = (spec, body, options) => {
    aside.push(body.size);
    return putFile(spec, body, options);
  };
  let parts = 0;
  const create = store.create.bind(store);
  store.create = async (...args) => {
    const upload = await create(...args);
    const put = upload.put.bind(upload);
    upload.put = (part, body, options) => {
      parts = Math.max(parts, part.number);
      return put(part, body, options);
    };
    return upload;
  };
  await using gate = openGateway(store);
  const arrival = await gate.session.openWrite("/x.bin", { ...anew, ...told });
  const bytes = new Uint8Array(MiB).fill(7);
  for (let at = 0; at < size; at += MiB) await arrival.write(at, bytes);
  const file = await arrival.finish();
  return { file, parts, aside };
}

test("a file of a told size that needs parts larger than memory holds is completed", async () => {
  const { file, parts, aside } = await write(300 * MiB, { size: 300 * MiB });
  expect(file.size).toBe(300 * MiB);
  expect(parts).toBeLessThanOrEqual(8);
  // Of each part 32 MiB went straight from memory.
  expect(aside.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual((300 - 6 * 32) * MiB);
});

test("a file of unknown size that needs parts larger than memory holds is completed", async () => {
  const { file, parts } = await write(200 * MiB, {});
  expect(file.size).toBe(200 * MiB);
  expect(parts).toBeLessThanOrEqual(8);
});
