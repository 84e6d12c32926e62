#!/usr/bin/env node
// Runs src/main.ts. A Node that is too old for it starts the Node that came with the npm package "node" instead.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module, { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
// TypeScript without a flag, and what the packages ask for.
const newEnough = major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 19);

if (newEnough) {
  // Half of the time that a small command takes is reading these programs; the next run finds them read.
  module.enableCompileCache?.();
  // Threads have to be told.
  const cache = module.getCompileCacheDir?.();
  if (cache !== undefined) process.env.NODE_COMPILE_CACHE ??= dirname(cache);
  const source = new URL("../src/main.ts", import.meta.url);
  const { main } = await import(
    existsSync(source) ? source.href : new URL("../dist/src/main.js", import.meta.url).href
  );
  await main();
} else {
  startNewer();
}

function startNewer() {
  const node = newerNode();
  if (node === undefined) {
    console.error(`naru: Cannot run on Node ${process.versions.node}: it needs 22.19 or later (npm install node@24)`);
    process.exit(1);
  }
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
