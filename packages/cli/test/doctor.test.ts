import { afterAll, beforeAll, expect, test } from "vitest";
import type { Bucket } from "../../../test/harness/bucket.ts";
import { type DoctorPlace, doctorPlace } from "./doctor-place.ts";

const origin = "https://app.example.com";
let place: DoctorPlace;
let bucket: Bucket;
let run: DoctorPlace["run"];
beforeAll(async () => {
  place = await doctorPlace();
  ({ bucket, run } = place);
});
afterAll(() => place?.[Symbol.asyncDispose]());

test("mends CORS and the abort rule with --fix --yes, shows what it writes, and keeps the rules of others", async () => {
  await bucket.setCors(
    "<CORSConfiguration><CORSRule><ID>theirs</ID><AllowedOrigin>https://other.example</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>",
  );
  const fixed = await run(["--store", bucket.storeUrl(), "--origin", origin, "--fix", "--yes"]);
  expect([fixed.code, fixed.stderr]).toEqual([0, ""]);
  expect(fixed.stdout).toContain(`<AllowedOrigin>${origin}</AllowedOrigin>`);
  expect(fixed.stdout).toContain("<DaysAfterInitiation>14</DaysAfterInitiation>");
  expect(fixed.stdout).toMatch(/^✓ ok {7}cors +pages of https:\/\/app\.example\.com may write and read directly$/m);
  const rules = await bucket.cors();
  expect(rules.indexOf(origin)).toBeLessThan(rules.indexOf("https://other.example"));
  expect(fixed.stdout).not.toContain(bucket.place.secretKey);
});

test("prints one JSON object, in the language of the environment", async () => {
  const { code, stdout } = await run(["--json"], { NARU_STORE: bucket.storeUrl(), LANG: "ko_KR.UTF-8" });
  expect(code).toBe(0);
  const report = JSON.parse(stdout);
  expect(Object.keys(report)).toEqual(["profile", "checks"]);
  for (const check of report.checks) expect(Object.keys(check)).toEqual(["id", "status", "message", "fix"]);
  const md5 = report.checks.find(({ id }: { id: string }) => id === "md5");
  expect(md5).toMatchObject({ status: "ok", message: expect.stringContaining("거부합니다"), fix: "" });
});

test("--fix without a terminal and without --yes asks nobody: it says so, and exits with 2", async () => {
  const { code, stderr } = await run(["--store", bucket.storeUrl(), "--fix"]);
  expect([code, stderr]).toEqual([2, expect.stringContaining("there is no terminal; add --yes")]);
});
