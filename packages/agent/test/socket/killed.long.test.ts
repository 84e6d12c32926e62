import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AgentApi } from "@naru/client";
import { crc64, MiB } from "@naru/core";
import { memoryStore } from "@naru/core/testing";
import { httpDoor } from "@naru/server/testing";
import { expect, test } from "vitest";
import { Page } from "./page.ts";
import { pair } from "./world.ts";

interface Running extends AsyncDisposable {
  readonly port: number;
}

async function run(dataDir: string, origin: string): Promise<Running> {
  const program = new URL("agent-process.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [program, dataDir, origin], { stdio: ["ignore", "pipe", "inherit"] });
  const [line]: unknown[] = await once(child.stdout, "data");
  const kill = async (): Promise<void> => {
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  };
  return { port: Number(String(line).trim()), [Symbol.asyncDispose]: kill };
}

test("what an agent said was durable is there after it was killed, with the pairing", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "naru-killed-"));
  await using door = await httpDoor(memoryStore());
  const tickets = new AgentApi({
    origin: door.origin,
    auth: { kind: "basic", user: door.user, password: door.password },
  });
  const bytes = randomBytes(24 * MiB);
  const file = { name: "a.bin", size: bytes.length, modifiedMs: 1 };
  let durable = 0;
  let transfer = "";
  {
    await using agent = await run(folder.path, door.origin);
    const page = await Page.open(agent.port, door.origin);
    await pair(page, tickets);
    const { ticket } = await tickets.ticket({ file: { path: "a.bin", size: bytes.length, partSize: 4 * MiB } });
    const feeding = await page.feeding({ kind: "create", ticket, file });
    transfer = feeding.transfer.id;
    await page.feed(feeding, bytes, 14 * MiB);
    await page.hear((message) => message.kind === "grant" && message.grant.durable >= 8 * MiB);
    durable = page.grantOf(feeding.channel)?.durable ?? 0;
  }
  await using agent = await run(folder.path, door.origin);
  const page = await Page.open(agent.port, door.origin);
  const asked = await page.call({ kind: "prove", transfer });
  const ranges = asked.kind === "prove" ? asked.ranges : [];
  const proofs = ranges.map(({ start, end }) => ({ start, end, crc64: crc64(bytes.subarray(start, end)) }));
  const { grant } = await page.feeding({ kind: "feed", transfer, file, proofs });
  expect(durable).toBeGreaterThanOrEqual(8 * MiB);
  expect(grant.durable).toBeGreaterThanOrEqual(durable);
});
