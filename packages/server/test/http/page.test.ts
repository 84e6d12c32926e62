import { mkdir, mkdtemp, mkdtempDisposable, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memoryStore } from "@naru/core/testing";
import { expect, test } from "vitest";
import { httpDoor } from "../../src/testing/index.ts";
import { Client } from "./client.ts";

test("the built page is open to everyone: its entry asked for anew, its assets kept", async () => {
  const publicDir = await mkdtemp(join(tmpdir(), "naru-page-"));
  await mkdir(join(publicDir, "assets"));
  await writeFile(join(publicDir, "index.html"), "<!doctype html><title>Naru</title>");
  await writeFile(join(publicDir, "assets", "app-1a2b.js"), "export {};");
  const door = await httpDoor(memoryStore(), { publicDir });
  try {
    const anyone = new Client(door.origin, {});
    const entry = await anyone.call("GET", "/");
    expect([entry.status, entry.headers.get("cache-control")]).toEqual([200, "no-cache"]);
    expect(await entry.text()).toContain("Naru");
    const asset = await anyone.call("GET", "/assets/app-1a2b.js");
    expect(asset.headers.get("content-type")).toMatch(/javascript/);
    expect(asset.headers.get("cache-control")).toContain("immutable");
    expect((await anyone.call("GET", "/assets/..%2f..%2fetc/passwd")).status).toBe(401);
    expect((await anyone.call("GET", "/api/files")).status).toBe(401);
  } finally {
    await door.close();
    await rm(publicDir, { recursive: true });
  }
});

test("the agent's installers are open to everyone, and only they", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "naru-downloads-"));
  await writeFile(join(folder.path, "naru-agent_amd64.deb"), "a package");
  await using door = await httpDoor(memoryStore(), { downloadsDir: folder.path });
  const answer = await fetch(`${door.origin}/downloads/naru-agent_amd64.deb`);
  expect([answer.status, answer.headers.get("content-disposition"), await answer.text()]).toEqual([
    ...[200, "attachment", "a package"],
  ]);
  expect((await fetch(`${door.origin}/downloads/nothing.deb`)).status).toBe(404);
  expect((await fetch(`${door.origin}/downloads/..%2f..%2fetc%2fpasswd`)).status).not.toBe(200);
});
