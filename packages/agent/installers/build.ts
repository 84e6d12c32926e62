/**
 * `npm run build:agent -- --target win-x64|linux-x64|darwin-x64 [--fast] [--sign "command {file}"] [--out DIR]`:
 * makes the agent's program and its installers, in `dist/agent/` when no other folder is named.
 */

import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { programAssets } from "./assets.ts";
import { brand } from "./brand.ts";
import { bundle } from "./bundle.ts";
import { makeAppZip } from "./darwin-zip.ts";
import { makeDeb } from "./deb.ts";
import type { Goods } from "./goods.ts";
import { licensesOf } from "./licenses.ts";
import { makeMsi } from "./msi.ts";
import { makeSetup } from "./nsis-setup.ts";
import { nodeBinary, type Platform, trayHelper, windowLibrary } from "./pinned-packages.ts";
import { run } from "./run.ts";
import { makeProgram } from "./sea.ts";
import { prepareSigning, type Signing } from "./sign.ts";

export interface BuildOptions {
  /** Build quickly instead of small. */
  readonly fast?: boolean;
  /** A shell command with `{file}` in it. */
  readonly sign?: string | undefined;
  readonly out?: string;
  /** What the program says and its installers register; the package's own version by default. */
  readonly version?: string;
  /** Where the program starts. */
  readonly entry?: string;
}

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const programs: Readonly<Record<Platform, string>> = {
  "win-x64": "naru-agent.exe",
  "linux-x64": "naru-agent",
  "darwin-x64": "node",
};

/** Named as the agent looks for them, and as systems show them where they list programs with icons. */
const trays: Readonly<Record<Exclude<Platform, "darwin-x64">, string>> = {
  "win-x64": "naru-agent-tray.exe",
  "linux-x64": "naru-agent-tray",
};

const windowName = "naru-agent-window.node";

/** Build everything for `target` and return the files' paths: first the program, then what installs it. */
export async function buildAgent(target: Platform, options: BuildOptions = {}): Promise<readonly string[]> {
  const { fast = false, sign, entry = here("program.ts"), version = await packageVersion() } = options;
  const out = resolve(options.out ?? here("../../../dist/agent"));
  await mkdir(out, { recursive: true });
  const work = await mkdtemp(join(tmpdir(), "naru-agent-build-"));
  try {
    const script = await bundle(entry, join(work, "bundle"));
    const signing = await prepareSigning(sign, work);
    const license = await writeLicenses(work);
    const base = await nodeBinary(target);
    const goods = { version, license, work, out, fast, signing };
    await run("npm", ["run", "--silent", "build:agent-ui"], { cwd: here("../../..") });
    const assets = await programAssets();
    if (target === "darwin-x64") return [await makeAppZip({ ...goods, node: base, script, assets })];
    const parts = {
      program: join(out, programs[target]),
      tray: join(out, trays[target]),
      window: join(out, windowName),
    };
    await writeHelpers(target, parts, signing);
    await writeProgram(target, { base, script, assets }, { ...goods, ...parts });
    return [parts.program, ...(await installers[target]({ ...goods, ...parts }))];
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

const installers: Record<Exclude<Platform, "darwin-x64">, (goods: Goods) => Promise<readonly string[]>> = {
  "win-x64": async (goods) => [await makeSetup(goods), await makeMsi(goods)],
  "linux-x64": async (goods) => [await makeDeb(goods)],
};

interface Ingredients {
  readonly base: string;
  readonly script: string;
  readonly assets: Readonly<Record<string, string>>;
}

/** What lies beside the program. */
async function writeHelpers(
  target: keyof typeof trays,
  { tray, window }: Pick<Goods, "tray" | "window">,
  signing: Signing,
): Promise<void> {
  await copyFile(await trayHelper(target), tray);
  await chmod(tray, 0o755);
  await copyFile(await windowLibrary(target), window);
  if (target !== "win-x64") return;
  await signing.sign(tray);
  await signing.sign(window);
}

async function writeProgram(target: Platform, { base, script, assets }: Ingredients, goods: Goods): Promise<void> {
  const { program, work, version, signing } = goods;
  const branded = join(work, "branded.exe");
  if (target === "win-x64") await brand(base, branded, version, here("icon/naru-agent.ico"));
  await makeProgram({ script, base: target === "win-x64" ? branded : base, assets }, program, work);
  // A signature covers the file as it is now: nothing may be written into it afterwards.
  if (target === "win-x64") await signing.sign(program);
}

async function packageVersion(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(here("../package.json"), "utf8"));
  if (typeof manifest === "object" && manifest !== null && "version" in manifest) return String(manifest.version);
  throw new Error('Cannot build the agent: its package.json has no "version"');
}

async function writeLicenses(work: string): Promise<string> {
  const node = join(dirname(dirname(await nodeBinary("linux-x64"))), "LICENSE");
  const file = join(work, "LICENSES.txt");
  const tray = join(dirname(dirname(await trayHelper("linux-x64"))), "LICENSE");
  const window = join(dirname(await windowLibrary("linux-x64")), "LICENSE");
  await writeFile(file, await licensesOf({ node, tray, window }));
  return file;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      target: { type: "string" },
      fast: { type: "boolean", default: false },
      sign: { type: "string" },
      out: { type: "string" },
      entry: { type: "string" },
    },
  });
  const { target, out, entry, ...rest } = values;
  if (!isPlatform(target))
    throw new Error(`Cannot build for "${target}": --target is ${Object.keys(programs).join(", ")}`);
  const places = { ...(out === undefined ? {} : { out }), ...(entry === undefined ? {} : { entry: resolve(entry) }) };
  for (const file of await buildAgent(target, { ...rest, ...places })) console.log(file);
}

function isPlatform(name: string | undefined): name is Platform {
  return name !== undefined && name in programs;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main();
