import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { openStore } from "../src/open-store.ts";
import { readStoreUrl } from "../src/store-url.ts";

const accountFile = new URL("../../server/test/stores/gcs/service-account.json", import.meta.url).pathname;
const folder = await mkdtemp(join(tmpdir(), "naru-gcs-url-"));
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(() => void vi.unstubAllEnvs());

test("gcs: names a bucket, a prefix, an endpoint and where browsers reach it", () => {
  expect(
    readStoreUrl("gcs://b/in/box/?endpoint=http://h:1/&publicEndpoint=https://a&publicEndpoint=https://b/"),
  ).toEqual({
    kind: "gcs",
    bucket: "b",
    prefix: "in/box/",
    endpoint: "http://h:1",
    publicEndpoints: ["https://a", "https://b"],
  });
  expect(readStoreUrl("gcs://b")).toEqual({
    kind: "gcs",
    bucket: "b",
    prefix: "",
    endpoint: undefined,
    publicEndpoints: [],
  });
});

for (const [url, why] of [
  ["gcs:///box", "names no bucket"],
  ["gcs://GOOG1E:c2VjcmV0@b", "GCS_ACCESS_KEY_ID"],
  ["gcs://b?region=eu", '"region" is not one of endpoint, publicEndpoint'],
  ["gcs://b?endpoint=ftp://a", "not an http URL"],
] as const) {
  test(`${url} is refused: ${why}`, () => {
    expect(() => readStoreUrl(url)).toThrow(why);
    expect(() => readStoreUrl(url)).toThrow(/^(?!.*c2VjcmV0)/);
  });
}

test("a service account's key file and an HMAC key both open a bucket; the HMAC key comes first", async () => {
  vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", accountFile);
  const byAccount = await openStore("gcs://b?endpoint=http://127.0.0.1:9");
  expect(byAccount.profile?.conditionalCreate.is).toBe("honoured");
  vi.stubEnv("GCS_ACCESS_KEY_ID", "GOOG1E");
  vi.stubEnv("GCS_SECRET_ACCESS_KEY", "secret");
  const byHmac = await openStore("gcs://b?endpoint=http://127.0.0.1:9");
  expect(byHmac.profile?.conditionalCreate.is).toBe("ignored");
  expect([byAccount.profile?.name, byHmac.profile?.name]).toEqual(["gcs", "gcs"]);
  await Promise.all([byAccount.close?.(), byHmac.close?.()]);
});

test("without a key it says where keys are looked for, and that an access token does not do", async () => {
  await expect(openStore("gcs://b")).rejects.toThrow(
    /GOOGLE_APPLICATION_CREDENTIALS .*GCS_ACCESS_KEY_ID and GCS_SECRET_ACCESS_KEY.* access token/,
  );
});

test("half an HMAC key is refused, and the half that is there is not shown", async () => {
  vi.stubEnv("GCS_SECRET_ACCESS_KEY", "c2VjcmV0");
  await expect(openStore("gcs://b")).rejects.toThrow(/^(?!.*c2VjcmV0).*GCS_ACCESS_KEY_ID is not set/);
});

test("a key file that is not there is named", async () => {
  vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere/key.json");
  await expect(openStore("gcs://b")).rejects.toThrow('cannot read GOOGLE_APPLICATION_CREDENTIALS="/nowhere/key.json"');
});

const pem = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n";
for (const [text, why] of [
  [pem, "it is not JSON"],
  ['"c2VjcmV0"', "it is not a JSON object"],
  [JSON.stringify({ private_key: pem }), "it has no type"],
  [JSON.stringify({ type: "authorized_user", refresh_token: "c2VjcmV0" }), 'its type is "authorized_user"'],
  [JSON.stringify({ type: "service_account", private_key: pem }), "it has no client_email"],
  [JSON.stringify({ type: "service_account", client_email: "a@b" }), "it has no private_key"],
  [JSON.stringify({ type: "service_account", client_email: "a@b", private_key: pem }), "is not an RSA key in PEM"],
] as const) {
  test(`a key file that is none says so, and shows nothing of itself: ${why}`, async () => {
    const path = join(folder, "key.json");
    await writeFile(path, text);
    vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", path);
    const refused = await openStore("gcs://b").catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: "UsageError", message: expect.stringContaining(why) });
    expect(refused).toMatchObject({ message: expect.stringContaining(path) });
    expect(String(refused)).not.toContain("c2VjcmV0");
  });
}
