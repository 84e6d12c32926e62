/** The files of the window's page: inside the program, or built by Vite; in the repository they are built when they are asked for. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { getAsset, isSea } from "node:sea";
import { fileURLToPath, pathToFileURL } from "node:url";
import { TransferError } from "@naru/core";

/** Read a file of the page by its name, e.g. `index.html`; `undefined` for one that is not there. */
export type ReadPageFile = (name: string) => Promise<Uint8Array | undefined>;

/** Find the page. @throws {TransferError} `unavailable` when it was never built and cannot be */
export async function openPageFiles(): Promise<ReadPageFile> {
  if (isSea()) return async (name) => assetOf(`ui/${name}`);
  const home = packageFolder();
  const built = join(home, "dist/window");
  await buildIfOld(home, built);
  // Names come from a list of what was built: no name leads elsewhere.
  const names = new Set(namesIn(built));
  return async (name) => (names.has(name) ? readFile(join(built, name)) : undefined);
}

function assetOf(name: string): Uint8Array | undefined {
  try {
    return new Uint8Array(getAsset(name));
  } catch {
    return undefined;
  }
}

/** Find the package: this file is in its `src/window`, or in `dist/src/window` when it was published. */
export function packageFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json")) || folder === dirname(folder)) return folder;
  }
}

function namesIn(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return files.map((file) => pathToFileURL(file).href.slice(pathToFileURL(folder).href.length + 1));
}

async function buildIfOld(home: string, built: string): Promise<void> {
  const source = join(home, "src/window/page");
  const madeMs = statSync(join(built, "index.html"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const isNew = existsSync(source) ? newestMs(source) < madeMs : madeMs > 0;
  if (isNew) return;
  const vite = viteProgram();
  if (vite === undefined || !existsSync(source)) {
    if (madeMs > 0) return;
    throw new TransferError("unavailable", 'Cannot open the window: its page was not built ("npm run build:agent-ui")');
  }
  const child = spawn(process.execPath, [vite, "build", source, "--logLevel", "error"], { stdio: "ignore" });
  const [code]: unknown[] = await once(child, "exit");
  if (code !== 0) throw new TransferError("internal", `Cannot open the window: building its page exited with ${code}`);
}

function newestMs(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Math.max(...entries.map(({ parentPath, name }) => statSync(join(parentPath, name)).mtimeMs));
}

function viteProgram(): string | undefined {
  try {
    return join(dirname(createRequire(import.meta.url).resolve("vite/package.json")), "bin/vite.js");
  } catch {
    return undefined;
  }
}
