import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { leftOut, whyLeftOut } from "./left-out.ts";
import { needs } from "./peers/needs.ts";
import { ofCeph } from "./peers/programs.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

async function repository(files: Readonly<Record<string, string>>) {
  const root = await mkdtemp(join(tmpdir(), "naru-left-out-"));
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), text);
  }
  return { root, [Symbol.asyncDispose]: () => rm(root, { recursive: true }) };
}

const files = {
  "packages/x/test/plain.test.ts": 'import { test } from "vitest";\n',
  "packages/x/test/client.ts": 'needs("lftp");\n',
  "packages/x/test/client.test.ts": 'import { client } from "./client.ts";\n',
  "packages/x/test/types.test.ts": 'import type { Client } from "./client.ts";\n',
  "test/e2e/bucket.test.ts": 'import { type A,\n  b,\n} from "../harness/bucket.ts";\n',
  "test/harness/bucket.ts": "needs(...ofCeph);\n",
};

test("a file is left out for what it needs, or a module that it imports does, and for nothing else", async () => {
  await using repo = await repository(files);
  vi.stubEnv("PATH", "/nowhere");
  vi.stubEnv("NARU_TEST_S3", undefined);
  expect(leftOut(repo).map(whyLeftOut)).toEqual([
    "packages/x/test/client.test.ts needs lftp",
    "test/e2e/bucket.test.ts needs Ceph",
  ]);
  vi.stubEnv("NARU_TEST_S3", "{}");
  expect(leftOut(repo).map(({ file }) => file)).toEqual(["packages/x/test/client.test.ts"]);
});

test("what is there and cannot be started leaves its files out too", async () => {
  await using repo = await repository(files);
  vi.stubEnv("NARU_TEST_S3", "{}");
  expect(leftOut({ ...repo, broken: ofCeph }).map(({ file }) => file)).toContain("test/e2e/bucket.test.ts");
});

test("a file that is run by itself says what is missing, and what brings it", () => {
  vi.stubEnv("PATH", "/nowhere");
  expect(() => needs("lftp", "ssh")).toThrow(/need lftp, ssh \(apt-get install lftp openssh-client\)/);
  vi.unstubAllEnvs();
  expect(() => needs("Linux")).not.toThrow();
});
