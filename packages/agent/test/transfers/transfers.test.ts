import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { appendFile, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { crc64, MiB, TransferError, wrapStore } from "@naru/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { freePort } from "../../../../test/harness/free-port.ts";
import { httpsFront } from "../../../../test/harness/https-front.ts";
import { type Agent, startAgent } from "../../src/agent.ts";
import { type OpenStore, openStore } from "../../src/transfers/open-store.ts";
import { feed, until } from "../spool/feeder.ts";
import { type TempFolder, tempFolder } from "../stores/temp-folder.ts";
import { type FarSide, inState, openFarSide, when } from "./far-side.ts";

let far: FarSide;
let folder: TempFolder;
let agent: Agent;
const lines: string[] = [];

beforeEach(async () => {
  far = await openFarSide();
  folder = await tempFolder();
  lines.length = 0;
  await start();
});
afterEach(async () => {
  await agent.close();
  await far[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

async function start(open?: OpenStore): Promise<void> {
  agent = await startAgent({
    dataDir: dataDir(),
    headless: true,
    log: (line) => lines.push(line),
    pages: { ports: [0] },
    openStore: open,
  });
}

const dataDir = (): string => join(folder.path, "data");

async function fileOf(name: string, size: number): Promise<{ file: string; bytes: Buffer }> {
  const bytes = randomBytes(size);
  const file = join(folder.path, name);
  await writeFile(file, bytes);
  return { file, bytes };
}

const fed = (bytes: Uint8Array) => ({ name: "fed.bin", size: bytes.length, modifiedMs: 1_700_000_000_000 });

async function arrived(path: string): Promise<Buffer> {
  return readFile(far.fileOf(path));
}

test("a file of this computer is sent without a spool", async () => {
  const { file, bytes } = await fileOf("영화 1.mov", 20 * MiB + 3);
  const { id } = await agent.transfers.send({ file, to: far.to });
  const view = await when(agent.transfers, id, inState("done", "failed"));
  expect(view).toMatchObject({ state: "done", way: "direct", confirmed: bytes.length, unfed: 0, held: 0, parts: 3 });
  expect(bytes.equals(await arrived("영화 1.mov"))).toBe(true);
  expect(await readdir(join(dataDir(), "spool"))).toEqual(["spool-mark"]);
});

test("a file is sent while it is fed, through a window of a quarter of its size", async () => {
  await agent.transfers.change({ spoolLimit: 8 * MiB });
  const bytes = randomBytes(32 * MiB);
  const { transfer, spool } = await agent.transfers.receive({ file: fed(bytes), to: far.to, path: "in/fed.bin" });
  expect(transfer.way).toBe("window");
  let most = 0;
  agent.transfers.onEvent(({ transfer: { held } }) => {
    most = Math.max(most, held);
  });
  await feed(spool, bytes);
  const view = await when(agent.transfers, transfer.id, inState("done", "failed"));
  expect(view).toMatchObject({ state: "done", unfed: 0, held: 0 });
  expect(most).toBeLessThanOrEqual(8 * MiB);
  expect(bytes.equals(await arrived("in/fed.bin"))).toBe(true);
  expect(await readdir(join(dataDir(), "spool"))).toEqual(["spool-mark"]);
});

test("once the last byte is durable the feeder may go, and the agent too: the next start sends the rest", async () => {
  await agent.transfers.change({ bytesPerSecond: 8 * MiB });
  const bytes = randomBytes(24 * MiB);
  const { transfer, spool } = await agent.transfers.receive({ file: fed(bytes), to: far.to });
  await feed(spool, bytes);
  await spool.detach();
  expect(agent.transfers.get(transfer.id)).toMatchObject({ unfed: 0 });
  await when(agent.transfers, transfer.id, ({ confirmed }) => confirmed > 0);
  await agent.close();
  await start();
  await agent.transfers.change({ bytesPerSecond: undefined });
  const view = await when(agent.transfers, transfer.id, inState("done", "failed"));
  expect(view.state).toBe("done");
  expect(view.partsSkipped).toBeGreaterThan(0);
  expect(bytes.equals(await arrived("fed.bin"))).toBe(true);
});

test("a lost feeder leaves a transfer that waits for its file, and goes on when it is chosen again", async () => {
  const bytes = randomBytes(24 * MiB);
  const { transfer, spool } = await agent.transfers.receive({ file: fed(bytes), to: far.to });
  await feed(spool, bytes, { stopAt: 10 * MiB });
  await until(spool, () => spool.grant.durable === 8 * MiB);
  await spool.detach();
  await when(agent.transfers, transfer.id, inState("needs-file"));
  await agent.close();
  await start();
  const again = agent.transfers.spoolOf(transfer.id);
  if (again === undefined) throw new Error("the spool is gone");
  expect(again.missing).toEqual([{ start: 8 * MiB, end: bytes.length }]);
  again.match(
    fed(bytes),
    again.proofs().map(({ start, end }) => ({ start, end, crc64: crc64(bytes.subarray(start, end)) })),
  );
  await feed(again, bytes);
  expect((await when(agent.transfers, transfer.id, inState("done", "failed"))).state).toBe("done");
  expect(bytes.equals(await arrived("fed.bin"))).toBe(true);
});

test("transfers go in order, one at once if so set; a pause lets the next one go", async () => {
  await agent.transfers.change({ atOnce: 1, bytesPerSecond: 256 * 1024 });
  const files = await Promise.all(["a", "b", "c"].map((name) => fileOf(name, MiB)));
  const ids: string[] = [];
  for (const { file } of files) ids.push((await agent.transfers.send({ file, to: far.to })).id);
  const [a = "", b = "", c = ""] = ids;
  await when(agent.transfers, a, inState("uploading"));
  expect(agent.transfers.list().map(({ state }) => state)).toEqual(["uploading", "waiting", "waiting"]);
  await agent.transfers.move(c, 1);
  expect(agent.transfers.list().map(({ id }) => id)).toEqual([a, c, b]);
  await agent.transfers.pause(a);
  await when(agent.transfers, c, inState("uploading"));
  expect(agent.transfers.get(a)?.state).toBe("paused");
  await agent.transfers.cancel(c);
  await when(agent.transfers, b, inState("uploading"));
  await agent.transfers.resume(a);
  await agent.transfers.change({ bytesPerSecond: undefined });
  await Promise.all([a, b].map((id) => when(agent.transfers, id, inState("done"))));
  expect((await readdir(far.server.files)).toSorted()).toEqual(["a", "b"]);
  await agent.transfers.retry(c);
  await when(agent.transfers, c, inState("done"));
  expect(files[2]?.bytes.equals(await arrived("c"))).toBe(true);
});

test("outside its hours nothing is sent", async () => {
  const now = new Date();
  const closed = (now.getDay() + 3) % 7;
  await agent.transfers.change({ hours: { from: 0, until: 1439, days: [closed] } });
  const { file } = await fileOf("later", 1000);
  const { id } = await agent.transfers.send({ file, to: far.to });
  expect(agent.transfers.get(id)?.state).toBe("scheduled");
  await agent.transfers.change({ hours: undefined });
  await when(agent.transfers, id, inState("done"));
});

test("a file that is written to while it is sent fails as changed; a retry sends it as it is then", async () => {
  await agent.transfers.change({ bytesPerSecond: 4 * MiB });
  const { file } = await fileOf("growing.log", 24 * MiB);
  const { id } = await agent.transfers.send({ file, to: far.to });
  await when(agent.transfers, id, ({ inFlight }) => inFlight > 0);
  await appendFile(file, "more");
  const view = await when(agent.transfers, id, inState("failed", "done"));
  expect(view).toMatchObject({ state: "failed", error: { code: "file-changed" } });
  await agent.transfers.change({ bytesPerSecond: undefined });
  await agent.transfers.retry(id);
  await when(agent.transfers, id, inState("done"));
  expect((await stat(far.fileOf("growing.log"))).size).toBe(24 * MiB + 4);
});

test("a far side that goes and comes back costs no more than what was in flight", async () => {
  await agent.transfers.change({ bytesPerSecond: 16 * MiB });
  const { file, bytes } = await fileOf("cut.bin", 32 * MiB);
  const { id } = await agent.transfers.send({ file, to: far.to });
  await when(agent.transfers, id, ({ confirmed }) => confirmed > 0);
  await far.server.kill();
  await when(agent.transfers, id, inState("offline"));
  await far.server.start();
  const view = await when(agent.transfers, id, inState("done", "failed"));
  expect(view.state).toBe("done");
  expect(view.bytesSent).toBeLessThan(bytes.length + 16 * MiB);
  expect(bytes.equals(await arrived("cut.bin"))).toBe(true);
});

test("a server that takes no connections keeps none of the others from its turn, and says why it waits", async () => {
  await agent.transfers.change({ atOnce: 2 });
  const nobody = { ...far.to, port: await freePort() };
  const { file, bytes } = await fileOf("mine", 1000);
  const dead: string[] = [];
  for (const path of ["1", "2", "3"]) dead.push((await agent.transfers.send({ file, path, to: nobody })).id);
  const { id } = await agent.transfers.send({ file, to: far.to });
  await when(agent.transfers, id, inState("done", "failed"));
  expect(bytes.equals(await arrived("mine"))).toBe(true);
  const views = dead.map((one) => agent.transfers.get(one));
  expect(views.filter((view) => view?.state === "offline").length).toBeGreaterThan(0);
  expect(views.find((view) => view?.state === "offline")?.error).toMatchObject({ code: "unreachable" });
  expect(views.map((view) => view?.state)).not.toContain("done");
});

test("a server whose certificate nobody vouches for, or that speaks no HTTP, is told at once, not asked for ever", async () => {
  await using site = await httpsFront("http://127.0.0.1:9", { folder: folder.path });
  const { file } = await fileOf("mine", 1000);
  const to = { kind: "naru", auth: { kind: "cookie" }, folder: "", route: "auto" } as const;
  const failure = async (origin: string) => {
    const { id } = await agent.transfers.send({ file, to: { ...to, origin } });
    return (await when(agent.transfers, id, inState("failed", "offline", "done"))).error;
  };
  expect(await failure(site.origin)).toMatchObject({
    code: "forbidden",
    message: expect.stringMatching(/Cannot trust .*self-signed/),
  });
  const { port } = far.to;
  expect(await failure(`http://127.0.0.1:${port}`)).toMatchObject({ code: "unsupported" });
  expect(await failure(`https://127.0.0.1:${port}`)).toMatchObject({ code: "unsupported" });
});

test("while all are paused no other begins", async () => {
  await agent.transfers.change({ atOnce: 1, bytesPerSecond: 64 * 1024 });
  const { file } = await fileOf("one.bin", MiB);
  for (let index = 0; index < 20; index += 1) await agent.transfers.send({ file, path: `${index}`, to: far.to });
  const first = agent.transfers.list()[0]?.id ?? "";
  await when(agent.transfers, first, inState("uploading"));
  lines.length = 0;
  const ids = agent.transfers.list().map(({ id }) => id);
  await agent.transfers.together(() => Promise.all(ids.map((id) => agent.transfers.pause(id))));
  expect(new Set(agent.transfers.list().map(({ state }) => state))).toEqual(new Set(["paused"]));
  expect(lines.filter((line) => line.endsWith("begins"))).toEqual([]);
});

test("what a removed transfer left at a server that was gone is removed once the server is back", async () => {
  await agent.transfers.change({ bytesPerSecond: 4 * MiB });
  const { file } = await fileOf("left.bin", 16 * MiB);
  const { id } = await agent.transfers.send({ file, to: far.to });
  await when(agent.transfers, id, ({ inFlight, confirmed }) => inFlight + confirmed > 0);
  await far.server.kill();
  await agent.transfers.remove(id);
  expect(agent.transfers.list()).toEqual([]);
  await agent.close();
  expect(await readdir(far.server.files)).not.toEqual([]);
  await far.server.start();
  await start();
  await expect.poll(() => readdir(far.server.files)).toEqual([]);
  expect(agent.transfers.list()).toEqual([]);
});

test("no secret is listed or logged, and what keeps them is for this user only", async () => {
  const { file } = await fileOf("secret", 1000);
  const to = { ...far.to, password: "open sesame" };
  const { id } = await agent.transfers.send({ file, to });
  await when(agent.transfers, id, inState("done"));
  const told = JSON.stringify(agent.transfers.list()) + lines.join("\n");
  expect(told).not.toContain("sesame");
  expect(told).not.toContain("PRIVATE KEY");
  for (const name of await readdir(dataDir())) {
    expect((await stat(join(dataDir(), name))).mode & 0o077, name).toBe(0);
  }
});

/** The far side completes, but nobody hears it. */
function deaf(unheard: () => Promise<never>): OpenStore {
  let first = true;
  return async (to, options) => {
    const opened = await openStore(to, options);
    const store = wrapStore(opened.store, {
      upload: (inner) => ({
        complete: async (how) => {
          const file = await inner.complete(how);
          if (!first) return file;
          first = false;
          return unheard();
        },
      }),
    });
    return { ...opened, store, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() };
  };
}

test("a file whose arrival was not heard is not sent, nor asked for, again", async () => {
  await agent.close();
  await start(deaf(() => Promise.reject(new TransferError("unreachable", "Cannot hear"))));
  const bytes = randomBytes(10 * MiB);
  const { transfer, spool } = await agent.transfers.receive({ file: fed(bytes), to: far.to });
  await feed(spool, bytes);
  const view = await when(agent.transfers, transfer.id, inState("done", "failed", "needs-file"));
  expect(view).toMatchObject({ state: "done", bytesSent: bytes.length });
  expect(bytes.equals(await arrived("fed.bin"))).toBe(true);
});

test("nor is it after a crash at that moment", async () => {
  await agent.close();
  let heard = (): void => undefined;
  const completed = new Promise<void>((resolve) => {
    heard = resolve;
  });
  const forEver = new Promise<never>(() => undefined);
  await start(
    deaf(() => {
      heard();
      return forEver;
    }),
  );
  const bytes = randomBytes(10 * MiB);
  const { transfer, spool } = await agent.transfers.receive({ file: fed(bytes), to: far.to });
  await feed(spool, bytes);
  await completed;
  await agent.close();
  await start();
  const view = await when(agent.transfers, transfer.id, inState("done", "failed", "needs-file"));
  expect(view).toMatchObject({ state: "done", bytesSent: 0 });
});

const script = fileURLToPath(new URL("feeding-agent.ts", import.meta.url));

function sentBytes(line: string): number {
  return Number(/^confirmed (\d+)$/.exec(line)?.[1] ?? 0);
}

function feedingAgent(file: string): ChildProcess {
  const args = [script, join(folder.path, "killed"), file, JSON.stringify(far.to), String(16 * MiB)];
  return spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
}

test("killed at any moment, it goes on when it is started again, and the file arrives whole", async () => {
  const { file, bytes } = await fileOf("whole.bin", 96 * MiB);
  let sent = 0;
  for (let kill = 0; kill < 4; kill++) {
    const child = feedingAgent(file);
    const said = createInterface({ input: child.stdout ?? process.stdin });
    for await (const line of said) if (sentBytes(line) > sent) break;
    // Some moment while it takes and sends: nothing tells when, and that is the point.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 150));
    child.kill("SIGKILL");
    await once(child, "close");
    sent += 8 * MiB;
  }
  const child = feedingAgent(file);
  let said = "";
  child.stdout?.on("data", (chunk) => {
    said += chunk;
  });
  await once(child, "close");
  const view = JSON.parse(said.trim().split("\n").at(-1) ?? "");
  expect(view).toMatchObject({ state: "done", way: "window" });
  expect(bytes.equals(await arrived("fed.bin"))).toBe(true);
  expect(view.bytesSent + view.partsSkipped * 4 * MiB).toBeLessThanOrEqual(bytes.length + 4 * MiB);
  expect(view.partsSkipped).toBeGreaterThan(0);
}, 120_000);
