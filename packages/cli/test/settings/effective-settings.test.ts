/** Flags, file and defaults put together, and what naru serve says of it. */

import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { serveCommand } from "../../src/serve-command.ts";
import { type EffectiveSettings, effectiveSettings } from "../../src/settings/effective-settings.ts";
import { environmentOf } from "../../src/settings/mounts.ts";
import { ended, spawnNaru } from "../naru.ts";

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "naru-settings-")));
});
afterEach(() => rm(folder, { recursive: true }));

async function settingsOf(text: string, args: readonly string[] = [], env = {}): Promise<EffectiveSettings> {
  await writeFile(join(folder, "house.yaml"), text);
  const command = serveCommand();
  command.parseOptions(["--config", join(folder, "house.yaml"), ...args]);
  return effectiveSettings({
    options: command.opts(),
    isFlag: (option) => command.getOptionValueSource(option) === "cli",
    env,
  });
}

const house = `listen: 0.0.0.0:9000
data: ledger
trustProxy: [loopback, 10.0.0.7]
mounts:
  /: file:files
  /videos:
    store: s3://videos?endpoint=http://10.0.0.5:7480
    credentials: { accessKeyEnv: VIDEO_KEY, secretKeyEnv: VIDEO_SECRET }
    bin: off
sftp: { listen: 2022 }
bin: 7d
`;

test("what a file says is what the flags would say, with its paths from where it lies", async () => {
  const { command, mounts } = await settingsOf(house);
  expect(command).toMatchObject({
    host: "0.0.0.0",
    port: 9000,
    data: join(folder, "ledger"),
    trustProxy: "loopback,10.0.0.7",
    sftp: "2022",
    bin: 7,
    shareDays: 90,
  });
  expect(mounts).toMatchObject([
    { name: "/", prefix: "", url: `file:${join(folder, "files")}`, binDays: 7 },
    { name: "/videos", prefix: "videos/", url: "s3://videos?endpoint=http://10.0.0.5:7480", binDays: 0 },
  ]);
});

test("a flag wins over the file, and the server says so; what it does not name stays", async () => {
  const { command, mounts, notices } = await settingsOf(house, [
    "--port",
    "1",
    "--store",
    "file:/srv/other",
    "--bin",
    "9d",
  ]);
  expect(command).toMatchObject({ host: "0.0.0.0", port: 1, bin: 9 });
  expect(mounts).toMatchObject([
    { name: "/", url: "file:/srv/other", place: "--store", binDays: 9 },
    { name: "/videos", binDays: 0 },
  ]);
  const said = notices.join("\n");
  expect(said).toMatch(/--port is used instead of "listen" \(.*house\.yaml:1\)/);
  expect(said).toMatch(/--store is used instead of "mounts\.\/" \(.*house\.yaml:5\)/);
  expect(said).toMatch(/--bin is used instead of "bin" \(.*house\.yaml:11\)/);
});

test("without a store, files are in the data folder, whichever way that was said", async () => {
  const { mounts } = await settingsOf("data: d\nmounts: { /videos: file:v }");
  expect(mounts.map(({ url }) => url)).toEqual([`file:${join(folder, "d", "files")}`, `file:${join(folder, "v")}`]);
});

test("two mounts have two keys, from the variables that the file names", async () => {
  const two = house.replace("bin: off", "bin: 1d\n  /docs: { store: s3://docs, credentials: { profile: other } }");
  const { mounts } = await settingsOf(two);
  const [, videos, docs] = mounts;
  if (videos === undefined || docs === undefined) throw new Error("Cannot find the mounts");
  const usual = { AWS_ACCESS_KEY_ID: "of the house", AWS_SECRET_ACCESS_KEY: "s", AWS_PROFILE: "p" };
  expect(environmentOf(videos, { ...usual, VIDEO_KEY: "k", VIDEO_SECRET: "s" })).toEqual({
    VIDEO_KEY: "k",
    VIDEO_SECRET: "s",
    AWS_ACCESS_KEY_ID: "k",
    AWS_SECRET_ACCESS_KEY: "s",
  });
  expect(environmentOf(docs, usual)).toEqual({ AWS_PROFILE: "other" });
  expect(() => environmentOf(videos, { VIDEO_KEY: "k" })).toThrow(
    /Cannot open the mount "\/videos" \(.*house\.yaml:6\): the environment variable VIDEO_SECRET is not set/,
  );
});

test("the initial password comes from the variable or file that is named, unless a flag says it", async () => {
  await writeFile(join(folder, "password"), "from a file\n");
  const file = "admin: { passwordFile: password }";
  expect((await settingsOf(file)).command.adminPassword).toBe("from a file");
  expect((await settingsOf(file, ["--admin-password", "by flag"])).command.adminPassword).toBe("by flag");
  const variable = "admin: { passwordEnv: FIRST }";
  expect((await settingsOf(variable, [], { FIRST: "from env" })).command.adminPassword).toBe("from env");
  await expect(settingsOf(variable)).rejects.toThrow(/house\.yaml:1\): the environment variable FIRST is not set/);
});

test("naru serve --check-config prints every setting with where it comes from, no secret, and ends", async () => {
  await mkdir(join(folder, "data"));
  await writeFile(join(folder, "data", "naru.yaml"), house);
  const args = ["serve", "--check-config", "--data", join(folder, "data"), "--share-days", "5"];
  const env = { VIDEO_KEY: "AKIAKEY", VIDEO_SECRET: "very-secret", NARU_ADMIN_PASSWORD: "hidden-password" };
  const { code, stdout, stderr } = await ended(spawnNaru(args, env));
  expect(stderr).toMatch(/Settings from .*naru\.yaml/);
  expect(stdout).toMatch(/^port +9000 +.*naru\.yaml:1$/mu);
  expect(stdout).toMatch(/^shares\.days +5 +--share-days$/mu);
  expect(stdout).toMatch(/^agent\.route +auto +default$/mu);
  expect(stdout).toMatch(/^mounts\.\/videos\.credentials +accessKeyEnv VIDEO_KEY, secretKeyEnv VIDEO_SECRET +.*:6$/mu);
  expect(stdout + stderr).not.toMatch(/AKIAKEY|very-secret|hidden-password/);
  expect(code).toBe(0);
  const unset = await ended(spawnNaru(args, { VIDEO_KEY: "AKIAKEY" }));
  expect(unset.code).toBe(2);
  expect(unset.stderr).toMatch(/VIDEO_SECRET is not set/);
});
