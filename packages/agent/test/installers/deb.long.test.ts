/** The Debian package, on this very computer. */

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDisplay } from "../../../../test/harness/display.ts";
import { Program } from "../../../../test/harness/program.ts";
import { needs } from "../../../../test/peers/needs.ts";
import { buildAgent } from "../../installers/build.ts";
import { AgentJournal } from "../../src/journal.ts";
import { Panel } from "../window/panel.ts";
import { openTrayWorld } from "../window/tray-world.ts";
import { exists } from "./wine.ts";

needs("dpkg-deb", "desktop-file-validate", "xdg-mime", "systemd-analyze");

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;

let folder: string;
let program: string;
let deb: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "naru-deb-"));
  [program = "", deb = ""] = await buildAgent("linux-x64", { fast: true, out: folder });
}, 180_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

test("the Linux program needs no Node and no files beside it", async () => {
  const { stdout } = await run(program, ["--version"], { cwd: "/", env: {} });
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test("the Linux program shows its icon by the helper that lies beside it", async () => {
  await using world = await openTrayWorld();
  await using panel = await Panel.open(world.bus);
  await world.start({ command: [program] });
  await expect.poll(() => panel.labels?.[0]).toBe("Nothing to send");
});

test("the Linux program shows its window by the library that lies beside it", async () => {
  const asked = Promise.withResolvers<string>();
  const server = createServer((request, response) => {
    asked.resolve(request.headers["user-agent"] ?? "");
    response.end("<h1>Hello</h1>");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  await using display = await openDisplay();
  const shown = spawn(program, ["--window"], {
    env: { ...process.env, DISPLAY: display.name },
    stdio: ["pipe", "pipe", "ignore"],
  });
  const { port } = server.address() as AddressInfo;
  shown.stdin.end(`http://127.0.0.1:${port}/\n`);
  expect(await asked.promise).toContain("AppleWebKit");
  const ended = once(shown, "exit");
  shown.kill();
  await ended;
  server.closeAllConnections();
  server.close();
});

test("the package holds valid desktop entries and a unit that systemd takes", async () => {
  const root = join(folder, "root");
  await run("dpkg-deb", ["--extract", deb, root]);
  await run("desktop-file-validate", [join(root, "usr/share/applications/naru-agent.desktop")]);
  await run("desktop-file-validate", [join(root, "etc/xdg/autostart/naru-agent.desktop")]);
  const { stdout } = await run("dpkg-deb", ["--field", deb, "Package", "Architecture"]);
  expect(stdout).toBe("Package: naru-agent\nArchitecture: amd64\n");
  const licenses = await readFile(join(root, "usr/share/doc/naru-agent/copyright"), "utf8");
  for (const name of ["Node.js", "systray2", "webview-napi", "ssh2", "ws", "basic-ftp", "lit-html"])
    expect(licenses).toContain(`It contains ${name}`);
});

/** Whether no agent has this folder. */
function journalIsFree(data: string): boolean {
  try {
    new AgentJournal(join(data, "agent.db"))[Symbol.dispose]();
    return true;
  } catch {
    return false;
  }
}

/** By its full name: npm puts the repository's own command first. */
const installed = "/usr/bin/naru-agent";

// Only root may install a package; without it the tests above must do.
test.skipIf(!isRoot)(
  "the package installs, runs, answers to naru:// and is removed with its agent (needs root)",
  async () => {
    const data = join(folder, "data");
    await run("dpkg", ["--install", deb]);
    try {
      expect((await run(installed, ["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
      expect(await exists("/opt/naru-agent/naru-agent-tray")).toBe(true);
      expect(await exists("/opt/naru-agent/naru-agent-window.node")).toBe(true);
      const asked = await run("xdg-mime", ["query", "default", "x-scheme-handler/naru"]);
      expect(asked.stdout).toBe("naru-agent.desktop\n");
      const env = { ...process.env, XDG_RUNTIME_DIR: folder };
      await run("systemd-analyze", ["--user", "verify", "/usr/lib/systemd/user/naru-agent.service"], { env });
      await using agent = new Program(installed, ["start", "--headless", "--data", data]);
      await agent.printed(/runs/);
      expect((await run(installed, ["status", "--data", data])).stdout).toContain(data);

      // An upgrade ends the agent, and starts it again with what it had been started with.
      await run("dpkg", ["--install", deb]);
      expect(await agent.exited).toBe(0);
      const status = () => run(installed, ["status", "--data", data]).then(({ stdout }) => stdout, String);
      await expect.poll(status).toContain(data);

      await run("dpkg", ["--purge", "naru-agent"]);
      await expect.poll(() => journalIsFree(data)).toBe(true);
      for (const path of ["/opt/naru-agent", "/usr/bin/naru-agent", "/etc/xdg/autostart/naru-agent.desktop"]) {
        expect(await exists(path)).toBe(false);
      }
    } finally {
      await run("dpkg", ["--purge", "naru-agent"]).catch(() => undefined);
    }
  },
);
