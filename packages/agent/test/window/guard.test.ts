import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { needs } from "../../../../test/peers/needs.ts";
import { type Agent, startAgent } from "../../src/agent.ts";

needs("curl");

let agent: Agent;
let folder: string;
let port: number;
let key: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "naru-window-"));
  agent = await startAgent({ dataDir: folder, headless: true, log: () => undefined, pages: { ports: [0] } });
  ({ port, key } = await newAddress());
});
afterEach(async () => {
  await agent.close();
  await rm(folder, { recursive: true, force: true });
});

async function newAddress(): Promise<{ port: number; key: string }> {
  const url = new URL(await agent.windowAddress());
  return { port: Number(url.port), key: url.hash.replace("#key=", "") };
}

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

function ask(path: string, { method = "GET", headers = {}, body = "" } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, method, headers }, async (response) => {
      let text = "";
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
    });
    asked.on("error", reject).end(body);
  });
}

const own = (): string => `http://127.0.0.1:${port}`;
const enter = (headers: Record<string, string>, with_ = key): Promise<Answer> =>
  ask("/ui/api/enter", { method: "POST", headers, body: JSON.stringify({ key: with_ }) });

async function session(): Promise<string> {
  const { headers } = await enter({ origin: own() });
  return String(headers["set-cookie"]).split(";")[0] ?? "";
}

test("the page comes with a strict policy, and holds no data", async () => {
  const { status, headers, body } = await ask("/ui/");
  expect(status).toBe(200);
  expect(headers["content-security-policy"]).toContain("default-src 'none'; script-src 'self'");
  expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
  expect(body).not.toMatch(/<script(?![^>]*src=)/);
});

test("a key opens one session, in a cookie that no script and no other site sees", async () => {
  const { status, headers } = await enter({ origin: own() });
  expect(status).toBe(200);
  expect(String(headers["set-cookie"])).toMatch(/HttpOnly; SameSite=Strict/);
  expect((await enter({ origin: own() })).status).toBe(401);
});

test("a wrong key opens nothing, and without a session nothing is told", async () => {
  expect((await enter({ origin: own() }, "A".repeat(32))).status).toBe(401);
  expect((await ask("/ui/api/events")).status).toBe(401);
  const call = { method: "POST", headers: { origin: own() }, body: '{"command":"list"}' };
  expect((await ask("/ui/api/command", call)).status).toBe(401);
  const cookie = await session();
  const asked = await ask("/ui/api/command", { ...call, headers: { origin: own(), cookie } });
  expect(asked).toMatchObject({ status: 200, body: "[]" });
});

test("a forged Host or Origin is answered as if nothing were here", async () => {
  const cookie = await session();
  const body = '{"command":"list"}';
  const forged: readonly Record<string, string>[] = [
    { host: "rebound.example:80", origin: own() },
    { host: `localhost:${port}`, origin: own() },
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: `http://127.0.0.1:${port + 1}` },
    {},
  ];
  for (const headers of forged) {
    const { status } = await ask("/ui/api/command", { method: "POST", headers: { ...headers, cookie }, body });
    expect(status, JSON.stringify(headers)).toBe(404);
  }
  expect((await ask("/ui/", { headers: { host: "rebound.example" } })).status).toBe(404);
});

test("a page of another port of this computer, which gets the cookie too, hears nothing", async () => {
  const cookie = await session();
  const headers = { cookie, "sec-fetch-site": "same-site" };
  expect((await ask("/ui/api/events", { headers })).status).toBe(401);
});

test("the window may not have commands that are the command line's", async () => {
  const cookie = await session();
  for (const command of ["send", "watch", "window", "exec"]) {
    const call = { method: "POST", headers: { origin: own(), cookie }, body: JSON.stringify({ command }) };
    expect((await ask("/ui/api/command", call)).status, command).toBeGreaterThanOrEqual(400);
  }
});

test("no file but the page's own is served", async () => {
  for (const path of [
    "/ui/../../package.json",
    "/ui/%2e%2e/%2e%2e/package.json",
    "/ui/assets/../../src/agent.js",
    "/",
  ]) {
    expect((await ask(path)).status, path).toBe(404);
  }
});

test.runIf(process.getuid?.() === 0)("another user of this computer is refused (needs root)", async () => {
  const { stdout } = await promisify(execFile)("setpriv", [
    ...["--reuid=65534", "--regid=65534", "--clear-groups", "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}"],
    `${own()}/ui/`,
  ]);
  expect(stdout).toBe("404");
});
