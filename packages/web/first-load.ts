import { readFileSync } from "node:fs";

/** What a built page names. A dynamic `import("./x.js")` is no match: that is loaded when it is used. */
const patterns = {
  html: [/(?:src|href)="(\/[^"]+\.(?:js|css))"/g],
  js: [/\b(?:import|from)\s*["'`]([^"'`]+\.js)["'`]/g, /["'`]([^"'`\s]*-worker-[\w-]+\.js)["'`]/g],
};

/** List the files of a page that a browser loads at once, and its workers: `index.html` first, paths from `folder` on. */
export function firstLoad(folder: string): readonly string[] {
  return loadedWith(folder, ["index.html"]);
}

/** List files and all that they import at once, and their workers. */
export function loadedWith(folder: string, names: readonly string[]): readonly string[] {
  const found = new Set(names);
  for (const name of found) {
    if (name.endsWith(".css")) continue;
    const text = readFileSync(folder + name, "utf8");
    for (const pattern of name.endsWith(".html") ? patterns.html : patterns.js)
      for (const [, path = ""] of text.matchAll(pattern)) {
        // Workers are named from the page's root on, without its slash.
        const from = path.startsWith("assets/") ? "page:/" : `page:/${name}`;
        found.add(new URL(path, from).pathname.slice(1));
      }
  }
  return [...found];
}
