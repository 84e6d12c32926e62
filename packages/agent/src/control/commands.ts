/** What the commands of the control socket do. */

import { isTransferError, TransferError } from "@naru/core";
import type { AgentJournal } from "../journal.ts";
import type { Pages } from "../socket/open-pages.ts";
import type { Spools } from "../spool/spools.ts";
import type { TransferQueue } from "../transfers/transfer-queue.ts";
import type { TransferView } from "../transfers/transfer-view.ts";
import type { ControlConnection } from "./control-door.ts";
import type { AgentStatus, ControlCommand, SendCommand, TransferVerb } from "./messages.ts";
import { runPageCommand } from "./page-commands.ts";
import { trustedDestination } from "./trusted-destination.ts";

export interface CommandsOptions {
  readonly dataDir: string;
  readonly transfers: TransferQueue;
  readonly spools: Spools;
  readonly journal: AgentJournal;
  readonly pages: Pages;
  readonly quit: () => void;
  readonly show: () => void;
  /** Make an address that opens the window once. */
  readonly windowAddress: () => Promise<string>;
}

/** Do a command. */
export async function runCommand(
  command: ControlCommand,
  connection: ControlConnection,
  options: CommandsOptions,
): Promise<unknown> {
  const { transfers } = options;
  switch (command.command) {
    case "send":
      return send(command, connection, options);
    case "list":
      return transfers.list();
    case "status":
      return statusOf(options);
    case "watch":
      return watch(transfers, connection);
    case "move":
      return transfers.move(oneOf(transfers, command.transfer), command.place);
    case "settings":
      return Object.keys(command.change).length === 0 ? transfers.settings : transfers.change(command.change);
    case "show":
      return options.show();
    case "window":
      return { address: await options.windowAddress() };
    case "quit":
      // The answer goes out first.
      setImmediate(options.quit);
      return undefined;
    case "link":
    case "choose":
    case "pairings":
    case "pair":
    case "unpair":
    case "allow":
    case "refuse":
      return runPageCommand(command, connection, options);
    case "retry":
      if (command.transfer === "all") return retryAll(transfers, connection);
      return each(command.command, command.transfer, transfers);
    default:
      return each(command.command, command.transfer, transfers);
  }
}

async function send(
  command: SendCommand,
  connection: ControlConnection,
  options: CommandsOptions,
): Promise<readonly TransferView[]> {
  const to = await trustedDestination(command, options);
  const views: TransferView[] = [];
  for (const { file, path } of command.files) {
    await orReported(connection, async () => views.push(await options.transfers.send({ file, path, to })));
  }
  return views;
}

async function retryAll(transfers: TransferQueue, connection: ControlConnection): Promise<readonly TransferView[]> {
  const ids = transfers.list().map(({ id }) => id);
  for (const id of ids) await orReported(connection, () => transfers.retry(id));
  return ids.flatMap((id) => transfers.get(id) ?? []);
}

/** What fails for one is told, and does not keep the others. */
async function orReported({ notify }: ControlConnection, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    const code = isTransferError(error) ? error.code : "internal";
    notify({ failure: { code, message: error instanceof Error ? error.message : String(error) } });
  }
}

function statusOf({ dataDir, transfers, spools, pages }: CommandsOptions): AgentStatus {
  const list = transfers.list();
  const unfinished = list.filter(({ state }) => state !== "done" && state !== "failed" && state !== "cancelled");
  return {
    pid: process.pid,
    dataDir,
    port: pages.port,
    transfers: list.length,
    unfinished: unfinished.length,
    spool: { folder: spools.folder, held: spools.held, limit: transfers.settings.spoolLimit },
  };
}

function watch(transfers: TransferQueue, { signal, notify }: ControlConnection): readonly TransferView[] {
  const stop = transfers.onEvent(notify);
  signal.addEventListener("abort", stop, { once: true });
  return transfers.list();
}

async function each(verb: TransferVerb, id: string, transfers: TransferQueue): Promise<readonly TransferView[]> {
  const ids = id === "all" ? transfers.list().map((one) => one.id) : [oneOf(transfers, id)];
  const ends = await transfers.together(() => Promise.allSettled(ids.map((one) => transfers[verb](one))));
  const failures = ends.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
  if (failures.length > 0) throw oneFailure(failures);
  return ids.flatMap((one) => transfers.get(one) ?? []);
}

/** Each is told, a line each; the first one's kind is that of all. */
function oneFailure(failures: readonly unknown[]): unknown {
  const [first] = failures;
  if (failures.length === 1 || !isTransferError(first)) return first;
  const lines = failures.map((failure) => (failure instanceof Error ? failure.message : String(failure)));
  return new TransferError(first.code, lines.join("\n"));
}

/** Find a transfer by its id, or by the beginning of it. */
function oneOf(transfers: TransferQueue, id: string): string {
  if (id === "") throw new TransferError("invalid", "Cannot find a transfer: its id is empty");
  const found = transfers.list().filter((one) => one.id.startsWith(id));
  const [only] = found;
  if (only === undefined) throw new TransferError("not-found", `Cannot find the transfer "${id}": no such transfer`);
  if (found.length > 1) throw new TransferError("invalid", `Cannot find the transfer "${id}": there are several`);
  return only.id;
}
