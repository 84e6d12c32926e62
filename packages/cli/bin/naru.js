#!/usr/bin/env node
// Runs the bundle of src/main.ts while it is not older than its sources, else those. A Node that is too old for it starts the
// Node that came with the npm package "node" instead; on Unix the file "naru" beside this one does so at less cost.
import { existsSync, readFileSync, statSync } from "node:fs";
import module, { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
// TypeScript without a flag, and what the packages ask for.
const newEnough = major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 19);

const [only, ...others] = process.argv.slice(2);
if (newEnough && only === "--version" && others.length === 0) {
  console.log(JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version);
} else if (newEnough) {
  // Half of the time that a small command takes is reading these programs; the next run finds them read.
  module.enableCompileCache?.();
  // Threads have to be told.
  const cache = module.getCompileCacheDir?.();
  if (cache !== undefined) process.env.NODE_COMPILE_CACHE ??= dirname(cache);
  const { main } = await import(program().href);
  await main();
} else {
  await startNewer();
}

function program() {
  const source = new URL("../src/main.ts", import.meta.url);
  const bundle = new URL("../dist/bundle/naru.js", import.meta.url);
  if (!existsSync(source)) return bundle;
  return isFresh() ? bundle : source;
}

function isFresh() {
  try {
    const sources = JSON.parse(readFileSync(new URL("../dist/bundle/sources.json", import.meta.url), "utf8"));
    return sources.every(([file, mtimeMs, size]) => {
      const now = statSync(new URL(`../${file}`, import.meta.url));
      return now.mtimeMs === mtimeMs && now.size === size;
    });
  } catch {
    return false;
  }
}

async function startNewer() {
  const node = newerNode();
  if (node === undefined) {
    console.error(`naru: Cannot run on Node ${process.versions.node}: it needs 22.19 or later (npm install node@24)`);
    process.exit(1);
  }
  const { spawn } = await import("node:child_process");
  // The channel ends with this process, however it ends; the child then ends too.
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function newerNode() {
  try {
    const home = dirname(createRequire(import.meta.url).resolve("node/package.json"));
    const node = join(home, "bin", process.platform === "win32" ? "node.exe" : "node");
    return existsSync(node) ? node : undefined;
  } catch {
    return undefined;
  }
}
