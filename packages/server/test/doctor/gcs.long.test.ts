import { expect, test } from "vitest";
import { examineStore, reportOf } from "../../src/doctor/doctor.ts";
import { googleFront, keyFile, openGcs } from "../stores/gcs/opened-gcs.ts";
import { appOrigin, foundIn } from "./examined-bucket.ts";

test("a bucket of Google's dialect is examined with its own keys, and nothing is left in it", async () => {
  await using front = await googleFront();
  await using bucket = await openGcs(front.endpoint, { serviceAccount: keyFile });
  const { signal } = new AbortController();
  const examination = await examineStore(bucket.store, { origins: [appOrigin], uploadDays: 7, signal });
  const found = foundIn(reportOf(examination, "en"));
  expect(found.report.profile).toBe("gcs");
  expect(found.failures).toEqual(["cors"]);
  expect(found.fix("cors")).toContain("gcloud storage buckets update gs://");
  // Its rules are not written as those of S3.
  expect(examination.lines.some(({ repair }) => repair !== undefined)).toBe(false);
  expect((await bucket.store.list()).files).toEqual([]);
});
