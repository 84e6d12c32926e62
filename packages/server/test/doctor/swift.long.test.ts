import { expect, test } from "vitest";
import { startSwift } from "../../../../test/peers/swift.ts";
import { examineStore, reportOf } from "../../src/doctor/doctor.ts";
import { swift as profile } from "../../src/stores/profiles/swift.ts";
import { openS3 } from "../stores/opened-bucket.ts";
import { appOrigin, foundIn } from "./examined-bucket.ts";

test("a bucket of Swift is examined; who operates it is told its CORS setting, and nothing is left in it", async () => {
  await using swift = await startSwift();
  await using bucket = await openS3({ prefix: "in/", profile }, swift);
  const { signal } = new AbortController();
  const examination = await examineStore(bucket.store, { origins: [appOrigin], uploadDays: 7, signal });
  const found = foundIn(reportOf(examination, "en"));
  expect(found.failures).toEqual(["cors"]);
  expect(found.fix("cors")).toContain(`cors_preflight_allow_origin = ${appOrigin}`);
  expect(examination.lines.some(({ repair }) => repair !== undefined)).toBe(false);
  expect(found.status("signed-headers")).toBe("ok");
  expect((await bucket.store.list()).files).toEqual([]);
});
