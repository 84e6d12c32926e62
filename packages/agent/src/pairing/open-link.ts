/**
 * Links of the form `naru://t/{ticket}?at={host}`: "agent first", where no page can hand the file over. A link holds a
 * ticket and nothing else; what it is for is told by the paired server, and the file is chosen here, by its user.
 *
 * @module
 */

import { basename } from "node:path";
import { AgentApi, checkFacts, checkStoredPart, type Fetch } from "@naru/client";
import { openFileSource } from "@naru/client/node";
import { TransferError, type WireGrant, type WireUpload } from "@naru/core";
import { digestBody } from "../spool/digest-body.ts";
import { factsOf } from "../transfers/new-entry.ts";
import type { TransferQueue } from "../transfers/transfer-queue.ts";
import type { TransferView } from "../transfers/transfer-view.ts";
import type { PairedServer, PairedServers } from "./paired-servers.ts";
import { destinationOf } from "./redeem.ts";

/** What a link asks for: a file of this computer, for a folder of a paired server or for an upload begun in its page. */
export interface LinkRequest {
  readonly origin: string;
  readonly user: string;
  /** A folder; or the path of the file that is wanted, whose upload goes on. */
  readonly place: string;
  /** Send the file that the user chose; once. @throws {TransferError} `file-changed` for one that is not the upload's */
  send(file: string): Promise<TransferView>;
}

export interface OpenLinkOptions {
  readonly servers: PairedServers;
  readonly queue: TransferQueue;
  readonly fetch?: Fetch | undefined;
}

/**
 * Redeem a link's ticket. Whoever calls shows what it asks for before anything is sent.
 *
 * @throws {TransferError} `invalid` for what is no such link, `unauthenticated` when its server is not paired, `forbidden`
 *   when its time is over
 */
export async function openLink(link: string, { servers, ...options }: OpenLinkOptions): Promise<LinkRequest> {
  const { ticket, server } = readLink(link, servers);
  return openTicket(ticket, server, options);
}

/** Redeem a ticket of a paired server for a file that is to be chosen here. @throws {TransferError} as `openLink` */
export async function openTicket(
  ticket: string,
  { origin, token }: PairedServer,
  { queue, fetch }: Omit<OpenLinkOptions, "servers">,
): Promise<LinkRequest> {
  const api = new AgentApi({ origin, auth: { kind: "bearer", token }, fetch });
  const grant = await api.redeem({ ticket });
  const { user } = grant;
  switch (grant.by) {
    case "choice":
      return { origin, user, place: grant.folder, send: (file) => sendNew(file, { origin, grant, api, queue }) };
    case "http":
      return { origin, user, place: grant.upload.path, send: (file) => sendOn(file, { origin, grant, queue }) };
    case "gateway":
      throw new TransferError("invalid", "Cannot open the link: its ticket is for a page's file");
  }
}

type Granted<By extends WireGrant["by"]> = {
  readonly origin: string;
  readonly grant: Extract<WireGrant, { by: By }>;
  readonly queue: TransferQueue;
};

/** Send a file of any name to the folder. */
async function sendNew(
  file: string,
  { origin, grant, api, queue }: Granted<"choice"> & { readonly api: AgentApi },
): Promise<TransferView> {
  const { size, modifiedMs } = await factsOf(file);
  const modified = new Date(modifiedMs).toISOString();
  const path = basename(file).normalize("NFC");
  const given = await api.redeem({ ticket: grant.ticket, file: { path, size, modified, conflict: "rename" } });
  return queue.send({ ...destinationOf(origin, given), file });
}

/** Go on with the upload. Its lease is taken when the transfer begins: until then, whoever sends goes on. */
async function sendOn(file: string, { origin, grant, queue }: Granted<"http">): Promise<TransferView> {
  await checkSame(file, grant.upload);
  return queue.send({ ...destinationOf(origin, grant), file });
}

/** @throws {TransferError} `file-changed` by size, time, or a part that the store holds */
async function checkSame(file: string, upload: WireUpload): Promise<void> {
  const { size, modifiedMs } = await factsOf(file);
  // Under another name it is still the same file.
  const name = basename(upload.path);
  const lastModified = upload.modified === undefined ? undefined : Date.parse(upload.modified);
  checkFacts({ name, size: upload.size, lastModified }, { name, size, lastModified: modifiedMs });
  await using source = await openFileSource(file);
  await checkStoredPart({ name }, source, upload, digestBody);
}

/** Tell which server a link is from. @throws {TransferError} `invalid` for what is no such link */
export function serverOf(link: string): string {
  const { host } = partsOf(link);
  const origin = URL.parse(`https://${host}`);
  if (origin === null || origin.host !== host) {
    throw new TransferError("invalid", `Cannot open the link: "${host}" is not a server name`);
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
