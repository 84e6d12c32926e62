/** The commands that carry files, as `--help` describes them. */

import { type Command, limitOption, numberIn, Option, routeOption } from "./command-options.ts";
import { remoteOf } from "./remote.ts";

const examples = {
  put: `
Examples:
  naru put film.mov                               resumes where it stopped when it is run again
  naru put photos/ notes.txt --to archive/2026/
  naru put disk.img --route direct --json
  naru put film.mov --limit 20M                   at most 20 MiB a second
`,
  get: `
Examples:
  naru get archive/film.mov                       to ./film.mov; resumes where it stopped when it is run again
  naru get archive/film.mov /tmp/film.mov --json
  naru get archive/2026/                          everything in it, to ./2026; run it again to fetch what is missing
  naru get a.mov b.mov photos/ --to /tmp          several paths, each under its own name
  naru get archive/2026/ notes.txt --zip --to x.zip       all of them in one ZIP file, which resumes too
  naru get archive/2026/ --limit 100Mbit/s        all files together at most at this speed

Files that are here already with the same bytes are not fetched again.
`,
  sync: `
Examples:
  naru sync photos backup/photos/ --dry-run       what would be sent
  naru sync photos backup/photos/ --delete        makes backup/photos/ at the server the same as ./photos
  naru sync backup/photos/ photos                 the other way: from the server to this machine
  naru sync ./photos naru:backup/photos --json    with naru: and ./ there is no doubt which is where

What is in the first folder goes into the second. Of two plain names, the one with a final slash is at the server. Files
with the same size and modification time are taken for the same; --checksum compares their bytes. Run it again after a
cut: it resumes. Links to folders and devices are left out. With --delete, files that only the second folder has are
removed at the end, but not if the first one has no files (--allow-empty) or cannot be read in full.
`,
};

/** Add `put`, `get` and `sync`. */
export function addTransfers(naru: Command): void {
  addPut(naru);
  addGet(naru);
  addSync(naru);
}

function addPut(naru: Command): void {
  naru
    .command("put")
    .description("send files and folders")
    .argument("<file...>", "files or folders on this machine")
    .option("--to <DIR/>", "folder on the server", "")
    .addOption(routeOption())
    .addOption(limitOption())
    .option("--concurrency <N>", "maximum number of parts in flight", numberIn(1, 256), 32)
    .option("--part-size <MIB>", "preferred part size in MiB", numberIn(1, 5120))
    .addOption(
      new Option("--conflict <POLICY>", "when the name is taken")
        .choices(["overwrite", "rename", "fail"])
        .default("overwrite"),
    )
    .option("--json", "print one line of JSON per file")
    .addHelpText("after", examples.put)
    .action(async (files: string[], options) => {
      const { put } = await import("./put.ts");
      await put(files, { ...options, remote: remoteOf(process.env) });
    });
}

function addGet(naru: Command): void {
  naru
    .command("get")
    .description("download files, and folders with their contents")
    .argument("<path...>", "paths on the server; of two, the second is a file or folder on this machine")
    .option(
      "--to <DIR>",
      "folder on this machine (default: the current one); all arguments are paths on the server then",
    )
    .option("--zip", "fetch all paths as one ZIP file (default: FOLDER.zip, or files.zip for several paths)")
    .addOption(routeOption())
    .addOption(limitOption())
    .option("--concurrency <N>", "number of parallel ranges", numberIn(1, 64), 8)
    .option("--json", "print one line of JSON per file")
    .addHelpText("after", examples.get)
    .action(async (paths: string[], options) => {
      const { get } = await import("./get.ts");
      await get(paths, { ...options, remote: remoteOf(process.env) });
    });
}

function addSync(naru: Command): void {
  naru
    .command("sync")
    .description("make a folder at the server the same as one on this machine, or the other way round")
    .argument("<from>", "the folder that is copied: DIR here, or FOLDER/ at the server")
    .argument("<to>", "the folder that becomes the same")
    .option("-n, --dry-run", "only print what would be done")
    .option("--delete", "delete what only <to> has")
    .option("--allow-empty", "with --delete: also when <from> has no files at all")
    .option("--checksum", "compare files of the same size by checksum, not by modification time")
    .addOption(routeOption())
    .addOption(limitOption())
    .option("--concurrency <N>", "maximum number of parts in flight", numberIn(1, 256), 16)
    .option("--json", "print one line of JSON for each file that is carried or deleted")
    .addHelpText("after", examples.sync)
    .action(async (from: string, to: string, options) => {
      const { sync } = await import("./sync/sync.ts");
      await sync(from, to, { ...options, remote: remoteOf(process.env) });
    });
}
