import { expect, test } from "vitest";
import { startAzurite } from "../../../../test/peers/azurite.ts";
import { checkIds, examineStore, reportOf } from "../../src/doctor/doctor.ts";
import { openAzure } from "../stores/opened-container.ts";
import { appOrigin, foundIn } from "./examined-bucket.ts";

test("a container is examined; its account is told the CORS rule, and nothing is left in it", async () => {
  await using azurite = await startAzurite();
  await using container = await openAzure(azurite);
  const { signal } = new AbortController();
  const examined = async () => {
    const examination = await examineStore(container.store, { origins: [appOrigin], uploadDays: 7, signal });
    return { examination, found: foundIn(reportOf(examination, "en")) };
  };
  const before = await examined();
  expect(before.found.failures).toEqual(["cors"]);
  expect(before.found.report.profile).toBe("azure");
  expect(before.found.fix("cors")).toContain("az storage cors add --services b");
  const left = checkIds.filter((id) => !["tls", "checksums", "lifecycle", "leftovers"].includes(id));
  expect(before.found.report.checks.map(({ id }) => id).toSorted()).toEqual(left.toSorted());
  for (const { repair } of before.examination.lines) await repair?.apply(signal);
  const after = await examined();
  expect(after.found.failures).toEqual([]);
  expect(after.found.message("md5")).toMatch(/is refused: 400/);
  const names: string[] = [];
  for await (const { name } of container.client.listBlobsFlat({ includeUncommitedBlobs: true })) names.push(name);
  expect(names).toEqual([]);
});
