/** A desktop for a tray icon: a display, a session bus without any service, and an agent of its own. */

import { chmod, mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDisplay } from "../../../../test/harness/display.ts";
import { Program } from "../../../../test/harness/program.ts";
import { needs } from "../../../../test/peers/needs.ts";
import { bin } from "../cli/naru-agent.ts";

needs(
  "dbus-daemon",
  "/usr/lib/python3/dist-packages/gi/__init__.py",
  "/usr/lib/x86_64-linux-gnu/libappindicator3.so.1",
);

interface StartWish {
  readonly options?: readonly string[];
  readonly display?: string;
  /** The program and its first arguments; the repository's own command by default. */
  readonly command?: readonly [string, ...string[]];
}

export interface TrayWorld extends AsyncDisposable {
  readonly folder: string;
  readonly data: string;
  /** Of the session bus. */
  readonly bus: string;
  readonly env: Readonly<Record<string, string>>;
  /** Start the agent without a window, and wait until it runs. */
  start(how?: StartWish): Promise<Program>;
  /** Run a command of the agent. @throws when it fails */
  run(command: string, ...words: readonly string[]): Promise<string>;
  log(): Promise<string>;
  /** The process that shows the icon. */
  helper(): Promise<number | undefined>;
}

const busConfig = (folder: string): string => `<busconfig><type>session</type><listen>unix:dir=${folder}</listen>
<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy></busconfig>`;

export async function openTrayWorld(): Promise<TrayWorld> {
  const folder = await mkdtemp(join(tmpdir(), "naru-tray-"));
  const data = join(folder, "data");
  const display = await openDisplay();
  await writeFile(join(folder, "bus.conf"), busConfig(folder));
  const daemon = new Program("dbus-daemon", [`--config-file=${folder}/bus.conf`, "--nofork", "--print-address=1"]);
  const [bus] = await daemon.printed(/unix:\S+/);
  // The only browser of this computer: it writes down what it was told to show.
  await mkdir(join(folder, "bin"));
  await writeFile(join(folder, "bin/google-chrome"), `#!/bin/sh\necho "$1" >${folder}/shown\n`);
  await chmod(join(folder, "bin/google-chrome"), 0o755);
  const env = {
    DISPLAY: display.name,
    WAYLAND_DISPLAY: "",
    DBUS_SESSION_BUS_ADDRESS: bus,
    PATH: join(folder, "bin"),
    HOME: folder,
    LC_ALL: "C.UTF-8",
    NO_AT_BRIDGE: "1",
  };
  const agents: Program[] = [];
  return {
    folder,
    data,
    bus,
    env,
    async start({ options = ["--no-window"], display: shown = display.name, command = [process.execPath, bin] } = {}) {
      const [program, ...words] = [...command, "start", "--port", "0", "--data", data, ...options];
      const agent = new Program(program, words, { env: { ...env, DISPLAY: shown } });
      agents.push(agent);
      await agent.printed(/naru-agent \d+ runs/);
      return agent;
    },
    async run(command, ...words) {
      await using program = new Program(process.execPath, [bin, command, ...words, "--data", data], { env });
      const code = await program.exited;
      if (code !== 0) throw new Error(`naru-agent ${command} ended with ${code}:\n${program.output}`);
      return program.stdout;
    },
    log: () => readFile(join(data, "agent.log"), "utf8"),
    helper: () => processOf(join(data, "naru-agent-tray")),
    async [Symbol.asyncDispose]() {
      for (const agent of agents) await agent[Symbol.asyncDispose]();
      await daemon[Symbol.asyncDispose]();
      await display[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Find a process by the file that it runs. */
async function processOf(file: string): Promise<number | undefined> {
  for (const pid of (await readdir("/proc")).map(Number).filter(Number.isInteger)) {
    const link = await readlink(`/proc/${pid}/exe`).catch(() => "");
    if (link === file) return pid;
  }
  return undefined;
}
