/** A change of cloud: from and to stores that are no Ceph. */

import { mkdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MiB } from "@naru/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeFile, sha256File } from "../../../test/harness/big-file.ts";
import { type Azurite, startAzurite } from "../../../test/peers/azurite.ts";
import { makeBucket } from "../../../test/peers/shared-ceph.ts";
import { type Swift, startSwift } from "../../../test/peers/swift.ts";
import { makeContainer } from "../../server/test/stores/opened-container.ts";
import { type CopyPlace, openCopyPlace } from "./copy-place.ts";

let world: CopyPlace;
let swift: Swift;
let azurite: Azurite;
const old = new Date("2020-02-02T02:02:02.000Z");
const composed = "한글.txt".normalize("NFC");
const decomposed = "한글.txt".normalize("NFD");

beforeAll(async () => {
  [world, swift, azurite] = await Promise.all([openCopyPlace(), startSwift(), startAzurite()]);
  await mkdir(at("media/empty"), { recursive: true });
  await writeFile(at("media/a"), "a");
  await writeFile(at(`media/${composed}`), "composed");
  await writeFile(at(`media/${decomposed}`), "decomposed");
  await writeFile(at("media/nothing"), "");
  await makeFile(at("media/large.bin"), 24 * MiB);
  await utimes(at("media/large.bin"), old, old);
});
afterAll(async () => {
  await Promise.all([world, swift, azurite].map((one) => one?.[Symbol.asyncDispose]()));
});

const at = (...names: string[]): string => join(world.place.folder, ...names);

/** Copy twice, and see that the second run has nothing to do; the paths of the first one. */
async function moved(from: string, to: string, env: Record<string, string> = {}): Promise<readonly unknown[]> {
  const keys = { ...world.one.credentials, ...env };
  const run = async (): Promise<Record<string, unknown>[]> => {
    const { code, stdout, stderr } = await world.place.naruWith(keys, "copy", from, to, "--json");
    expect([code, stderr]).toEqual([0, expect.anything()]);
    return stdout
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
  };
  const lines = await run();
  expect(await run()).toEqual([]);
  return lines.map(({ path, folder }) => path ?? folder).sort();
}

const all = ["a", "empty/", "large.bin", "nothing", decomposed, composed].sort();

test("from a folder to Swift, from Swift to Ceph and back to a folder", async () => {
  const bucket = await makeBucket(swift);
  const inSwift = `s3://${bucket}?${new URLSearchParams({ endpoint: swift.endpoint, profile: "swift" })}`;
  const to = { TO_AWS_ACCESS_KEY_ID: swift.accessKey, TO_AWS_SECRET_ACCESS_KEY: swift.secretKey };
  const from = { FROM_AWS_ACCESS_KEY_ID: swift.accessKey, FROM_AWS_SECRET_ACCESS_KEY: swift.secretKey };
  expect(await moved(`file:${at("media")}`, inSwift, to)).toEqual(all);
  expect(await moved(inSwift, world.one.storeUrl(), from)).toEqual(all);
  expect(await moved(world.one.storeUrl(), `file:${at("back")}`)).toEqual(all);
  expect(await sha256File(at("back/large.bin"))).toBe(await sha256File(at("media/large.bin")));
  expect(await readFile(at(`back/${decomposed}`), "utf8")).toBe("decomposed");
});

test("from a folder to Azure and from Azure to Ceph", async () => {
  const { containerName: container } = await makeContainer(azurite);
  const { account, key, endpoint } = azurite;
  const inAzure = `azure://${container}?${new URLSearchParams({ account, endpoint })}`;
  const keys = { AZURE_STORAGE_KEY: key };
  expect(await moved(`file:${at("media")}`, inAzure, keys)).toEqual(all);
  expect(await moved(inAzure, world.other.storeUrl(), keys)).toEqual(all);
  expect(await world.other.sha256("large.bin")).toBe(await sha256File(at("media/large.bin")));
  expect((await world.other.head("large.bin")).get("x-amz-meta-mtime")).toBe("1580608922");
});
