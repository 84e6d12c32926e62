import { planParts } from "@naru/core";
import { expect, test } from "vitest";
import { openS3 } from "./opened-bucket.ts";

test("more parts than a page of a listing has are all listed, by a bucket too", async () => {
  await using bucket = await openS3();
  const store = await bucket.openTiny();
  const upload = await store.create({ path: "many.bin", size: 2003, partSize: 1 });
  const parts = planParts(2003, 1, store.limitsFor("many.bin"));
  const queue = parts.values();
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (const part of queue) await upload.put(part, new Blob(["x"]));
    }),
  );
  expect((await upload.receipts()).map(({ part }) => part)).toEqual(parts);
  await upload.abort();
});
