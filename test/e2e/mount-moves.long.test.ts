/** A house of several stores, as an operator's file has it: a server that is killed in a move, and a store that is away. */

import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MiB } from "@naru/core";
import { expect, test } from "vitest";
import { Bucket } from "../harness/bucket.ts";
import { freePort } from "../harness/free-port.ts";

const soon = { interval: 50, timeout: 180_000 };
const size = 200 * MiB;

test("a move of a large file to another store resumes after kill -9; a store that is away stops no other", async () => {
  const folder = await mkdtemp(join(tmpdir(), "naru-house-"));
  await using bucket = await Bucket.make();
  await mkdir(join(folder, "files"));
  const bytes = randomBytes(size);
  await writeFile(join(folder, "files", "big.bin"), bytes);
  const port = await freePort();
  const file = join(folder, "naru.yaml");
  const credentials = "{ accessKeyEnv: CLOUD_KEY, secretKeyEnv: CLOUD_SECRET }";
  await writeFile(
    file,
    `listen: ${port}
data: data
mounts:
  /: file:files
  /cloud: { store: "${bucket.storeUrl()}", credentials: ${credentials} }
  /away: s3://away?endpoint=http://127.0.0.1:9
`,
  );
  const keys = { CLOUD_KEY: bucket.place.accessKey, CLOUD_SECRET: bucket.place.secretKey };
  const env = {
    ...process.env,
    ...keys,
    AWS_ACCESS_KEY_ID: "a",
    AWS_SECRET_ACCESS_KEY: "b",
    NARU_ADMIN_PASSWORD: "naru-naru",
  };
  const start = (): ChildProcess =>
    spawn(process.execPath, ["packages/cli/bin/naru.js", "serve", "--config", file], { env, stdio: "ignore" });
  const origin = `http://127.0.0.1:${port}`;
  const headers = { authorization: `Basic ${btoa("admin:naru-naru")}`, "content-type": "application/json" };
  const get = (path: string): Promise<Response> => fetch(`${origin}${path}`, { headers });
  const isUp = (): Promise<boolean> =>
    fetch(`${origin}/livez`).then(
      ({ ok }) => ok,
      () => false,
    );
  const copied = async (): Promise<number> => (await (await get("/api/moves")).json()).moves[0]?.bytes ?? 0;
  let server = start();
  try {
    await expect.poll(isUp, soon).toBe(true);
    expect(await (await get("/api/files?delimiter=/")).json()).toMatchObject({
      files: [{ path: "big.bin" }],
      folders: ["away/", "cloud/"],
    });
    const away = await get("/api/files?prefix=away/&delimiter=/");
    expect([away.status, await away.text()]).toEqual([502, expect.stringContaining('the store at \\"/away/\\"')]);
    const body = JSON.stringify({ from: "big.bin", to: "cloud/big.bin" });
    const moving = fetch(`${origin}/api/move`, { method: "POST", headers, body }).catch(() => undefined);
    await expect.poll(copied, { ...soon, interval: 10 }).toBeGreaterThan(30 * MiB);
    server.kill("SIGKILL");
    await Promise.all([once(server, "exit"), moving]);
    server = start();
    await expect.poll(isUp, soon).toBe(true);
    await expect.poll(async () => (await get("/api/files/cloud/big.bin?stat")).status, soon).toBe(200);
    await expect.poll(async () => (await get("/api/files/big.bin?stat")).status, soon).toBe(404);
    expect(await bucket.unfinished()).toBe(0);
    expect(Buffer.from(await (await get("/api/files/cloud/big.bin")).arrayBuffer()).equals(bytes)).toBe(true);
  } finally {
    server.kill("SIGTERM");
    if (server.exitCode === null && server.signalCode === null) await once(server, "exit");
    await rm(folder, { recursive: true });
  }
});
