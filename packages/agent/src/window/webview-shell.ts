/**
 * The window as a program of its own: `naru-agent --window`, its address on its input. It needs the native library of the
 * package `webview-napi` beside the program, where the installers put it; in the repository it is not there.
 */

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { isSea } from "node:sea";
import { TransferError } from "@naru/core";

/** Often enough for a window's own events; the page is drawn by other processes. */
const pumpMs = 50;

interface WebviewWindow {
  createWebview(options: { readonly url: string }): unknown;
}

interface WebviewApplication {
  createBrowserWindow(options: {
    readonly title: string;
    readonly width: number;
    readonly height: number;
  }): WebviewWindow;
  /** Whether it goes on. */
  runIteration(): boolean;
}

interface WebviewLibrary {
  readonly Application: new (options: { readonly exitOnLastWindowClosed: boolean }) => WebviewApplication;
}

/** Tell how to start the window; `undefined` when the library is not there. */
export function webviewCommand(): readonly [string, ...string[]] | undefined {
  if (!existsSync(library())) return undefined;
  const [, script = ""] = process.argv;
  return isSea() ? [process.execPath, "--window"] : [process.execPath, script, "--window"];
}

/** Show the window until it is closed. Throws when the library cannot be loaded, which ends this process badly. */
export async function showWebview(): Promise<void> {
  let address = "about:blank";
  for await (const line of createInterface({ input: process.stdin })) address = line;
  const { Application } = load();
  const app = new Application({ exitOnLastWindowClosed: true });
  const window = app.createBrowserWindow({ title: "Naru Agent", width: 900, height: 680 });
  window.createWebview({ url: address });
  console.log("shown");
  await new Promise<void>((closed) => {
    const pump = (): void => {
      if (app.runIteration()) setTimeout(pump, pumpMs);
      else closed();
    };
    pump();
  });
}

function load(): WebviewLibrary {
  const loaded: unknown = createRequire(process.execPath)(library());
  if (typeof loaded !== "object" || loaded === null || !("Application" in loaded)) {
    throw new TransferError("unavailable", 'Cannot open the window: "webview-napi" has no Application');
  }
  // Its version 2.2 declares it so.
  return loaded as WebviewLibrary;
}

function library(): string {
  return join(dirname(process.execPath), "naru-agent-window.node");
}
