import { expect, test } from "vitest";
import { objectAddress } from "../../src/stores/s3/bucket-address.ts";
import { hmacKeys } from "../../src/stores/s3/hmac-key.ts";
import { Signer } from "../../src/stores/s3/signer.ts";
import { decodeUploadKey, encodeUploadKey } from "../../src/stores/s3/upload-id.ts";

const credentials = { accessKeyId: "key", secretAccessKey: "secret", sessionToken: "a+b/c=" };

test("a bucket stands in the path or in the host", () => {
  const endpoint = new URL("https://s3.example.com:9000/base/");
  const place = { protocol: "https:", port: 9000 };
  expect(objectAddress(endpoint, { bucket: "b", style: "path" }, "a/x y")).toEqual({
    ...place,
    hostname: "s3.example.com",
    path: "/base/b/a/x%20y",
  });
  expect(objectAddress(endpoint, { bucket: "b", style: "virtual" }, "a/x y")).toEqual({
    ...place,
    hostname: "b.s3.example.com",
    path: "/base/a/x%20y",
  });
});

test("a signed part says what it signs, is dated back, and carries the session's token", async () => {
  const signer = new Signer({ bucket: "b", style: "virtual", keys: hmacKeys(async () => credentials, "kr") });
  const part = { number: 3, offset: 10, size: 5, digest: { md5: "d41d8cd98f00b204e9800998ecf8427e", crc64: "" } };
  const before = Date.now();
  const { url, expires } = await signer.presignPart(
    new URL("https://s3.example.com"),
    { key: "k", uploadId: "u/+" },
    part,
  );
  const { host, pathname, searchParams } = new URL(url);
  expect([host, pathname]).toEqual(["b.s3.example.com", "/k"]);
  expect(searchParams.get("uploadId")).toBe("u/+");
  expect(searchParams.get("partNumber")).toBe("3");
  expect(searchParams.get("X-Amz-SignedHeaders")).toBe("content-length;content-md5;host");
  expect(searchParams.get("X-Amz-Security-Token")).toBe("a+b/c=");
  expect(searchParams.get("X-Amz-Credential")).toContain("/kr/s3/aws4_request");
  const date = searchParams.get("X-Amz-Date")?.replace(/(....)(..)(..T..)(..)/, "$1-$2-$3:$4:") ?? "";
  expect(before - Date.parse(date)).toBeGreaterThanOrEqual(119_000);
  expect(expires.getTime() - before).toBeGreaterThanOrEqual(3_600_000);
});

test("credentials that end sooner end what they sign", async () => {
  const expiration = new Date(Date.now() + 60_000);
  const short = async () => ({ ...credentials, expiration });
  const signer = new Signer({ bucket: "b", style: "path", keys: hmacKeys(short, "kr") });
  const { expires } = await signer.presign(new URL("https://s3.example.com"), { method: "GET", key: "k" });
  expect(expires).toEqual(expiration);
});

test("an upload's id holds all that another process needs", () => {
  const spec = { path: "한글.bin", size: 10, partSize: 5, modified: new Date(1234) };
  const ticket = { key: "in/한글.bin", uploadId: "2~x", token: "t", md5Etags: true, spec };
  expect(decodeUploadKey(encodeUploadKey(ticket))).toEqual(ticket);
});

for (const id of ["", "nonsense", "e30", "bnVsbA", Buffer.from('{"key":1}').toString("base64url")]) {
  test(`the id ${JSON.stringify(id)} is nobody's`, () => {
    expect(() => decodeUploadKey(id)).toThrow(expect.objectContaining({ code: "not-found" }));
  });
}
