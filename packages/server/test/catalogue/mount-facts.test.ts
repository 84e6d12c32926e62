import { TransferError, type UnfinishedUpload } from "@naru/core";
import { memoryStore } from "@naru/core/testing";
import { expect, test } from "vitest";
import { mountStores } from "../../src/catalogue/mounts.ts";
import type { ServedStore } from "../../src/served-store.ts";
import { fileStore } from "../../src/stores/file/file-store.ts";
import { tempFolder } from "../stores/temp-folder.ts";

test("unfinished uploads of the others are found though one store fails, whose failure comes last and names it", async () => {
  await using disk = await tempFolder();
  const other = await fileStore(disk.path);
  const failing: ServedStore = Object.assign(memoryStore(), {
    // biome-ignore lint/correctness/useYield: it fails before it finds one
    async *unfinished(): AsyncGenerator<UnfinishedUpload> {
      throw new TransferError("unreachable", "Cannot list uploads: no answer", { retryAfterMs: 7 });
    },
  });
  const house = mountStores([
    { prefix: "", store: memoryStore() },
    { prefix: "a/", store: failing },
    { prefix: "b/", store: other },
  ]);
  house.ownUploads?.({ installation: "test", lifeMs: 1 });
  await house.create({ path: "b/x.bin", size: 1 });
  const found: (string | undefined)[] = [];
  const looked = (async () => {
    for await (const { path } of house.unfinished?.() ?? []) found.push(path);
  })();
  await expect(looked).rejects.toMatchObject({
    code: "unreachable",
    message: 'Cannot list uploads: no answer (the store at "/a/")',
    retryAfterMs: 7,
  });
  expect(found).toEqual(["b/x.bin"]);
});
