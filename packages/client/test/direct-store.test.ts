import type { PartToSign, SignedPart } from "@naru/core";
import { expect, test } from "vitest";
import { storeFailure } from "../src/direct-store.ts";
import { PresignQueue } from "../src/presign-queue.ts";

const partOf = (number: number): PartToSign => ({ number, offset: number, size: 1 });
const signed = (part: PartToSign): SignedPart => ({
  part,
  method: "PUT",
  url: `http://store/${part.number}`,
  headers: {},
  expires: new Date(0),
});

test("parts that are asked for together are signed in one request", async () => {
  const calls: number[][] = [];
  const queue = new PresignQueue(async (parts) => {
    calls.push(parts.map(({ number }) => number));
    return parts.map(signed);
  });
  const urls = await Promise.all([1, 2, 3].map(async (number) => (await queue.sign(partOf(number))).url));
  expect(urls).toEqual(["http://store/1", "http://store/2", "http://store/3"]);
  expect(calls).toEqual([[1, 2, 3]]);
});

test("who waits for a signature and is stopped, stops waiting at once", async () => {
  const queue = new PresignQueue(() => new Promise(() => undefined));
  const controller = new AbortController();
  const waiting = queue.sign(partOf(1), { signal: controller.signal });
  controller.abort(new Error("stopped"));
  await expect(waiting).rejects.toThrow("stopped");
});

test.each([
  [400, "BadDigest", "checksum-mismatch"],
  [403, "SignatureDoesNotMatch", "forbidden"],
  [404, "NoSuchUpload", "not-found"],
  [400, "RequestTimeout", "unavailable"],
  [503, "SlowDown", "throttled"],
  [500, "InternalError", "unavailable"],
])("the store's %i %s is %s", (status, said, code) => {
  const error = storeFailure(status, new Headers({ "retry-after": "2" }), `<Error><Code>${said}</Code></Error>`, "put");
  expect(error).toMatchObject({ code, retryAfterMs: 2000 });
});
