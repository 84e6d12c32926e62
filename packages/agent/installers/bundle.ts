/** Makes one CommonJS file of the agent: the only form that a program of Node 22 can hold. */

import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "vite";

const client = new URL("../../client/src/node/", import.meta.url);
const worker = fileURLToPath(new URL("digest-worker.ts", client));
const workerUser = fileURLToPath(new URL("digest.ts", client));
const workerStart = "new Worker(new URL(script, import.meta.url))";

/** Native helpers that ssh2 and ws do without: they ask for them in a `try`. */
const leftOut = ["cpu-features", "bufferutil", "utf-8-validate", /\.node$/];

/** Bundle `entry` with all that it imports into `folder`, and return the file's path. */
export async function bundle(entry: string, folder: string): Promise<string> {
  await access(entry);
  const source = await readFile(await bundleOne(worker, join(folder, "worker"), []), "utf8");
  return bundleOne(entry, join(folder, "main"), [inlineWorker(source)]);
}

async function bundleOne(entry: string, outDir: string, plugins: Plugin[]): Promise<string> {
  await build({
    configFile: false,
    logLevel: "warn",
    root: fileURLToPath(new URL(".", import.meta.url)),
    plugins,
    ssr: { noExternal: true, external: [], target: "node" },
    build: {
      ssr: entry,
      outDir,
      emptyOutDir: true,
      target: "node22",
      minify: false,
      rolldownOptions: {
        external: leftOut,
        output: { format: "cjs", entryFileNames: "bundle.cjs", codeSplitting: false },
      },
    },
  });
  return join(outDir, "bundle.cjs");
}

/** There is no file beside the program that a thread could start from: its text goes along. */
function inlineWorker(source: string): Plugin {
  return {
    name: "inline-worker",
    enforce: "pre",
    transform(code, id) {
      if (id !== workerUser) return undefined;
      if (!code.includes(workerStart)) throw new Error(`Cannot bundle "${workerUser}": it has no "${workerStart}"`);
      return {
        code: code.replace(workerStart, () => `new Worker(${JSON.stringify(source)}, { eval: true })`),
        map: null,
      };
    },
  };
}
