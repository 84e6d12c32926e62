/** Beside the signer of `@google-cloud/storage`, at the same moment. */

import { readFileSync } from "node:fs";
import { Storage } from "@google-cloud/storage";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { serviceAccountKey } from "../../../src/stores/gcs/service-account.ts";
import { Signer } from "../../../src/stores/s3/signer.ts";

const file = new URL("service-account.json", import.meta.url);
const account = readFileSync(file, "utf8");
const google = new Storage({ credentials: JSON.parse(account) });
const keys = async () => serviceAccountKey(account);
const endpoint = new URL("https://storage.googleapis.com");
const moment = Date.parse("2026-11-30T08:09:10Z");
const md5 = "900150983cd24fb0d6963f7d28e17f72";

beforeEach(() => void vi.useFakeTimers({ now: moment, toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());

for (const name of ["a.bin", "a b/c+d&e=%.bin", "한글/파일 (1)!'*.bin", "x//y", "~tilde_-."]) {
  test(`a part of "${name}" has the URL that Google's own library gives it`, async () => {
    const signer = new Signer({ bucket: "bucket", style: "path", keys, now: () => moment + 120_000 });
    const part = { number: 7, offset: 0, size: 5_242_880, digest: { md5, crc64: "" } };
    const target = { key: name, uploadId: "VXBsb2Fk/+ =" };
    const { url } = await signer.presignPart(endpoint, target, part);
    const [theirs] = await google
      .bucket("bucket")
      .file(name)
      .getSignedUrl({
        version: "v4",
        action: "write",
        expires: moment + 3_720_000,
        contentMd5: Buffer.from(md5, "hex").toString("base64"),
        extensionHeaders: { "content-length": "5242880" },
        queryParams: { partNumber: "7", uploadId: target.uploadId },
      });
    expect(spelt(url)).toEqual(spelt(theirs));
  });
}

test("a file is read by the URL that Google's own library gives it, name and type for the browser included", async () => {
  const signer = new Signer({ bucket: "bucket", style: "path", keys, now: () => moment + 120_000 });
  const query = { "response-content-disposition": "attachment; filename*=UTF-8''%ED%95%9C.bin" };
  const { url } = await signer.presign(endpoint, { method: "GET", key: "한.bin", query });
  const [theirs] = await google
    .bucket("bucket")
    .file("한.bin")
    .getSignedUrl({
      version: "v4",
      action: "read",
      expires: moment + 3_720_000,
      responseDisposition: query["response-content-disposition"],
    });
  expect(spelt(url)).toEqual(spelt(theirs));
});

/** The address, and the parameters as they are spelt: their order says nothing. */
function spelt(url: string): readonly unknown[] {
  const [address, query = ""] = url.split("?");
  return [address, query.split("&").toSorted()];
}
