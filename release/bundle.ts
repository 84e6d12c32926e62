/**
 * After `npm ci`: put the command line and what it sends and fetches with into a few files, in
 * `packages/cli/dist/bundle`. Reading two hundred modules takes longer than all that a small command does.
 */

import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const root: string = fileURLToPath(new URL("..", import.meta.url));
const target: string = join(root, "packages/cli/dist/bundle");

/** Threads are entries of their own: they are found by name, beside what starts them. */
const entries = {
  naru: join(root, "packages/cli/src/main.ts"),
  "digest-worker": join(root, "packages/client/src/node/digest-worker.ts"),
};

/** What stays a package of its own: the server with its stores, which has threads and files beside it, and what only it needs. */
const bundled: readonly RegExp[] = [/^[./]/, /^@naru\/(?:cli|client|core)(?:\/|$)/, /^commander$/, /^undici$/];

/** Write the bundle, and beside it what it was made of: `naru.js` takes it only while none of these has changed. */
export async function bundle(): Promise<void> {
  const built = await rolldown({
    input: entries,
    platform: "node",
    external: (name) => !bundled.some((pattern) => pattern.test(name)),
  });
  const { output } = await built.write({
    dir: target,
    format: "esm",
    minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
    cleanDir: true,
  });
  await built.close();
  const modules = output.flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
  const sources = [...new Set(modules)].filter((file) => file.startsWith(root) && !file.includes("node_modules"));
  const facts = sources.map((file) => {
    const { mtimeMs, size } = statSync(file);
    return [relative(join(root, "packages/cli"), file), mtimeMs, size];
  });
  writeFileSync(join(target, "licenses.txt"), licensesOf(modules));
  writeFileSync(join(target, "sources.json"), JSON.stringify(facts));
}

/** The licenses of the packages that are in the bundle: their text has to go with them. */
function licensesOf(modules: readonly string[]): string {
  const homes = new Set(modules.flatMap((file) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []));
  const texts = [...homes].sort().map((home) => {
    const file = ["LICENSE", "LICENSE.md"].map((name) => join(home, name)).find((name) => existsSync(name));
    if (file === undefined) throw new Error(`Cannot bundle "${home}": it has no license beside it`);
    return `${relative(join(root, "node_modules"), home)}\n\n${readFileSync(file, "utf8")}`;
  });
  return texts.join("\n\n");
}
