/** `naru copy`, as `--help` describes it. */

import { type Command, limitOption, numberIn, Option } from "../command-options.ts";

const examples = `
Examples:
  naru copy file:/srv/media 's3://media?endpoint=https://s3.example.com' --dry-run
  naru copy 's3://old?endpoint=http://10.0.0.5:9000' 's3://new?endpoint=https://s3.example.com&region=kr'
  naru copy 's3://old?endpoint=https://s3.example.com' 's3://new?endpoint=https://s3.example.com' --prefix 2026/
  naru copy file:/srv/media https://files.example.com/media/ --limit 20M
  naru copy https://files.example.com/ file:/backup --verify

Both ends are URLs of stores, as naru serve --store takes them, or the address of a running Naru with a folder. Keys come
from the environment, as for naru serve and naru put. Where the two ends have different ones, FROM_ and TO_ before the
name of a variable mean one end: FROM_AWS_ACCESS_KEY_ID, TO_AWS_ACCESS_KEY_ID, TO_NARU_TOKEN.

Nothing is ever deleted. A file that is there with the same checksum, or the same size and time, is not copied again; of two
files that differ the newer one stays (--conflict), and each file that is replaced or left is named. Run it again to copy what
is new, or to resume: of a large file only the missing parts are sent. Between two buckets of one service and one key the
service copies by itself, so that no bytes pass through this machine and --limit does not apply.
`;

/** Add `copy`. */
export function addCopy(naru: Command): void {
  naru
    .command("copy")
    .description("copy all files of one store, or of a running Naru, to another")
    .argument("<from>", "file:DIR, s3://BUCKET?..., another store URL, or https://HOST/FOLDER/ of a running Naru")
    .argument("<to>", "where they go, named likewise")
    .option("--prefix <P>", "copy only what is below the folder P, to the same folder of the other end")
    .option("-n, --dry-run", "only print what would be copied")
    .addOption(
      new Option("--conflict <POLICY>", "which file stays when both ends have different ones of the same name")
        .choices(["newer", "overwrite", "fail"])
        .default("newer"),
    )
    .option("--transfers <N>", "files at once (default: 64 within one service, else 16)", numberIn(1, 256))
    .addOption(limitOption())
    .option("--verify", "read every copy again and compare it")
    .option("--json", "print one line of JSON for each file that is copied")
    .addHelpText("after", examples)
    .action(async (from: string, to: string, options) => {
      const { copy } = await import("./copy.ts");
      await copy(from, to, { ...options, env: process.env });
    });
}
