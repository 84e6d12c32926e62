/** `npm run packages`: pack the packages and have publint and "are the types wrong" look at the tarballs. */

import { execFileSync } from "node:child_process";
import { packAll } from "./pack.ts";

const root: string = new URL("..", import.meta.url).pathname;

function run(command: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(process.execPath, [`${root}node_modules/${command}`, ...args], { cwd: root, stdio: "inherit" });
    return true;
  } catch {
    return false;
  }
}

const tarballs = [...packAll().values()];
const wrong = tarballs.filter((tarball) => {
  const isLinted = run("publint/src/cli.js", "run", tarball, "--strict");
  // CommonJS is not offered: Node 22 and later `require` modules.
  const isTyped = run("@arethetypeswrong/cli/dist/index.js", tarball, "--profile", "esm-only", "--format", "ascii");
  return !(isLinted && isTyped);
});
if (wrong.length > 0) {
  console.error(`Cannot publish ${wrong.join(", ")}: see above`);
  process.exitCode = 1;
}
