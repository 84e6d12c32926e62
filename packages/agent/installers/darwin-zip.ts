/** A folder for macOS, zipped; nobody has run it, so its name says so. */

import { chmod, copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Goods } from "./goods.ts";
import { run } from "./run.ts";

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** What must be in the zip, and which of it must be executable. */
const structure: Readonly<Record<string, "run" | "read">> = {
  "READ-ME-FIRST.txt": "read",
  "LICENSES.txt": "read",
  "io.naru.agent.plist": "read",
  "Naru Agent.app/Contents/Info.plist": "read",
  "Naru Agent.app/Contents/MacOS/naru-agent": "run",
  "Naru Agent.app/Contents/Resources/node": "run",
  "Naru Agent.app/Contents/Resources/agent.cjs": "read",
  "Naru Agent.app/Contents/Resources/naru-agent.icns": "read",
};

interface AppGoods extends Omit<Goods, "program" | "tray" | "window"> {
  readonly node: string;
  readonly script: string;
  readonly assets: Readonly<Record<string, string>>;
}

/** Make `naru-agent-darwin-x64-untested.zip` and check that what macOS looks for is in it. */
export async function makeAppZip({ node, script, assets, version, license, work, out }: AppGoods): Promise<string> {
  const output = join(out, "naru-agent-darwin-x64-untested.zip");
  const root = join(work, "darwin");
  const contents = join(root, "Naru Agent.app/Contents");
  const resources = join(contents, "Resources");
  await mkdir(join(contents, "MacOS"), { recursive: true });
  await mkdir(resources, { recursive: true });
  const plist = await readFile(here("darwin/Info.plist"), "utf8");
  await writeFile(join(contents, "Info.plist"), plist.replaceAll("@VERSION@", version));
  await copyFile(here("darwin/naru-agent.sh"), join(contents, "MacOS/naru-agent"));
  await copyFile(node, join(resources, "node"));
  await copyFile(script, join(resources, "agent.cjs"));
  for (const [name, path] of Object.entries(assets)) {
    // Where the agent looks for its page when it is not one program: in `dist/window` beside a package.json.
    const target = join(resources, name.replace(/^ui\//, "dist/window/"));
    await mkdir(join(target, ".."), { recursive: true });
    await copyFile(path, target);
  }
  await writeFile(join(resources, "package.json"), JSON.stringify({ name: "naru-agent", version, private: true }));
  await writeFile(join(resources, "naru-agent.icns"), icns(await readFile(here("icon/naru-agent.png"))));
  await copyFile(here("darwin/READ-ME-FIRST.txt"), join(root, "READ-ME-FIRST.txt"));
  await copyFile(here("darwin/io.naru.agent.plist"), join(root, "io.naru.agent.plist"));
  await copyFile(license, join(root, "LICENSES.txt"));
  for (const [path, use] of Object.entries(structure)) await chmod(join(root, path), use === "run" ? 0o755 : 0o644);
  await rm(output, { force: true });
  await run("zip", ["-qry", output, "."], { cwd: root });
  await checkStructure(output);
  return output;
}

async function checkStructure(zip: string): Promise<void> {
  const lines = (await run("zipinfo", [zip])).split("\n");
  for (const [path, use] of Object.entries(structure)) {
    const line = lines.find((entry) => entry.endsWith(` ${path}`));
    const right = use === "run" ? "-rwxr-xr-x" : "-rw-r--r--";
    if (!line?.startsWith(right)) throw new Error(`Cannot ship "${zip}": "${path}" is missing or is not ${right}`);
  }
}

/** An Apple icon file (ICNS) with one picture: `ic08`, which is a PNG of 256 x 256. */
function icns(png: Uint8Array): Uint8Array {
  const header = Buffer.alloc(16);
  header.write("icns", 0, "latin1");
  header.writeUInt32BE(png.length + 16, 4);
  header.write("ic08", 8, "latin1");
  header.writeUInt32BE(png.length + 8, 12);
  return Buffer.concat([header, png]);
}
