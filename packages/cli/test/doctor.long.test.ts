import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Bucket } from "../../../test/harness/bucket.ts";
import { layWire, type Wire } from "../../../test/harness/wire.ts";
import { makeBucket } from "../../../test/peers/shared-ceph.ts";
import { startSwift } from "../../../test/peers/swift.ts";
import { type DoctorPlace, doctorPlace } from "./doctor-place.ts";
import { ended } from "./naru.ts";

const origin = "https://app.example.com";
let place: DoctorPlace;
let bucket: Bucket;
let run: DoctorPlace["run"];
let folder: string;
let wire: Wire;
beforeAll(async () => {
  place = await doctorPlace();
  ({ bucket, folder, run } = place);
  wire = await layWire(bucket.place.endpoint);
});
afterAll(async () => {
  await wire?.[Symbol.asyncDispose]();
  await place?.[Symbol.asyncDispose]();
});

test("without --fix nothing is written, with it what is missing, and then there is nothing left to mend", async () => {
  const store = ["--store", bucket.storeUrl(), "--origin", origin];
  await bucket.setCors(
    "<CORSConfiguration><CORSRule><ID>theirs</ID><AllowedOrigin>https://other.example</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>",
  );
  const before = await run(store);
  expect(before.code).toBe(1);
  expect(before.stdout).toMatch(/^✗ failure {2}cors +pages cannot use the store directly/m);
  expect(await bucket.cors()).not.toContain(origin);
  const fixed = await run([...store, "--fix", "--yes"]);
  expect([fixed.code, fixed.stderr]).toEqual([0, ""]);
  expect(fixed.stdout).toContain(`<AllowedOrigin>${origin}</AllowedOrigin>`);
  expect(fixed.stdout).toContain("<DaysAfterInitiation>14</DaysAfterInitiation>");
  expect(fixed.stdout).toMatch(/^✓ ok {7}cors +pages of https:\/\/app\.example\.com may write and read directly$/m);
  const rules = await bucket.cors();
  expect(rules.indexOf(origin)).toBeLessThan(rules.indexOf("https://other.example"));
  expect((await run([...store, "--fix", "--yes"])).stdout).toContain("There is nothing that --fix can mend.");
  expect(fixed.stdout + before.stdout).not.toContain(bucket.place.secretKey);
});

describe("an examination that is ended", () => {
  const isUnderWay = (): boolean => wire.exchanges.some(({ url }) => url.pathname.includes("/names/"));

  test.each(["SIGINT", "SIGTERM"] as const)("by %s leaves nothing behind", async (signal) => {
    wire.exchanges.length = 0;
    const program = place.start(["--store", bucket.storeUrl(wire.origin)]);
    await wire.until(isUnderWay);
    program.kill(signal);
    expect((await ended(program)).code).toBe(130);
    expect(await bucket.keys()).toEqual([]);
    expect(await bucket.unfinished()).toBe(0);
  });
});

describe("without a store's URL", () => {
  test("the folder of the server's files is examined", async () => {
    await mkdir(join(folder, "naru-data", "files"), { recursive: true });
    const { code, stdout } = await run([]);
    expect(code).toBe(0);
    expect(stdout).toContain(`${join(folder, "naru-data", "files")} (folder)\n`);
    const hidden = await readdir(join(folder, "naru-data", "files", ".naru"));
    expect(hidden.filter((name) => name.startsWith("doctor"))).toEqual([]);
  });

  test("each mount of naru.yaml is examined, with the origins that it names", async () => {
    const settings = join(folder, "with-settings");
    await mkdir(join(settings, "docs"), { recursive: true });
    const lines = [
      `origins: ["${origin}"]`,
      "mounts:",
      `  "/": file:${join(settings, "docs")}`,
      `  "/videos": ${bucket.storeUrl()}`,
    ];
    await writeFile(join(settings, "naru.yaml"), lines.join("\n"));
    const { code, stdout } = await run(["--data", settings, "--json"]);
    const reports = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(reports.map(({ mount, profile }) => [mount, profile])).toEqual([
      ["/", "file"],
      ["/videos", "ceph"],
    ]);
    const cors = reports[1].checks.find(({ id }: { id: string }) => id === "cors");
    expect([code, cors.message]).toEqual([0, expect.stringContaining(origin)]);
  });

  test("and without such a folder nothing is made, and it says what to name", async () => {
    const { code, stderr } = await run(["--data", join(folder, "elsewhere")]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("name one with --store or NARU_STORE")]);
    expect(await readdir(folder)).not.toContain("elsewhere");
  });
});

test("a container is named by its URL, without what is after the question mark", async () => {
  const url = "azure://box/in?account=somebody&endpoint=http://127.0.0.1:1/somebody";
  const { code, stdout } = await run(["--store", url], { AZURE_STORAGE_KEY: "a2V5" });
  expect([code, stdout.split("\n")[0]]).toEqual([1, "azure://box/in (Azure Blob Storage)"]);
});

test("a folder that is not there, or cannot be one, is a failure in the report, and is not made", async () => {
  await writeFile(join(folder, "a-file"), "");
  for (const name of ["missing", "a-file"]) {
    const { code, stdout } = await run(["--store", `file:${join(folder, name)}`, "--json"]);
    expect(code).toBe(1);
    const [first] = JSON.parse(stdout).checks;
    expect(first).toMatchObject({ id: "reachability", status: "failure", message: expect.stringContaining(name) });
  }
  expect(await readdir(folder)).not.toContain("missing");
});

test("Swift is recognised without profile=, and its operator is told the setting of CORS", async () => {
  await using swift = await startSwift();
  const theirs = await makeBucket(swift);
  const store = `s3://${theirs}?${new URLSearchParams({ endpoint: swift.endpoint, region: "us-east-1" })}`;
  const env = { AWS_ACCESS_KEY_ID: swift.accessKey, AWS_SECRET_ACCESS_KEY: swift.secretKey };
  const { code, stdout } = await run(["--store", store, "--origin", origin, "--json"], env);
  const { profile, checks } = JSON.parse(stdout);
  const cors = checks.find(({ id }: { id: string }) => id === "cors");
  expect([code, profile, cors.status]).toEqual([1, "swift", "failure"]);
  expect(cors.fix).toContain(`cors_preflight_allow_origin = ${origin}`);
  expect(stdout).not.toContain("put-bucket-cors");
});
