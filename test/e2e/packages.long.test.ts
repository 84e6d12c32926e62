/** The packages as a stranger gets them: packed, installed in an empty folder, imported, type-checked and bundled. */

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type NaruServer, serveNaru } from "../harness/naru-server.ts";
import { Program } from "../harness/program.ts";

const root: string = new URL("../..", import.meta.url).pathname;
const stack = new AsyncDisposableStack();
let dir: string;
let tarballs: ReadonlyMap<string, string>;

beforeAll(async () => {
  await using packing = new Program(process.execPath, ["release/pack.ts"], { cwd: root });
  if ((await packing.exited) !== 0) throw new Error(packing.output);
  tarballs = new Map(
    packing.stdout
      .trim()
      .split("\n")
      .map((line) => line.split(/ +/) as [string, string]),
  );
  dir = await mkdtemp(join(tmpdir(), "naru-packages-"));
  stack.defer(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
  await writeFile(file("package.json"), JSON.stringify({ name: "stranger", private: true, type: "module" }));
  const quiet = ["--no-audit", "--no-fund", "--prefer-offline", "--ignore-scripts", "--omit=optional"];
  await run("npm", "install", ...quiet, ...tarballs.values(), "@types/node@24", "vitest@5");
}, 600_000);
afterAll(() => stack.disposeAsync());

const file = (...names: readonly string[]): string => join(dir, ...names);

async function run(command: string, ...args: readonly string[]): Promise<string> {
  return runWith({}, command, ...args);
}

async function runWith(env: Readonly<Record<string, string>>, command: string, ...args: string[]): Promise<string> {
  await using program = new Program(command, args, { cwd: dir, env });
  const code = await program.exited;
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${program.output}`);
  return program.stdout;
}

/** The first example of a package's README, as it was installed. */
async function exampleOf(name: string): Promise<string> {
  const readme = await readFile(file("node_modules/@naru", name, "README.md"), "utf8");
  return /```js\n(.*?)```/s.exec(readme)?.[1] ?? "";
}

async function runExample(name: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  await writeFile(file(`${name}.mjs`), await exampleOf(name));
  return runWith(env, process.execPath, `${name}.mjs`);
}

/** Every entry that a package exports. */
async function entries(): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of tarballs.keys()) {
    // Our own, as it was published.
    const manifest = JSON.parse(await readFile(file("node_modules", name, "package.json"), "utf8")) as {
      exports: object;
    };
    found.push(...Object.keys(manifest.exports).map((path) => name + path.slice(1)));
  }
  return found;
}

test("no package has sources, tests or the names of this machine in it", async () => {
  for (const name of tarballs.keys()) {
    const listed = await run(
      "find",
      `node_modules/${name}`,
      "-type",
      "f",
      "-not",
      "-path",
      "*/node_modules/*/node_modules/*",
    );
    const files = listed.trim().split("\n");
    expect(files.filter((path) => /(?<!\.d)\.ts$|\.test\.|tsbuildinfo|\.map$/.test(path))).toEqual([]);
    expect(files.some((path) => path.endsWith("/LICENSE"))).toBe(true);
  }
  await using found = new Program("grep", ["-rlF", root, "node_modules/@naru"], { cwd: dir });
  expect(await found.exited, found.stdout).toBe(1);
});

test("the example of the core runs", async () => {
  expect(await runExample("core")).toMatch(/^film\.mxf: 17 bytes, CRC-64 [0-9a-f]{16}$/m);
});

test("the example of the server runs", async () => {
  expect(await runExample("server")).toMatch(/^Naru is at http:\/\/127\.0\.0\.1:\d+$/m);
});

test("the example of the client sends a file, hashed in threads, to a server", async () => {
  const server: NaruServer = stack.use(await serveNaru({ dir, store: `file:${file("kept")}` }));
  await writeFile(file("film.mxf"), Buffer.alloc(300_000, "film"));
  const env = { NARU_ORIGIN: server.origin, NARU_PASSWORD: "naru-e2e-password" };
  expect(await runExample("client", env)).toContain("from-code/film.mxf: 300000 bytes");
});

test("the programs start", async () => {
  expect(await run("node_modules/.bin/naru", "--version")).toBe("0.1.0\n");
  expect(await run("node_modules/.bin/naru-agent", "--version")).toBe("0.1.0\n");
});

test("the command line sends over plain HTTP without having loaded TLS or a thread, and its part is verified", async () => {
  const server: NaruServer = stack.use(await serveNaru({ dir, store: `file:${file("sent")}` }));
  await writeFile(file("clip.mxf"), Buffer.alloc(6_000_000, "clip"));
  const list = "process.on('exit', () => console.error(process.moduleLoadList.join('\\n')))";
  await writeFile(file("loaded.cjs"), list);
  const env = {
    NARU_URL: server.origin.replace("://", "://admin:naru-e2e-password@"),
    NODE_OPTIONS: `--require ${file("loaded.cjs")}`,
  };
  await using put = new Program("node_modules/.bin/naru", ["put", "clip.mxf", "--json"], { cwd: dir, env });
  expect(await put.exited, put.output).toBe(0);
  expect(JSON.parse(put.stdout)).toMatchObject({ path: "clip.mxf", size: 6_000_000, route: "proxy" });
  const loaded = put.output.split("\n");
  expect(loaded).toEqual(expect.arrayContaining(["NativeModule http", "NativeModule crypto"]));
  expect(loaded.filter((name) => /^NativeModule (tls|https|child_process|worker_threads)$/.test(name))).toEqual([]);
}, 60_000);

test("a strict consumer compiles against every entry, also where a page knows nothing of Node", async () => {
  const all = await entries();
  const imports = all.map((entry, index) => `export * as entry${index} from "${entry}";`);
  await writeFile(file("consumer.ts"), imports.join("\n"));
  const strict = ["--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess", "--noEmit"];
  const modern = ["--module", "nodenext", "--target", "es2023"];
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const lib = "es2024,esnext.disposable,dom,dom.iterable,dom.asynciterable";
  // What our dependencies declare is theirs.
  const node = ["--skipLibCheck", "--types", "node"];
  await run(process.execPath, tsc, ...strict, ...modern, "--lib", lib, ...node, "consumer.ts");
  const page = all.filter((entry) => /^@naru\/(core|client|elements)/.test(entry) && !/node|testing/.test(entry));
  await writeFile(file("page.ts"), page.map((entry, index) => `export * as entry${index} from "${entry}";`).join("\n"));
  await run(process.execPath, tsc, ...strict, ...modern, "--lib", lib, "--types", "", "page.ts");
}, 300_000);

test("vite bundles the components and the client for a page, with their workers", async () => {
  await writeFile(file("main.js"), await exampleOf("elements"));
  await writeFile(file("index.html"), '<!doctype html><script type="module" src="main.js"></script>');
  await writeFile(file("vite.config.js"), 'export default { worker: { format: "es" } };\n');
  await run(process.execPath, join(root, "node_modules/vite/bin/vite.js"), "build", dir, "--logLevel", "warn");
  const built = await run("ls", "dist/assets");
  expect(built).toMatch(/engine-worker-.*\.js/);
  expect(built).toMatch(/hash-worker-.*\.js/);
});
