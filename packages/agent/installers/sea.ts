/** Makes one program of a Node binary and a bundled script: Node's single executable application (SEA). */

import { chmod, copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { nodeBinary, pinnedPackage } from "./pinned-packages.ts";
import { run } from "./run.ts";

interface Ingredients {
  /** One CommonJS file without any other import than Node's own. */
  readonly script: string;
  /** The Node binary to write into; left as it is. */
  readonly base: string;
  /** Files inside the program, by the name that `sea.getAsset` takes. */
  readonly assets: Readonly<Record<string, string>>;
}

/** What postject looks for in a Node binary to switch the application on; the same in every release. */
const fuse = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

const inject = `
  const [postject, file, blob, sentinelFuse] = process.argv.slice(1);
  require(postject).inject(file, "NODE_SEA_BLOB", require("node:fs").readFileSync(blob), { sentinelFuse });
`;

/** Write the program `output`; intermediate files go to `work`. */
export async function makeProgram({ script, base, assets }: Ingredients, output: string, work: string): Promise<void> {
  const blob = join(work, "sea.blob");
  const config = join(work, "sea.json");
  await writeFile(
    config,
    JSON.stringify({
      main: script,
      output: blob,
      disableExperimentalSEAWarning: true,
      useSnapshot: false,
      useCodeCache: false,
      assets,
    }),
  );
  // The blob's layout belongs to the Node version: it is written by the very version that will read it.
  await run(await nodeBinary("linux-x64"), ["--experimental-sea-config", config]);
  await copyFile(base, output);
  await chmod(output, 0o755);
  // A program of its own: it prints complaints about things that it leaves alone.
  const postject = join(await pinnedPackage("postject@1.0.0-alpha.6"), "dist/api.js");
  await run(process.execPath, ["--eval", inject, postject, output, blob, fuse]);
}
