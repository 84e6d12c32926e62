/**
 * Links of the form `naru://t/{ticket}?at={host}`: "agent first", for browsers that let no page reach the agent. A link
 * holds a ticket and nothing else; what it is for is told by the paired server, and the file is chosen here, by its user.
 *
 * @module
 */

import { basename } from "node:path";
import { AgentApi, type Fetch } from "@naru/client";
import { TransferError } from "@naru/core";
import { factsOf } from "../transfers/new-entry.ts";
import type { TransferDesk } from "../transfers/transfer-desk.ts";
import type { TransferView } from "../transfers/transfer-view.ts";
import type { PairedServer, PairedServers } from "./paired-servers.ts";
import { destinationOf } from "./redeem.ts";

/** What a link asks for: a file of this computer, for a folder of a paired server. */
export interface LinkErrand {
  readonly origin: string;
  readonly user: string;
  readonly folder: string;
  /** Send the file that the user chose; once. */
  send(file: string): Promise<TransferView>;
}

export interface OpenLinkOptions {
  readonly servers: PairedServers;
  readonly desk: TransferDesk;
  readonly fetch?: Fetch | undefined;
}

/**
 * Redeem a link's ticket. Whoever calls shows what it asks for before anything is sent.
 *
 * @throws {TransferError} `invalid` for what is no such link, `unauthenticated` when its server is not paired, `forbidden`
 *   when its time is over
 */
export async function openLink(link: string, { servers, desk, fetch }: OpenLinkOptions): Promise<LinkErrand> {
  const { ticket, server } = readLink(link, servers);
  const { origin, token } = server;
  const api = new AgentApi({ origin, auth: { kind: "bearer", token }, fetch });
  const choice = await api.redeem({ ticket });
  if (choice.by !== "choice") {
    throw new TransferError("invalid", "Cannot open the link: its ticket is for a page's file");
  }
  const { user, folder } = choice;
  const send = async (file: string): Promise<TransferView> => {
    const { size, modifiedMs } = await factsOf(file);
    const modified = new Date(modifiedMs).toISOString();
    const grant = await api.redeem({
      ticket: choice.ticket,
      file: { path: basename(file).normalize("NFC"), size, modified, conflict: "rename" },
    });
    return desk.send({ ...destinationOf(origin, grant), file });
  };
  return { origin, user, folder, send };
}

/** Tell which server a link is from. @throws {TransferError} `invalid` for what is no such link */
export function serverOf(link: string): string {
  const { host } = partsOf(link);
  const origin = URL.parse(`https://${host}`);
  if (origin === null || origin.host !== host) {
    throw new TransferError("invalid", `Cannot open the link: "${host}" is no server's name`);
  }
  return ["127.0.0.1", "localhost", "[::1]"].includes(origin.hostname) ? `http://${host}` : origin.origin;
}

function readLink(link: string, servers: PairedServers): { readonly ticket: string; readonly server: PairedServer } {
  const { ticket, host } = partsOf(link);
  const server = servers.list().find(({ origin }) => new URL(origin).host === host);
  if (server) return { ticket, server };
  throw new TransferError("unauthenticated", `Cannot open the link: "${host}" is not paired with this agent`);
}

function partsOf(link: string): { readonly ticket: string; readonly host: string } {
  const url = URL.parse(link);
  const ticket = /^\/([\w-]{1,100})$/.exec(url?.pathname ?? "")?.[1];
  if (url?.protocol !== "naru:" || url.host !== "t" || ticket === undefined) {
    throw new TransferError("invalid", "Cannot open the link: it is not of the form naru://t/...");
  }
  return { ticket, host: url.searchParams.get("at") ?? "" };
}
