/** Starts the agent when its user signs in, as each system wants it said; installers say it the same way. */

import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { runProgram } from "./run-program.ts";

export interface Autostart {
  isOn(): Promise<boolean>;
  set(on: boolean): Promise<void>;
}

export interface AutostartOptions {
  readonly platform: NodeJS.Platform;
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** `XDG_CONFIG_HOME`, when it is set. */
  readonly configHome?: string | undefined;
}

/** Find how this system does it; `undefined` where we do not know. */
export function autostartOf({ platform, command, configHome }: AutostartOptions): Autostart | undefined {
  if (platform === "win32") return windowsAutostart(command);
  if (platform === "darwin") return macAutostart(command);
  if (platform === "linux") return linuxAutostart(command, configHome || join(homedir(), ".config"));
  return undefined;
}

const runKey = "HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run";
const runName = "Naru Agent";

function windowsAutostart(command: readonly string[]): Autostart {
  const line = command.map((word) => (/[\s"]/.test(word) ? `"${word}"` : word)).join(" ");
  return {
    isOn: async () => (await runProgram("reg.exe", ["query", runKey, "/v", runName]))?.code === 0,
    set: async (on) => {
      const value = ["/v", runName, "/f"];
      const args = on ? ["add", runKey, ...value, "/t", "REG_SZ", "/d", line] : ["delete", runKey, ...value];
      await runProgram("reg.exe", args);
    },
  };
}

function macAutostart(command: readonly string[]): Autostart {
  const file = join(homedir(), "Library/LaunchAgents/io.naru.agent.plist");
  const words = command.map((word) => `<string>${word.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</string>`);
  const plist = `<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0"><dict>
  <key>Label</key><string>io.naru.agent</string>
  <key>ProgramArguments</key><array>${words.join("")}</array>
  <key>RunAtLoad</key><true/>
</dict></plist>
`;
  return {
    isOn: async () => (await contentOf(file)) !== undefined,
    set: async (on) => (on ? write(file, plist) : rm(file, { force: true })),
  };
}

/** XDG autostart: the user's file is looked at before the system's, which the package installs. */
function linuxAutostart(command: readonly string[], configHome: string): Autostart {
  const name = "naru-agent.desktop";
  const [file, systems] = [join(configHome, "autostart", name), join("/etc/xdg/autostart", name)];
  // Inside quotes only these four mean something; `%` always does.
  const exec = command.map((word) => `"${word.replaceAll(/["`$\\]/g, "\\$&").replaceAll("%", "%%")}"`).join(" ");
  const entry = `[Desktop Entry]\nType=Application\nName=Naru Agent\nExec=${exec}\nNoDisplay=true\n`;
  return {
    isOn: async () => {
      const content = (await contentOf(file)) ?? (await contentOf(systems));
      return content !== undefined && !/^Hidden=true/m.test(content);
    },
    set: (on) => write(file, on ? entry : `${entry}Hidden=true\n`),
  };
}

async function contentOf(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch(() => undefined);
}

async function write(file: string, content: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}
