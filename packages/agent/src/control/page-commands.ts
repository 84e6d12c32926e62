/** What the command line may do about links and paired servers: what else is done in the agent's window. */

import { TransferError } from "@naru/core";
import { type LinkRequest, serverOf } from "../pairing/open-link.ts";
import { mayBeServer } from "../socket/loopback.ts";
import type { Pages } from "../socket/open-pages.ts";
import type { ControlConnection } from "./control-door.ts";
import type { PageCommand } from "./messages.ts";

/** What a link asks for, until its connection ends. */
const requests: WeakMap<ControlConnection, LinkRequest> = new WeakMap();

/** Do a command. @throws {TransferError} */
export async function runPageCommand(
  command: PageCommand,
  connection: ControlConnection,
  { pages }: { readonly pages: Pages },
): Promise<unknown> {
  switch (command.command) {
    case "link":
      return openLink(command.link, connection, pages);
    case "choose":
      return [await choose(command.file, connection)];
    case "pairings":
      return pairingsOf(pages);
    case "pair":
      return pair(command.origin, connection, pages);
    case "unpair":
      return unpair(command.origin, pages);
    case "allow":
    case "refuse":
      return pages.pairings[command.command](originOf(command.code, pages));
  }
}

async function openLink(link: string, connection: ControlConnection, pages: Pages): Promise<unknown> {
  const origin = serverOf(link);
  const { host } = new URL(origin);
  const isPaired = pages.servers.list().some((server) => new URL(server.origin).host === host);
  if (!isPaired) {
    // A link is no yes of the user's: the agent's window asks for it.
    const { notify } = connection;
    await pages.pairings.pair(origin, ({ code }) => notify({ pairing: origin, code }));
  }
  const request = await pages.openLink(link);
  requests.set(connection, request);
  const { user, place } = request;
  return { origin: request.origin, user, place };
}

async function choose(file: string, connection: ControlConnection): Promise<unknown> {
  const request = requests.get(connection);
  if (request === undefined) throw new TransferError("conflict", `Cannot send "${file}": no link waits for a file`);
  requests.delete(connection);
  return request.send(file);
}

function pairingsOf({ pairings, servers }: Pages): unknown {
  return {
    pending: pairings.pending().map(({ origin, code, allowed }) => ({ origin, code, allowed })),
    servers: servers.list().map(({ origin, user, since }) => ({ origin, user, since })),
  };
}

/** Pair with a server whose page cannot reach this agent; the code is told as an event, to be typed there. */
async function pair(origin: string, { notify }: ControlConnection, { pairings }: Pages): Promise<unknown> {
  if (!mayBeServer(origin)) {
    throw new TransferError("invalid", `Cannot pair with "${origin}": it is not of the form https://files.example.com`);
  }
  const { user } = await pairings.pair(origin, ({ code }) => notify({ pairing: origin, code }), { isAsked: true });
  return { origin, user };
}

async function unpair(origin: string, { servers }: Pages): Promise<void> {
  if (servers.get(origin) === undefined) {
    throw new TransferError("not-found", `Cannot unpair "${origin}": it is not paired with this agent`);
  }
  await servers.remove(origin);
}

/** Find who shows this code, however a person writes six digits. */
function originOf(code: string, { pairings }: Pages): string {
  const digits = code.replaceAll(/\D/g, "");
  const found = pairings.pending().find((one) => one.code !== "" && one.code === digits);
  if (found !== undefined) return found.origin;
  throw new TransferError("not-found", `Cannot find the pairing "${code}": no site is asking with this code`);
}
