/** The licenses of everything that travels in the program, gathered from the packages that the build uses. */

import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly dependencies: readonly string[];
}

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Our own packages whose dependencies are bundled: the program's, and those of its window's page. */
const bundled = ["..", "../../client", "../../core", "../../elements"];

/** Files with the licenses of programs that are no packages of the bundle. */
export interface ProgramLicenses {
  readonly node: string;
  readonly tray: string;
  readonly window: string;
}

const windowCrates = `The library is written in Rust and contains wry and tao (Apache-2.0, as above for Naru), webkit2gtk, gtk, dbus,
napi, wgpu, naga and other crates under MIT or Apache-2.0; what each holds is named in the program's own strings.
`;

/** Write one text of all licenses: ours, Node's, and one for each bundled package. Throws for a package without one. */
export async function licensesOf(programs: ProgramLicenses): Promise<string> {
  const found = new Map<string, string>();
  for (const home of bundled) await gather(here(home), found);
  const packages = [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
  const files = [here("../../../LICENSE"), programs.node, programs.tray, here("tray-libraries.txt"), programs.window];
  const [own, node, tray, libraries, window] = await Promise.all(files.map((file) => readFile(file, "utf8")));
  const texts = [
    `It contains Node.js:\n\n${node}`,
    `It contains systray2, a program beside it (MIT):\n\n${tray}\n${libraries}`,
    `It contains webview-napi, a library beside it (MIT):\n\n${window}\n${windowCrates}`,
    ...packages,
  ];
  const rule = `\n${"=".repeat(80)}\n`;
  return ["Naru Agent\n", own, ...texts.map((text) => `${rule}${text}`)].join("\n");
}

/** Add the packages that the one in `home` depends on, and theirs. What is optional is left out of the bundle. */
async function gather(home: string, found: Map<string, string>): Promise<void> {
  for (const name of (await manifestOf(home)).dependencies) {
    if (name.startsWith("@naru/") || name === "node") continue;
    const folder = await folderOf(name, home);
    const manifest = await manifestOf(folder);
    const key = `${name}@${manifest.version}`;
    if (found.has(key)) continue;
    found.set(
      key,
      `It contains ${name} ${manifest.version} (${manifest.license}):\n\n${await textOf(folder, manifest)}`,
    );
    await gather(folder, found);
  }
}

async function textOf(folder: string, { name, license }: Manifest): Promise<string> {
  const names = (await readdir(folder)).filter((file) => /^(licen[cs]e|copying)/i.test(file));
  if (names.length === 0 && license === "") throw new Error(`Cannot tell the license of "${name}": it has none`);
  const texts = await Promise.all(names.map((file) => readFile(join(folder, file), "utf8")));
  return texts.length === 0 ? `Licensed as ${license}; it comes without a text.` : texts.join("\n");
}

/** Where npm has put a package, as seen from another. */
async function folderOf(name: string, from: string): Promise<string> {
  for (let at = from; at !== dirname(at); at = dirname(at)) {
    const folder = join(at, "node_modules", name);
    const isThere = await readdir(folder).then(
      () => true,
      () => false,
    );
    if (isThere) return folder;
  }
  throw new Error(`Cannot find the package "${name}": it is not installed`);
}

async function manifestOf(folder: string): Promise<Manifest> {
  const read: unknown = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const { name = "", version = "", license, licenses, dependencies = {} } = Object(read);
  // Packages from before 2014 have a list.
  const named = license ?? Object(licenses?.[0]).type ?? "";
  return { name, version, license: String(named), dependencies: Object.keys(dependencies) };
}
