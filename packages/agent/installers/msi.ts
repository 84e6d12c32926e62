/** The Windows installer for company roll-out, made by wixl. */

import { copyFile, mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Goods } from "./goods.ts";
import { run } from "./run.ts";

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const files = [here("windows/naru-agent.wxs"), here("windows/naru-agent.cmd"), here("icon/naru-agent.ico")];

/** Make `naru-agent-x64.msi`. */
export async function makeMsi({ program, tray, window, version, license, work, out, signing }: Goods): Promise<string> {
  const output = join(out, "naru-agent-x64.msi");
  // wixl finds an icon only in its working folder.
  const folder = join(work, "msi");
  await mkdir(folder);
  for (const file of [...files, license, program, tray, window]) await copyFile(file, join(folder, basename(file)));
  await run("wixl", ["-a", "x64", "-D", `Version=${version}`, "-o", output, "naru-agent.wxs"], { cwd: folder });
  await signing.sign(output);
  return output;
}
