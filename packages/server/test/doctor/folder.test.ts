import { chmod, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkIds, examineStore, reportOf } from "../../src/doctor/doctor.ts";
import { fileStore } from "../../src/stores/file/file-store.ts";
import { foundIn } from "./examined-bucket.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "naru-doctor-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function examined(signal = new AbortController().signal) {
  const store = await fileStore(folder);
  return foundIn(reportOf(await examineStore(store, { origins: [], uploadDays: 7, signal }), "en"));
}

test("a folder is examined as a bucket is; what only buckets have does not apply", async () => {
  const found = await examined();
  expect(found.failures).toEqual([]);
  expect(found.report.profile).toBe("file");
  const left = checkIds.filter((id) => !["tls", "checksums", "lifecycle", "leftovers"].includes(id));
  expect(found.report.checks.map(({ id }) => id).toSorted()).toEqual(left.toSorted());
  expect(found.message("reachability")).toMatch(/is writable, fsync \d+ ms, .* GiB free, names are case-sensitive/);
  expect(found.message("names")).toContain("Korean (NFD)");
  expect(found.message("cors")).toMatch(/^does not apply/);
});

test("a folder that everybody may write in is a warning, with the command that mends it", async () => {
  await chmod(folder, 0o777);
  const found = await examined();
  expect(found.status("rights")).toBe("warning");
  expect(found.fix("rights")).toContain(`chmod o-w ${folder}`);
  await chmod(folder, 0o755);
});

test("nothing is left, also of what was killed long ago; what others made stays", async () => {
  const hidden = join(folder, ".naru");
  const [old, foreign, young] = ["doctor-00000000000000aa", "doctor-00000000000000bb", "doctor-00000000000000cc"];
  for (const name of [old, foreign, young]) await mkdir(join(hidden, name));
  const marker = JSON.stringify({ writtenBy: "naru doctor" });
  await writeFile(join(hidden, old, "examination.json"), marker);
  await writeFile(join(hidden, young, "examination.json"), marker);
  await utimes(join(hidden, old, "examination.json"), 0, 0);
  await examined();
  expect((await readdir(hidden)).filter((name) => name.startsWith("doctor-")).toSorted()).toEqual([foreign, young]);
  expect(await readdir(folder)).toEqual([".naru"]);
});
