/**
 * What shows the window: the first that works of a webview beside the program, a browser's window without an address bar,
 * and a tab of the usual browser. It is a process of its own, which the agent neither needs nor watches.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { TransferError } from "@naru/core";
import type { DesktopEnv } from "./desktop.ts";
import { webviewCommand } from "./webview-shell.ts";

export interface ShellOptions {
  readonly platform: NodeJS.Platform;
  readonly env: DesktopEnv;
  /** A folder for this user only. */
  readonly data: string;
}

/** A program that ends badly within this time has shown nothing. */
const patienceMs = 2000;
const readyMs = 8000;

/** Open a window at an address; tell what shows it. @throws {TransferError} `unavailable` when nothing does */
export async function openShell(address: string, options: ShellOptions): Promise<string> {
  const { platform, env } = options;
  if (platform === "linux" && !env["DISPLAY"] && !env["WAYLAND_DISPLAY"]) {
    throw new TransferError("unavailable", "Cannot open a window: there is no display");
  }
  if (await openWebview(address)) return "webview";
  const seen = await hidden(address, options);
  for (const browser of appBrowsers(options)) {
    if (await runs(browser, [`--app=${seen}`, "--window-size=900,680"])) return browser;
  }
  const [program, ...args] = openers[platform] ?? ["xdg-open"];
  if (program !== undefined && (await runs(program, [...args, seen]))) return program;
  throw new TransferError("unavailable", "Cannot open a window: no browser was found");
}

const openers: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  win32: ["rundll32.exe", "url.dll,FileProtocolHandler"],
  darwin: ["open"],
};

/** The window in a process of its own, told where to go by its input: arguments are for everybody to see. */
async function openWebview(address: string): Promise<boolean> {
  const command = webviewCommand();
  if (command === undefined) return false;
  const [program, ...args] = command;
  const child = spawn(program, args, { detached: true, stdio: ["pipe", "pipe", "ignore"], windowsHide: true });
  const stop = new AbortController();
  const isReady = await Promise.race([
    once(child.stdout, "data", stop).then(
      () => true,
      () => false,
    ),
    once(child, "exit", stop).then(
      () => false,
      () => false,
    ),
    wait(readyMs, false, stop).catch(() => false),
    writeAddress(child, address),
  ]);
  stop.abort();
  if (!isReady) child.kill();
  child.stdout.destroy();
  child.unref();
  return isReady;
}

/** Never resolves to yes: only the window itself can say that it is there. */
function writeAddress({ stdin }: ChildProcess, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    stdin?.on("error", () => resolve(false));
    stdin?.end(`${address}\n`);
  });
}

/**
 * On Linux the agent asks the kernel which user is at the other end, on Windows other users do not see arguments; on
 * macOS they do, so there the browser is sent by a file that only this user can read.
 */
async function hidden(address: string, { platform, data }: ShellOptions): Promise<string> {
  if (platform !== "darwin") return address;
  const file = join(data, "window.html");
  const page = `<!doctype html><meta http-equiv="refresh" content="0;url=${address}"><title>Naru Agent</title>`;
  await writeFile(file, page, { mode: 0o600 });
  return pathToFileURL(file).href;
}

function appBrowsers({ platform, env }: ShellOptions): readonly string[] {
  if (platform === "win32") {
    const homes = [env["ProgramFiles(x86)"], env["ProgramFiles"], env["LOCALAPPDATA"]];
    const programs = ["Microsoft\\Edge\\Application\\msedge.exe", "Google\\Chrome\\Application\\chrome.exe"];
    const places = programs.flatMap((program) => homes.map((home) => (home ? `${home}\\${program}` : "")));
    return places.filter((place) => place !== "" && existsSync(place));
  }
  if (platform === "darwin") {
    const names = ["Google Chrome", "Microsoft Edge", "Chromium"];
    return names.map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`).filter((place) => existsSync(place));
  }
  const names = ["google-chrome", "chromium", "chromium-browser", "microsoft-edge"];
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return names.flatMap((name) => folders.map((folder) => join(folder, name)).find((place) => existsSync(place)) ?? []);
}

/** Tell whether a program starts, and does not end badly at once; one that hands over to another ends well. */
async function runs(program: string, args: readonly string[]): Promise<boolean> {
  const child = spawn(program, args, { detached: true, stdio: "ignore", windowsHide: true });
  const stop = new AbortController();
  const ended = once(child, "exit", stop).then(
    ([code]) => code === 0,
    () => false,
  );
  const isShown = await Promise.race([ended, wait(patienceMs, true, stop).catch(() => true)]);
  stop.abort();
  child.unref();
  return isShown;
}
