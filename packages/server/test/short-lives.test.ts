import { memoryStore } from "@naru/core/testing";
import { expect, test } from "vitest";
import { createServer, silentLog } from "../src/index.ts";
import { minio } from "../src/stores/profiles/minio.ts";
import { r2 } from "../src/stores/profiles/r2.ts";
import { wasabi } from "../src/stores/profiles/wasabi.ts";

/** What a server over these stores says at its start. */
async function said(uploadTtlMs?: number): Promise<readonly string[]> {
  const warnings: string[] = [];
  const warn = (_: unknown, message: unknown): number => warnings.push(String(message));
  const server = await createServer({
    store: { ...memoryStore(), profile: wasabi },
    mounts: [
      { prefix: "here/", store: memoryStore() },
      { prefix: "videos/", store: { ...memoryStore(), profile: minio } },
      { prefix: "r2/", store: { ...memoryStore(), profile: r2 } },
    ],
    dataDir: ":memory:",
    logger: Object.assign(silentLog(), { warn }),
    uploadTtlMs,
  });
  await server.close();
  return warnings;
}

test("a server whose store ends unfinished uploads sooner than it says so at its start, and what to set", async () => {
  expect(await said()).toEqual([
    'the store at "/videos" ends unfinished uploads after 1 day, this server would keep them for 7 days; one that is resumed later starts over; set MINIO_API_STALE_UPLOADS_EXPIRY=336h, or run: mc admin config set ALIAS api stale_uploads_expiry=336h',
  ]);
});

test("it compares with its own life of uploads", async () => {
  const day = 24 * 60 * 60 * 1000;
  expect(await said(day)).toEqual([]);
  expect((await said(31 * day)).map((text) => /"(.*?)"/.exec(text)?.[1])).toEqual(["/", "/videos", "/r2"]);
});
