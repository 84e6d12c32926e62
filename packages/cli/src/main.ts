/**
 * The command line, and the one place where the environment is read and concrete stores are named. Each command is
 * loaded when it is called, so that `put` does not pay for `serve`.
 *
 * @module
 */

import { addBench } from "./bench/bench-command.ts";
import { Command, CommanderError, Option, olderOption, repeated } from "./command-options.ts";
import { addCopy } from "./copy/copy-command.ts";
import { exitCodeOf, exitCodes, exitCodesHelp } from "./exit-code.ts";
import { remoteOf } from "./remote.ts";
import { serveCommand } from "./serve-command.ts";
import { addTransfers } from "./transfer-commands.ts";

const examples = {
  user: `
Examples:
  naru user add ann                               makes up a password and prints it
  naru user add ann --password-stdin < secret.txt
  naru user key add ann ~/.ssh/id_ed25519.pub     ann may enter by SFTP with this key
  naru user key list ann
  naru user remove ann

All of them work on the folder that --data names, while the server runs too.`,
  janitor: `
Examples:
  naru janitor --dry-run                          what would be ended in the store of ./naru-data
  naru janitor --store 's3://bucket?endpoint=http://10.0.0.5:7480' --dry-run
  naru janitor --store 's3://...' --older 30d     only what has been idle for 30 days
  naru janitor --store azure://... --json

Only uploads of Naru are ended, and only those that nobody has worked on for their whole life: 7 days, unless the server that
began them says otherwise. Uploads of other programs are never touched. A server does the same by itself.`,
  doctor: `
Examples:
  naru doctor                                     the store of the server whose folder is ./naru-data
  naru doctor --store 's3://bucket?endpoint=http://10.0.0.5:7480' --origin https://naru.example
  naru doctor --store file:/srv/files
  naru doctor --config /etc/naru/naru.yaml        every store of a server
  naru doctor --store 's3://...' --origin https://naru.example --fix      write CORS and the abort rule, after asking
  naru doctor --store 's3://...' --json > report.json

Keys come from where naru serve takes them (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY). What is written to find out lies
below ".naru/doctor-..." and is removed at the end, also after Ctrl-C. Nothing else is changed without --fix.
Exit codes: 0 no failure   1 a failure   2 wrong usage. LANG=ko_KR.UTF-8 writes the report in Korean.`,
  mv: `
Examples:
  naru mv a.mov archive/b.mov                     fails when there is a b.mov
  naru mv a.mov archive/                          into the folder
  naru mv 2026/ archive/year-2026                 a folder with all that is in it
`,
};

/** Run the command that the arguments name. The exit code is set, not forced, so that output is written. */
export async function main(argv: readonly string[] = process.argv): Promise<void> {
  // Whoever read the output may go before the end, as `head` does. The work goes on without a reader.
  for (const output of [process.stdout, process.stderr]) {
    output.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
  // Started by an older Node (bin/naru.js): what stops that one stops this one.
  if (process.channel) {
    process.channel.unref();
    process.once("disconnect", () => process.exit(exitCodes.interrupted));
  }
  try {
    await program().parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
      return;
    }
    process.exitCode = exitCodeOf(error);
    const { explain } = await import("./explain.ts");
    console.error(`naru: ${explain(error)}`);
  }
}

const version = "0.1.0";

function program(): Command {
  const naru = new Command("naru")
    .description(
      "Carries very large files between people and object storage; an interruption costs only what was in flight",
    )
    .version(version)
    .exitOverride()
    .addHelpText("after", exitCodesHelp);
  naru.addCommand(serveCommand().exitOverride().copyInheritedSettings(naru));
  addUser(naru);
  addTransfers(naru);
  addCopy(naru);
  addFolders(naru);
  addRest(naru);
  addDoctor(naru);
  addJanitor(naru);
  addBench(naru, version);
  return naru;
}

function addUser(naru: Command): void {
  const user = naru.command("user").description("manage accounts").addHelpText("after", examples.user);
  const inData = (name: string, what: string, parent = user): Command =>
    parent.command(name).description(what).option("--data <DIR>", "folder of the server's accounts", "naru-data");
  const commands = async () => import("./user.ts");
  inData("add", "make an account")
    .argument("<name>")
    .option("--admin", "may manage accounts")
    .option("--password-stdin", "read the password from standard input instead of generating one")
    .action(async (name: string, options) => (await commands()).addUser(name, options));
  inData("list", "list the accounts").action(async (options) => (await commands()).listUsers(options));
  inData("remove", "remove an account with its sessions, tokens and keys")
    .argument("<name>")
    .action(async (name: string, options) => (await commands()).removeUser(name, options));
  inData("password", "give an account a new password")
    .argument("<name>")
    .option("--password-stdin", "read the password from standard input instead of generating one")
    .action(async (name: string, options) => (await commands()).setPassword(name, options));
  const key = user.command("key").description("manage SSH keys for signing in over SFTP");
  inData("add", "let an account enter by a key", key)
    .argument("<name>")
    .argument("<file>", "an OpenSSH public key, as in ~/.ssh/id_ed25519.pub; - is standard input")
    .action(async (name: string, file: string, options) => (await commands()).addKey(name, file, options));
  inData("list", "list the keys of an account", key)
    .argument("<name>")
    .action(async (name: string, options) => (await commands()).listKeys(name, options));
  inData("remove", "take a key away", key)
    .argument("<name>")
    .argument("<fingerprint>", "as key list prints it: SHA256:...")
    .action(async (name: string, fingerprint: string, options) =>
      (await commands()).removeKey(name, fingerprint, options),
    );
}

function addFolders(naru: Command): void {
  naru
    .command("mkdir")
    .description("create folders and their parents")
    .argument("<folder...>", "paths on the server")
    .action(async (paths: string[]) => {
      const { mkdir } = await import("./mkdir.ts");
      await mkdir(paths, { remote: remoteOf(process.env) });
    });
  naru
    .command("rmdir")
    .description("remove empty folders")
    .argument("<folder...>", "paths on the server")
    .action(async (paths: string[]) => {
      const { rmdir } = await import("./rm.ts");
      await rmdir(paths, { remote: remoteOf(process.env) });
    });
  naru
    .command("mv")
    .description("rename a file or folder")
    .argument("<from>", "path on the server")
    .argument("<to>", "its new path, or a folder to put it into")
    .addOption(
      new Option("--conflict <POLICY>", "when the name is taken; folders are never overwritten")
        .choices(["fail", "rename", "overwrite"])
        .default("fail"),
    )
    .option("--escaped", "<from> is as ls shows it on a terminal, with \\n or \\033 for what cannot be seen")
    .addHelpText("after", examples.mv)
    .action(async (from: string, to: string, options) => {
      const { mv } = await import("./mv.ts");
      await mv(from, to, { ...options, remote: remoteOf(process.env) });
    });
}

function addRest(naru: Command): void {
  naru
    .command("ls")
    .description("list files and folders")
    .argument("[path]", "a folder, or a path prefix", "")
    .option("--all", "also list the contents of folders")
    .option("--json", "print one line of JSON per file")
    .action(async (prefix: string, options) => {
      const { ls } = await import("./ls.ts");
      await ls(prefix, { ...options, remote: remoteOf(process.env) });
    });
  naru
    .command("rm")
    .description("remove files, or folders with -r")
    .argument("<path...>", "paths on the server")
    .option("-r, --recursive", "remove folders with their contents")
    .option("--escaped", "names are as ls shows them on a terminal, with \\n or \\033 for what cannot be seen")
    .action(async (paths: string[], options) => {
      const { rm } = await import("./rm.ts");
      await rm(paths, { ...options, remote: remoteOf(process.env) });
    });
  naru
    .command("uploads")
    .description("list unfinished uploads")
    .option("--abort <ID>", "discard this upload and its parts")
    .option("--json", "print one line of JSON for each upload")
    .action(async (options) => {
      const { uploads } = await import("./uploads.ts");
      await uploads({ ...options, remote: remoteOf(process.env) });
    });
}

function addJanitor(naru: Command): void {
  naru
    .command("janitor")
    .description("end unfinished uploads that nobody works on any more")
    .option("--store <URL>", "the store, as for naru serve (or NARU_STORE; default: those of the server in DATA)")
    .option("--config <FILE>", "the server's settings, as for naru serve, which name its stores")
    .option("--data <DIR>", "folder of the server's accounts and ledger", "naru-data")
    .option("--dry-run", "only print what would be ended")
    .addOption(olderOption())
    .option("--json", "print one line of JSON for each upload, and one of totals")
    .addHelpText("after", examples.janitor)
    .action(async (options) => {
      const { janitor } = await import("./janitor.ts");
      await janitor(options);
    });
}

function addDoctor(naru: Command): void {
  naru
    .command("doctor")
    .description("examine a store: what it really does, and how to mend what is wrong")
    .option("--store <URL>", "the store, as for naru serve (or NARU_STORE; default: those of the server in DATA)")
    .option("--config <FILE>", "the server's settings, as for naru serve, which name its stores")
    .option("--data <DIR>", "folder of the server's accounts and ledger", "naru-data")
    .option("--origin <ORIGIN>", "where people open the page, e.g. https://naru.example; repeat it for more", repeated)
    .option("--fix", "write the CORS rule and the rule that ends forgotten uploads, after asking")
    .option("--yes", "with --fix: write without asking")
    .option("--json", "print the report as JSON")
    .addHelpText("after", examples.doctor)
    .action(async (options) => {
      const { doctor } = await import("./doctor/doctor.ts");
      await doctor(options);
    });
}
