import { expect, test } from "vitest";
import { azureSettings } from "../src/azure-credentials.ts";
import { UsageError } from "../src/exit-code.ts";
import { openStore } from "../src/open-store.ts";
import { readStoreUrl } from "../src/store-url.ts";

const key = Buffer.from("a key of thirty-two bytes, really").toString("base64");

test("an Azure URL names container, prefix, account and endpoints", () => {
  expect(readStoreUrl("azure://files?account=mycompany")).toMatchObject({
    kind: "azure",
    container: "files",
    prefix: "",
    account: "mycompany",
    publicEndpoints: [],
  });
  const endpoints =
    "endpoint=http://10.0.0.5:10000/mycompany&publicEndpoint=https://a.example&publicEndpoint=https://b.example/";
  expect(readStoreUrl(`azure://files/in/%ED%95%9C?account=mycompany&${endpoints}`)).toMatchObject({
    prefix: "in/한/",
    endpoint: "http://10.0.0.5:10000/mycompany",
    publicEndpoints: ["https://a.example", "https://b.example"],
  });
});

test.each([
  ["azure://?account=mycompany", "names no container"],
  ["azure://Files_1?account=mycompany", "cannot be the name of a container"],
  ["azure://files?account=my-company", "cannot be the name of a storage account"],
  ["azure://files?account=mycompany&region=x", '"region" is not one of account, endpoint, publicEndpoint'],
  ["azure://files?account=mycompany&endpoint=ftp://x", "is not an http URL"],
  ["azure://user:c2VjcmV0@files?account=mycompany", "AZURE_STORAGE_KEY"],
])("%s is refused: %s", (url, why) => {
  expect(() => readStoreUrl(url)).toThrow(UsageError);
  expect(() => readStoreUrl(url)).toThrow(why);
  expect(() => readStoreUrl(url)).not.toThrow("c2VjcmV0");
});

test("a connection string says account, key and endpoint; the key of AZURE_STORAGE_KEY goes first", () => {
  const usual = `DefaultEndpointsProtocol=https;AccountName=mycompany;AccountKey=${key};EndpointSuffix=core.chinacloudapi.cn`;
  expect(azureSettings({ AZURE_STORAGE_CONNECTION_STRING: usual })).toEqual({
    account: "mycompany",
    key,
    endpoint: "https://mycompany.blob.core.chinacloudapi.cn",
  });
  const emulator = `AccountName=devstoreaccount1;AccountKey=${key};BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1;`;
  const other = Buffer.from("other").toString("base64");
  expect(azureSettings({ AZURE_STORAGE_CONNECTION_STRING: emulator, AZURE_STORAGE_KEY: other })).toEqual({
    account: "devstoreaccount1",
    key: other,
    endpoint: "http://127.0.0.1:10000/devstoreaccount1",
  });
});

test("a key that is none is refused, and not repeated", () => {
  for (const environment of [
    { AZURE_STORAGE_KEY: "not*base64" },
    { AZURE_STORAGE_CONNECTION_STRING: "AccountName=mycompany;AccountKey=not*base64" },
    { AZURE_STORAGE_CONNECTION_STRING: "AccountName=mycompany;SharedAccessSignature=not*base64" },
  ]) {
    expect(() => azureSettings(environment)).toThrow(UsageError);
    expect(() => azureSettings(environment)).not.toThrow("not*base64");
  }
});

test("a store is not opened without an account", async () => {
  await expect(openStore("azure://files")).rejects.toThrow("account=NAME");
});
