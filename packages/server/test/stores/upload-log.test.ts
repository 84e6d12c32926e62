import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { UploadLog } from "../../src/stores/file/upload-log.ts";
import { tempFolder } from "./temp-folder.ts";

for (const durable of [true, false]) {
  test(`a part that arrives while its upload is being forgotten brings no log back (durable: ${durable})`, async () => {
    await using folder = await tempFolder();
    const file = join(folder.path, "log");
    const log = new UploadLog(file, { durable });
    await log.begin({ path: "x" });
    const receipt = { part: { number: 1, offset: 0, size: 3 }, etag: "e" };
    await log.add(receipt);
    expect(await log.read()).toMatchObject({ spec: { path: "x" }, receipts: new Map([[1, receipt]]) });
    await rm(file);
    await expect(log.add(receipt)).rejects.toMatchObject({ code: "ENOENT" });
    expect(await readdir(folder.path)).toEqual([]);
    expect(await log.read()).toBeUndefined();
  });
}
