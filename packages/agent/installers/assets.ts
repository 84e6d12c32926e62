/** The one list of files that travel inside the program. */

import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

/** Folders whose files become assets under the name on the left: `ui/page.html` is `sea.getAsset("ui/page.html")`. */
const folders: Readonly<Record<string, URL>> = {
  ui: new URL("../dist/window/", import.meta.url),
};

const files: Readonly<Record<string, URL>> = {
  "naru-agent.png": new URL("icon/naru-agent.png", import.meta.url),
  "naru-agent.ico": new URL("icon/naru-agent.ico", import.meta.url),
};

/** The window's page, which Vite builds into `dist/window`. */
const page = fileURLToPath(new URL("../src/window/page/", import.meta.url));

/** What goes into the program: path by asset name. */
export async function programAssets(): Promise<Record<string, string>> {
  if (existsSync(join(page, "index.html"))) await build({ root: page, logLevel: "warn" });
  const assets: Record<string, string> = {};
  for (const [name, url] of Object.entries(files)) assets[name] = fileURLToPath(url);
  for (const [name, url] of Object.entries(folders)) {
    const home = fileURLToPath(url);
    const entries = await readdir(home, { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      assets[`${name}/${relative(home, path).split(sep).join("/")}`] = path;
    }
  }
  return assets;
}
