import type { BatchFile } from "@naru/core";
import { expect, test } from "vitest";
import { NaruApi } from "../src/index.ts";

test("an answer that tells of fewer files than were sent is an error: none passes for arrived, or for sent", async () => {
  const api = new NaruApi({
    origin: "http://naru.test",
    auth: { kind: "basic", user: "u", password: "p" },
    fetch: async () => Response.json({ results: [] }),
  });
  const file: BatchFile = {
    path: "a",
    size: 1,
    md5: "0cc175b9c0f1b6a831c399e269772661",
    modified: "2026-01-01T00:00:00Z",
    conflict: "overwrite",
  };
  await expect(api.sendBatch([file], [new Blob(["a"])])).rejects.toMatchObject({
    message: expect.stringContaining("0 of 1 files"),
  });
});
