import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { firstLoad } from "../first-load.ts";

test("the first load has what is imported at once and the workers, and not what is loaded when it is used", () => {
  const folder = `${mkdtempSync(join(tmpdir(), "naru-first-load-"))}/`;
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(`${folder}assets`);
  const write = (name: string, text: string): void => writeFileSync(folder + name, text);
  write("index.html", '<link href="/assets/a.css"><script type="module" src="/assets/a.js"></script>');
  write("assets/a.css", "");
  write(
    "assets/a.js",
    'import{a as e,b}from"./b.js";import"./c.js";let x=()=>import("./late.js"),w=new Worker(new URL(`/assets/engine-worker-1.js`,``+import.meta.url))',
  );
  write("assets/b.js", 'const from="./no";export{from}');
  write("assets/c.js", 'export*from"./d.js"');
  write("assets/d.js", "");
  write("assets/engine-worker-1.js", 'new Worker(new URL("hash-worker-2.js",self.location.href))');
  write("assets/hash-worker-2.js", "");
  write("assets/late.js", "");
  expect(firstLoad(folder).toSorted()).toEqual([
    "assets/a.css",
    "assets/a.js",
    "assets/b.js",
    "assets/c.js",
    "assets/d.js",
    "assets/engine-worker-1.js",
    "assets/hash-worker-2.js",
    "index.html",
  ]);
});
