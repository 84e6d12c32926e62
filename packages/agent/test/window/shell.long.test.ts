import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TransferError } from "@naru/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Display, openDisplay } from "../../../../test/harness/display.ts";
import { needs } from "../../../../test/peers/needs.ts";
import { type Agent, startAgent } from "../../src/agent.ts";
import { autostartOf } from "../../src/window/autostart.ts";
import { openShell } from "../../src/window/shell.ts";

needs("chromium");

let agent: Agent;
let folder: string;
let display: Display;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "naru-shell-"));
  display = await openDisplay();
  agent = await startAgent({
    dataDir: join(folder, "data"),
    headless: true,
    log: () => undefined,
    pages: { ports: [0] },
  });
});
afterEach(async () => {
  await agent.close();
  await display[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** A program on a path of our own. */
async function program(name: string, script: string): Promise<void> {
  await mkdir(join(folder, "bin"), { recursive: true });
  await writeFile(join(folder, "bin", name), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, "bin", name), 0o755);
}

test("a browser that does not start is passed over for one that does, in a window of its own", async () => {
  const profile = join(folder, "profile");
  const flags = `--no-sandbox --disable-gpu --no-first-run --user-data-dir=${profile}`;
  await program("google-chrome", "exit 1");
  await program("chromium", `echo $$ >${folder}/pid\nDISPLAY=${display.name} exec /usr/bin/chromium ${flags} "$@"`);
  const env = { DISPLAY: display.name, PATH: join(folder, "bin") };
  const shell = await openShell(await agent.windowAddress(), { platform: "linux", env, data: folder });
  expect(shell).toBe(join(folder, "bin/chromium"));
  await expect.poll(() => agent.isWindowOpen()).toBe(true);
  const pid = Number(await readFile(join(folder, "pid"), "utf8"));
  process.kill(pid, "SIGKILL");
  await expect.poll(() => agent.isWindowOpen()).toBe(false);
  expect(agent.transfers.list()).toEqual([]);
});

test("without a display there is no window, which is said", async () => {
  const opening = openShell(await agent.windowAddress(), { platform: "linux", env: {}, data: folder });
  await expect(opening).rejects.toThrow(TransferError);
  await expect(opening).rejects.toThrow("Cannot open a window: there is no display");
});

test("the start at sign-in is an XDG entry, and switched off it hides the one that a package installed", async () => {
  const command = ["/opt/naru agent/naru-agent", "start", "--headless"];
  const autostart = autostartOf({ platform: "linux", command, configHome: folder });
  const entry = (): Promise<string> => readFile(join(folder, "autostart/naru-agent.desktop"), "utf8");
  await autostart?.set(true);
  expect(await autostart?.isOn()).toBe(true);
  expect(await entry()).toContain('Exec="/opt/naru agent/naru-agent" "start" "--headless"\n');
  await autostart?.set(false);
  expect(await autostart?.isOn()).toBe(false);
  expect(await entry()).toContain("Hidden=true");
});
