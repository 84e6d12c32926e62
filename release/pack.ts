/**
 * `npm run pack`: build the packages and pack them as they are published, into `dist/packages`: for each a folder, to look
 * into, and a tarball, for `npm publish dist/packages/NAME.tgz`. Decision 022 says why packing is a step of its own.
 */

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Manifest, publishedManifest } from "./manifest.ts";

const root: string = new URL("..", import.meta.url).pathname;
const target: string = join(root, "dist/packages");

/** What `package.json` cannot say: what must be built before. */
const built: Readonly<Record<string, { readonly file: string; readonly script: string }>> = {
  server: { file: "public/index.html", script: "build:web" },
  agent: { file: "dist/window/index.html", script: "build:agent-ui" },
};

/** Pack all packages that are not private; gives the tarballs by the packages' names. */
export function packAll(): ReadonlyMap<string, string> {
  npm("run", "--silent", "types");
  npm("run", "--silent", "prepare");
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const repository = origin();
  const tarballs = new Map<string, string>();
  for (const folder of readdirSync(join(root, "packages"))) {
    const home = join(root, "packages", folder);
    // Each is one of our own.
    const manifest = JSON.parse(readFileSync(join(home, "package.json"), "utf8")) as Manifest;
    if (manifest.private) continue;
    const need = built[folder];
    if (need !== undefined && !existsSync(join(home, need.file))) npm("run", "--silent", need.script);
    const staged = join(target, folder);
    stage(home, staged, manifest.files ?? []);
    writeFileSync(join(staged, "package.json"), JSON.stringify(publishedManifest(manifest, { repository }), null, 2));
    const [packed] = JSON.parse(npm("pack", staged, "--json", "--pack-destination", target)) as { filename: string }[];
    tarballs.set(manifest.name, join(target, packed?.filename ?? ""));
  }
  return tarballs;
}

/** Copy what is published of a package. */
function stage(home: string, staged: string, patterns: readonly string[]): void {
  const left = patterns.filter((pattern) => pattern.startsWith("!")).map((pattern) => pattern.slice(1));
  for (const pattern of patterns) {
    if (!pattern.startsWith("!")) cpSync(join(home, pattern), join(staged, pattern), { recursive: true });
  }
  for (const file of globSync(left, { cwd: staged })) rmSync(join(staged, file), { recursive: true });
  cpSync(join(home, "README.md"), join(staged, "README.md"));
  cpSync(join(root, "LICENSE"), join(staged, "LICENSE"));
  for (const file of globSync("dist/**/*.{js,d.ts}", { cwd: staged })) rewrite(join(staged, file));
}

/** The compiler leaves two things: the names of workers' files, and links to source maps that are not published. */
function rewrite(file: string): void {
  const text = readFileSync(file, "utf8");
  const worker = /(new URL\("\.{1,2}\/[\w./-]+)\.ts(", import\.meta\.url\))/g;
  const changed = text.replace(worker, "$1.js$2").replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
  if (changed !== text) writeFileSync(file, changed);
}

/** Where this checkout came from. */
function origin(): string | undefined {
  try {
    const url = execFileSync("git", ["remote", "get-url", "origin"], {
      cwd: root,
      stdio: ["ignore", "pipe", "ignore"],
    });
    return /^https:\/\/(?!.*@)\S+$/.exec(url.toString().trim())?.[0];
  } catch {
    return undefined;
  }
}

function npm(...args: readonly string[]): string {
  return execFileSync("npm", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}

if (import.meta.main) for (const [name, file] of packAll()) console.log(`${name.padEnd(16)} ${file}`);
