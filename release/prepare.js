// After `npm ci`: a command line that starts fast. Without the tools of development it runs as it is, only later.
import { existsSync, renameSync, rmSync, symlinkSync } from "node:fs";

try {
  const { bundle } = await import("./bundle.ts");
  await bundle();
} catch (error) {
  console.warn(
    `The command line was not bundled, and starts slower: ${error instanceof Error ? error.message : error}`,
  );
}
linkStarter();

/** Have `node_modules/.bin/naru` start the Node of this repository, not the machine's own first. */
function linkStarter() {
  const link = new URL("../node_modules/.bin/naru", import.meta.url).pathname;
  if (process.platform === "win32" || !existsSync(link)) return;
  rmSync(`${link}.new`, { force: true });
  symlinkSync("../@naru/cli/bin/naru", `${link}.new`);
  renameSync(`${link}.new`, link);
}
