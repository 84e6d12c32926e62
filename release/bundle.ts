/**
 * After `npm ci`: put the command line and what it sends and fetches with into a few files, in
 * `packages/cli/dist/bundle`. Reading two hundred modules takes longer than all that a small command does.
 */

import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type OutputAsset, type OutputChunk, type Plugin, rolldown } from "rolldown";

const root: string = fileURLToPath(new URL("..", import.meta.url));
const target: string = join(root, "packages/cli/dist/bundle");

/** Threads are entries of their own: they are found by name, beside what starts them. */
const entries = {
  naru: join(root, "packages/cli/src/main.ts"),
  "digest-worker": join(root, "packages/client/src/node/digest-worker.ts"),
};

/** What stays a package of its own: the server with its stores, which has threads and files beside it, and what only it needs. */
const bundled: readonly RegExp[] = [
  /^[./\0]/,
  /^node:/,
  /^@naru\/(?:cli|client|core)(?:\/|$)/,
  /^commander$/,
  /^undici$/,
];

const prefix = "\0own:";
/**
 * Each file costs as much as ten kilobytes of code. So what the list of commands needs is one, and what the commands that
 * carry files share another.
 */
const groups = [
  {
    name: "start",
    test: /^\0own:node:(?:child_process|events|fs|os|path|process|util)$|commander|core.src.(?:units|errors)|cli.src.(?:exit-code|remote|command-options|bench.wishes)\.ts/,
    minShareCount: 2,
    priority: 2,
  },
  {
    name: "shared",
    test: /^\0own:|packages.(?:core|client).src|cli.src.(?:explain|interrupt|limited-network|no-direct-route|progress|progress-line|put-context|speed-limit|terminal-text)\.ts/,
    minShareCount: 2,
    priority: 1,
  },
];

/**
 * Node's own modules as they are asked for by name. An `import` of one reads all that it exports, and some of that is loaded
 * when it is read: with `node:http` comes the whole of Node's undici, for 16 ms.
 */
const ownModules: Plugin = {
  name: "own-modules",
  resolveId: (name, _importer, { kind }) => {
    if (!name.startsWith("node:")) return null;
    // What asks by `require` reads what it uses only; the bundle's own first lines need "node:module".
    return kind === "require-call" || name === "node:module" ? { id: name, external: true } : `${prefix}${name}`;
  },
  load: (id) => {
    if (!id.startsWith(prefix)) return null;
    const name = id.slice(prefix.length);
    const own = new Map(Object.entries(createRequire(import.meta.url)(name)));
    const names = [...own.keys()].filter((each) => each !== "default" && /^[A-Za-z_$][\w$]*$/.test(each));
    if (usedLate.has(name)) return late(name, names, (each) => typeof own.get(each) === "function");
    const each = names.map((one) => `export const ${one} = own.${one};`);
    return `const own = process.getBuiltinModule("${name}");\nexport default own;\n${each.join("\n")}`;
  },
};

/** Those of which most commands use nothing, or nothing before their first call: TLS alone takes 10 ms of a processor. */
const usedLate: ReadonlySet<string> = new Set([
  "node:child_process",
  "node:crypto",
  "node:https",
  "node:worker_threads",
]);

/** A module that is loaded when one of its functions is called. Its classes can be made, but not compared with. */
function late(name: string, names: readonly string[], isFunction: (one: string) => boolean): string {
  const each = names.map((one) =>
    isFunction(one)
      ? `export function ${one}(...args) { return new.target ? new (own().${one})(...args) : own().${one}(...args); }`
      : `export const ${one} = (/* @__PURE__ */ own()).${one};`,
  );
  const functions = names.filter(isFunction);
  return `const own = () => process.getBuiltinModule("${name}");\nexport default { ${functions.join(", ")} };\n${each.join("\n")}`;
}

/** Write the bundle, and beside it what it was made of: `naru.js` takes it only while none of these has changed. */
export async function bundle(): Promise<void> {
  // A thread shares no file with the rest: it would read all of it.
  const output = [
    ...(await built({ naru: entries.naru }, { cleanDir: true })),
    ...(await built({ "digest-worker": entries["digest-worker"] })),
  ];
  const modules = output.flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
  const sources = [...new Set(modules)].filter((file) => file.startsWith(root) && !file.includes("node_modules"));
  const facts = sources.map((file) => {
    const { mtimeMs, size } = statSync(file);
    return [relative(join(root, "packages/cli"), file), mtimeMs, size];
  });
  writeFileSync(join(target, "licenses.txt"), licensesOf(modules));
  writeFileSync(join(target, "sources.json"), JSON.stringify(facts));
}

async function built(
  input: Readonly<Record<string, string>>,
  { cleanDir = false } = {},
): Promise<readonly (OutputAsset | OutputChunk)[]> {
  const bundler = await rolldown({
    input,
    platform: "node",
    external: (name) => !bundled.some((pattern) => pattern.test(name)),
    plugins: [ownModules],
    treeshake: { propertyReadSideEffects: false },
  });
  const { output } = await bundler.write({
    dir: target,
    format: "esm",
    minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
    codeSplitting: { groups },
    cleanDir,
  });
  await bundler.close();
  return output;
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
