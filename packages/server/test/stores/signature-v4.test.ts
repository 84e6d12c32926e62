/** Signature Version 4 beside the library of Smithy, on which AWS's own is built: equal byte for byte. */

import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import { expect, test } from "vitest";
import { hmacKey, hmacKeys } from "../../src/stores/s3/hmac-key.ts";
import { presignV4, signV4 } from "../../src/stores/s3/signature-v4.ts";

const date = new Date("2026-11-30T07:08:09.123Z");
const region = "ap-northeast-2";
const permanent = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const temporary = { ...permanent, sessionToken: "FwoGZX//a+b/c==" };

const part = {
  method: "PUT",
  path: "/bucket/a%20b/%ED%95%9C%EA%B8%80%20%281%29%2B%26%3D%25.bin",
  query: { partNumber: "10000", uploadId: "2~x/+ =é!'()*" },
  headers: { "content-length": "16777216", "content-md5": "1B2M2Y8AsgTpgAmY7PhCfg==", host: "s3.example.com:9000" },
};

for (const [name, credentials] of Object.entries({ permanent, temporary })) {
  test(`with ${name} credentials a presigned URL is that of Smithy`, async () => {
    const ours = await presignV4(hmacKey(credentials, region), part, { date, lifeSeconds: 3720 });
    const headers = { ...part.headers, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
    const request = { ...part, protocol: "https:", hostname: "s3.example.com", headers };
    const signed = await smithy(credentials).presign(request, { signingDate: date, expiresIn: 3720 });
    expect(Object.fromEntries(new URLSearchParams(ours))).toEqual(signed.query);
  });

  test(`with ${name} credentials signed headers are those of Smithy`, async () => {
    const body = createHash("sha256").update("<Complete/>").digest("hex");
    const headers = { ...part.headers, "x-amz-meta-name": "  two   words ", "content-type": "application/xml" };
    const ours = await signV4(hmacKey(credentials, region), { ...part, headers }, { date, body });
    const request = { ...part, protocol: "https:", hostname: "s3.example.com", headers, body: "<Complete/>" };
    const signed = await smithy(credentials).sign(request, { signingDate: date });
    expect(ours).toEqual(signed.headers);
  });
}

test("new credentials are used from the next request on, and the same ones make no new key", async () => {
  let now = { ...permanent };
  const keys = hmacKeys(async () => now, region);
  const first = await keys();
  now = { ...permanent };
  expect(await keys()).toBe(first);
  now = { ...permanent, accessKeyId: "AKIDOTHER" };
  expect((await keys()).id).toBe("AKIDOTHER");
});

function smithy(credentials: typeof permanent): SignatureV4 {
  const settings = { region, service: "s3", sha256: Sha256, uriEscapePath: false, applyChecksum: true };
  return new SignatureV4({ ...settings, credentials });
}

/** SHA-256, keyed or not, in the shape that Smithy asks for. */
class Sha256 {
  readonly #hash: Hash | Hmac;

  constructor(key?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = key === undefined ? createHash("sha256") : createHmac("sha256", bytesOf(key));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {}
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === "string") return Buffer.from(data);
  return data instanceof ArrayBuffer
    ? new Uint8Array(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
