/**
 * The command line, and the one place where the environment is read. Each command is loaded when it is called.
 *
 * @module
 */

import { setFlagsFromString } from "node:v8";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { dataFolder } from "./cli/data-folder.ts";
import { exitCodeOf, exitCodes, exitCodesHelp } from "./cli/exit-code.ts";
import type { TransferVerb } from "./control/messages.ts";

const examples = {
  send: `
Examples:
  naru-agent send film.mov --to sftp://ann:secret@files.example.com/in/ --host-key SHA256:...
  naru-agent send film.mov sftp://ann@files.example.com/in/
  naru-agent send photos/ notes.txt --to ftps://ann:secret@ftp.example.com/archive/ --wait
  NARU_TOKEN=... naru-agent send disk.img --to https://naru.example.com/backup/
`,
  pair: `
Examples:
  naru-agent pair                                 the sites that are paired, and those that ask
  naru-agent pair allow 481-205                   the page shows the same code
  naru-agent pair https://naru.example.com        for a browser that lets no page reach this program
`,
  settings: `
Examples:
  naru-agent settings                             show them
  naru-agent settings --at-once 2 --speed 10      two transfers at once, 10 MiB/s together
  naru-agent settings --hours 19:00-07:00         only at night; --hours always takes it back
`,
};

/** Run the command that the arguments name. The exit code is set, not forced, so that output is written. */
export async function main(argv: readonly string[] = process.argv): Promise<void> {
  // V8 counts objects, not the received bytes that they stand for. In a young generation that does not grow, it finds in
  // time that these are dead; else it searches all of the heap again and again, on every core.
  setFlagsFromString("--semi-space-growth-factor=1");
  // Whoever read the output may go before the end, as `head` does. The work goes on without a reader.
  for (const output of [process.stdout, process.stderr]) {
    output.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
  if (argv[2] === "--window") {
    const { showWebview } = await import("./window/webview-shell.ts");
    return showWebview();
  }
  // Started by an older Node (bin/naru-agent.js): what stops that one stops this one.
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
    console.error(`naru-agent: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function program(): Command {
  const agent = new Command("naru-agent")
    .description("Keeps sending large files when the browser, the network or the power goes")
    .version("0.1.0")
    .exitOverride()
    .addHelpText("after", exitCodesHelp);
  addStart(agent);
  addSend(agent);
  addPairings(agent);
  addQuestions(agent);
  addSettings(agent);
  return agent;
}

/** Every command knows which agent it is about. */
function command(agent: Command, name: string, description: string): Command {
  return agent
    .command(name)
    .description(description)
    .option("--data <DIR>", "the agent's data folder", dataFolder(process.env));
}

function addStart(agent: Command): void {
  command(agent, "start", "run the agent until it is asked to quit")
    .option("--no-window", "do not show a window until asked to")
    .option("--headless", "show neither a window nor a tray icon")
    .option(
      "--port <PORT>",
      "hear pages at this port only, not where Naru's pages look; 0 is any free one",
      numberFrom(0),
    )
    .action(async (options) => {
      const { start } = await import("./cli/start.ts");
      await start({ ...options, env: process.env });
    });
  command(agent, "window", "show the agent's window; starts the agent if needed")
    .option("--address", "print a one-time address for it, valid for a minute")
    .action(async (options) => {
      const { openWindow } = await import("./cli/window.ts");
      await openWindow({ ...options, env: process.env });
    });
  command(agent, "open", "open a naru:// link, or the window; starts the agent if needed")
    .argument("[link]", "naru://t/... asks for a file and sends it; naru://wake only starts the agent")
    .action(async (link: string | undefined, options) => {
      const { open } = await import("./cli/open.ts");
      await open(link, { ...options, env: process.env });
    });
}

function addPairings(agent: Command): void {
  command(agent, "pair", "manage which sites may hand files to this agent")
    .argument("[what]", "`list`, `allow`, `refuse`, or the address of a server to pair with", "list")
    .argument("[code]", "the code that the agent and the page show")
    .option("--json", "print one line of JSON")
    .addHelpText("after", examples.pair)
    .action(async (what: string, code: string | undefined, options) => {
      const { pair } = await import("./cli/pairings.ts");
      await pair(what, code, options);
    });
  command(agent, "unpair", "unpair a site")
    .argument("<origin>", "as `pair list` shows it")
    .action(async (origin: string, options) => {
      const { unpair } = await import("./cli/pairings.ts");
      await unpair(origin, options);
    });
}

function addSend(agent: Command): void {
  command(agent, "send", "send files with the agent; starts it if needed")
    .argument("<file...>", "files or folders on this computer; without --to, the last argument is the destination URL")
    .option("--to <URL/>", "sftp://, ftp:// or ftps://user:password@host:port/dir/, or https://naru-server/folder/")
    .option(
      "--host-key <FINGERPRINT>",
      "SHA256:... of the SFTP server's key; remembered once the server has presented it",
    )
    .option("--identity <FILE>", "private key for signing in to the SFTP server")
    .option("--wait", "wait until all files have arrived")
    .option("--json", "print one line of JSON per file")
    .addHelpText("after", examples.send)
    .action(async (files: string[], options) => {
      const { send } = await import("./cli/send.ts");
      await send(files, { ...options, token: process.env["NARU_TOKEN"] });
    });
}

const verbs: Readonly<Record<TransferVerb, string>> = {
  pause: "stop sending for now",
  resume: "go on after a pause",
  cancel: "stop for good; what has arrived of it is removed",
  retry: "begin a failed or cancelled transfer again",
  remove: "take a transfer off the list; one under way is cancelled",
};

function addQuestions(agent: Command): void {
  command(agent, "list", "list transfers in queue order")
    .option("--json", "print one line of JSON for each")
    .action(async (options) => {
      const { askTransfers } = await import("./cli/ask.ts");
      await askTransfers({ command: "list" }, options);
    });
  for (const [verb, description] of Object.entries(verbs)) addVerb(agent, verb, description);
  command(agent, "move", "move a transfer to another position in the queue")
    .argument("<id>", "as `list` shows it")
    .argument("<place>", "1 is the first", numberFrom(1))
    .action(async (id: string, place: number, options) => {
      const { askFacts } = await import("./cli/ask.ts");
      await askFacts({ command: "move", transfer: id, place: place - 1 }, options);
    });
  command(agent, "status", "show the agent's status")
    .option("--json", "print one line of JSON")
    .action(async (options) => {
      const { askFacts } = await import("./cli/ask.ts");
      await askFacts({ command: "status" }, options);
    });
  command(agent, "quit", "quit the agent; transfers resume when it starts again").action(async (options) => {
    const { quit } = await import("./cli/ask.ts");
    await quit(options);
  });
}

function addVerb(agent: Command, verb: string, description: string): void {
  command(agent, verb, description)
    .argument("<id>", "as `list` shows it, or `all`")
    .option("--json", "print one line of JSON for each")
    .action(async (id: string, options) => {
      const { askTransfers } = await import("./cli/ask.ts");
      // Proof: `verbs` has no other keys.
      await askTransfers({ command: verb as TransferVerb, transfer: id }, options);
    });
}

function addSettings(agent: Command): void {
  command(agent, "settings", "show the settings, or change them")
    .option("--at-once <N>", "maximum number of simultaneous transfers", numberFrom(1))
    .option("--speed <MIB>", "total speed limit in MiB per second; 0 means no limit", numberFrom(0))
    .option("--spool-limit <MIB>", "maximum size of the spool in MiB", numberFrom(1))
    .option("--hours <HH:MM-HH:MM>", "send only in these hours, or `always`")
    .option("--json", "print one line of JSON")
    .addHelpText("after", examples.settings)
    .action(async (options) => {
      const { askFacts } = await import("./cli/ask.ts");
      const { settingsOf } = await import("./cli/settings-of.ts");
      await askFacts({ command: "settings", change: settingsOf(options) }, options);
    });
}

function numberFrom(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`It is a whole number from ${least}.`);
  };
}
