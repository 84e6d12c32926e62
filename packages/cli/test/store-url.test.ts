import { resolve } from "node:path";
import { expect, test } from "vitest";
import { openStore } from "../src/open-store.ts";
import { readStoreUrl } from "../src/store-url.ts";

test("file: names a folder, absolute or from here", () => {
  expect(readStoreUrl("file:/srv/files")).toEqual({ kind: "file", folder: "/srv/files" });
  expect(readStoreUrl("file:///srv/files")).toEqual({ kind: "file", folder: "/srv/files" });
  expect(readStoreUrl("file:files")).toEqual({ kind: "file", folder: resolve("files") });
});

test("s3: names a bucket, a prefix, an endpoint and where browsers reach it", () => {
  const url =
    "s3://b/in/box/?endpoint=http://h:7480&region=r&style=path&publicEndpoint=http://a&publicEndpoint=http://b/";
  expect(readStoreUrl(url)).toEqual({
    kind: "s3",
    bucket: "b",
    prefix: "in/box/",
    endpoint: "http://h:7480",
    region: "r",
    style: "path",
    publicEndpoints: ["http://a", "http://b"],
    equalParts: false,
    maxParts: undefined,
    leavesParts: false,
  });
  expect(readStoreUrl("s3://b?region=eu-west-1")).toMatchObject({
    endpoint: "https://s3.eu-west-1.amazonaws.com",
    style: "virtual",
    prefix: "",
  });
});

test("equalParts=1 makes a bucket's parts equal, and nothing else does", async () => {
  for (const [field, equalParts] of [
    ["&equalParts=1", true],
    ["", false],
  ] as const) {
    const store = await openStore(`s3://b?endpoint=http://127.0.0.1:9${field}`);
    expect(store.limitsFor("a")).toMatchObject({ equalParts, minPartSize: 5 * 1024 * 1024 });
    await store.close?.();
  }
});

test("maxParts= is how many parts a file may have, and bounds its size", async () => {
  const store = await openStore("s3://b?endpoint=http://127.0.0.1:9&maxParts=1000&leavesParts=1");
  expect(store.limitsFor("a")).toMatchObject({ maxParts: 1000, maxSize: 5000 * 1024 ** 3 });
  await store.close?.();
  expect(readStoreUrl("s3://b?maxParts=1000&leavesParts=1")).toMatchObject({ maxParts: 1000, leavesParts: true });
  expect(readStoreUrl("s3://b?maxParts=1")).toMatchObject({ maxParts: 1 });
  expect(readStoreUrl("s3://b?maxParts=10000")).toMatchObject({ maxParts: 10_000, leavesParts: false });
});

test("profile= says which store it is, and the fields beside it what differs there", async () => {
  const swift = await openStore("s3://b?endpoint=http://127.0.0.1:9&profile=swift&maxParts=500");
  expect(swift.profile?.name).toBe("swift");
  expect(swift.limitsFor("a")).toMatchObject({ maxParts: 500, equalParts: false });
  await swift.close?.();
  const r2 = await openStore("s3://b?endpoint=http://127.0.0.1:9&profile=r2");
  expect(r2.limitsFor("a")).toMatchObject({ equalParts: true, maxParts: 10_000 });
  await r2.close?.();
});

test.each([
  ["s3://key:secret@bucket", /"s3:\/\/bucket"/],
  ["s3://key:secret/with/slashes@bucket?region=eu", /"s3:\/\/bucket\?region=eu"/],
  ["s3:key:secret@bucket", /"s3:bucket"/],
  ["s3://b?accessKey=secret&key=secret&region=eu", /"s3:\/\/b\?accessKey=\.\.\.&key=\.\.\.&region=eu"/],
  ["azure://box?account=mine&sv=2024&sig=secret", /"azure:\/\/box\?account=mine&sv=\.\.\.&sig=\.\.\."/],
  ["s3://b?endpoint=http://key:secret@h:7480", /endpoint=http:\/\/h:7480": an endpoint is an address alone/],
  ["s3://b?endpoint=ftp://key:secret@h", /"ftp:\/\/h" is not an http URL/],
  ["azure://box?account=mine&endpoint=https://h/?sig=secret", /an endpoint is an address alone/],
])("a URL that is refused is told without the key in it: %s", (url, told) => {
  expect(() => readStoreUrl(url)).toThrow(told);
  expect(() => readStoreUrl(url)).toThrow(/^(?!.*secret)/);
});

test.each([
  ["ftp://host/", "neither file:DIR nor s3:"],
  ["file:", "no folder"],
  ["s3://key:secret@bucket", "AWS_ACCESS_KEY_ID"],
  ["s3://b?endpont=http://h", '"endpont"'],
  ["s3://b/50%/?endpoint=http://h", "write %25"],
  ["s3://b?profile=azure", "not one of the profiles aws, swift"],
  ["s3://b?style=dns", "style"],
  ["s3://b?endpoint=h:7480", "http URL"],
  ["s3://b?equalParts=true", 'equalParts is "1" or not there at all, not "true"'],
  ["s3://b?equalParts=0", 'not "0"'],
  ["s3://b?equalParts=", 'not ""'],
  ["s3://b?leavesParts=yes", 'leavesParts is "1" or not there at all, not "yes"'],
  ["s3://b?maxParts=0", '1 to 10000, not "0"'],
  ["s3://b?maxParts=10001", '1 to 10000, not "10001"'],
  ["s3://b?maxParts=1e3", 'not "1e3"'],
  ["s3://b?maxParts=-5", 'not "-5"'],
  ["s3://b?maxParts=", 'not ""'],
])("%s is refused: %s", (url, why) => {
  expect(() => readStoreUrl(url)).toThrow(why);
});
