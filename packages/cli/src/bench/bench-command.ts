/** `naru bench`, as `--help` describes it. */

import { type Command, numberIn, Option } from "../command-options.ts";
import { remoteOf } from "../remote.ts";
import { filesOption, parallelOption, routesOption, sizesOption } from "./wishes.ts";

const examples = `
Examples:
  naru bench                                      10, 64 and 128 MiB by all ways, three times, on your own network
  naru bench --runs 7 --report bench.html         with a report that stands alone, for your colleagues
  naru bench --sizes 1G --routes direct,proxy --download
  naru bench --files 2000x20K --parallel 1,4,16 --json bench.json

Each way carries the same random files in turn, round by round, so that all see the same network. They are compared with
one plain PUT (GET) of the same file, as curl makes it: a ratio of 1.00 is the speed of the line. What was sent is
removed at the end, also after Ctrl-C. SFTP and FTP are measured where the server has these doors, the desktop agent where
it runs on this computer.
`;

export function addBench(naru: Command, version: string): void {
  naru
    .command("bench")
    .description("measure all ways to the server from here, and compare them")
    .option("--url <URL>", "the server (default: NARU_URL)")
    .addOption(sizesOption())
    .addOption(filesOption())
    .addOption(parallelOption())
    .addOption(routesOption())
    .option("--runs <N>", "rounds", numberIn(1, 1000), 3)
    .option("--download", "also measure downloads")
    .addOption(new Option("--report <FILE>", "write a report in HTML"))
    .addOption(new Option("--json <FILE>", "write all measurements as JSON"))
    .addHelpText("after", examples)
    .action(async ({ url, ...options }) => {
      const { bench } = await import("./bench.ts");
      const env = url === undefined ? process.env : { ...process.env, NARU_URL: url };
      await bench({ ...options, version, words: process.argv.slice(3).map(withoutPassword), remote: remoteOf(env) });
    });
}

/** The report is for others. */
function withoutPassword(word: string): string {
  const plain = word.replace(/\/\/[^/@]*@/u, "//");
  return /^[\w./:=,@+-]+$/u.test(plain) ? plain : `'${plain}'`;
}
