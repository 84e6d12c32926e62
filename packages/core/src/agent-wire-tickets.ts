/**
 * What an agent, a page and the server say to each other of pairings and tickets, over HTTP (`docs/protocol.md`).
 *
 * @module
 */

import { Fields, flag, list, moment, oneOf, positive, text, unreadable } from "./fields.ts";
import type { CreateUpload, WireUpload } from "./wire.ts";
import { decodeWireUpload } from "./wire-answers.ts";
import { decodeCreateUpload } from "./wire-decode.ts";

/** POST /api/pairings: an agent asks to be known. The secret proves later that it is the same agent. */
export interface WirePairing {
  readonly code: string;
  readonly secret: string;
  readonly expires: string;
}

/** POST /api/pairings/claim: `paired` once its user has confirmed the code in the page; `token` is told once. */
export type WireClaim =
  | { readonly paired: false }
  | { readonly paired: true; readonly user: string; readonly token: string };

export const routeWishes = ["auto", "direct", "proxy", "sftp", "ftp"] as const;
export type TicketRoute = (typeof routeWishes)[number];

/** POST /api/tickets: for an upload that exists, a new file, or a file of a folder that the agent's user chooses. */
export type TicketWish = { readonly route?: TicketRoute | undefined } & (
  | { readonly upload: string }
  | { readonly file: CreateUpload }
  | { readonly folder: string }
);

export interface WireTicket {
  readonly ticket: string;
  readonly expires: string;
}

/** POST /api/tickets/redeem; `file` only for a ticket of a folder, once the file is chosen. */
export interface RedeemTicket {
  readonly ticket: string;
  readonly file?: CreateUpload | undefined;
}

/** What an agent can send by, of what a server may have open. */
export const gatewayKinds = ["sftp", "ftp", "ftps"] as const;

/** How a gateway of the server is reached. */
export interface WireGateway {
  readonly kind: (typeof gatewayKinds)[number];
  /** Absent when it is the server's own name. */
  readonly host?: string | undefined;
  readonly port: number;
  /** `SHA256:...`, of an SFTP server. */
  readonly hostKey?: string | undefined;
}

/** What a redeemed ticket is worth: credentials for one upload, and nothing else. */
export type WireGrant =
  | {
      readonly by: "http";
      readonly user: string;
      readonly token: string;
      readonly upload: WireUpload;
      readonly route: "auto" | "direct" | "proxy";
    }
  /** The token is the password, good for this path only. */
  | {
      readonly by: "gateway";
      readonly user: string;
      readonly token: string;
      readonly path: string;
      readonly gateway: WireGateway;
    }
  /** The file is still to be chosen: a ticket for the same agent that waits longer. */
  | { readonly by: "choice"; readonly user: string; readonly folder: string; readonly ticket: string };

/** An agent that is paired with an account. */
export interface WireAgent {
  readonly id: string;
  readonly name: string;
  readonly created: string;
  readonly used: string;
}

/** Read the body of `POST /api/tickets`. @throws {TransferError} `invalid` */
export function decodeTicketWish(value: unknown): TicketWish {
  const fields = new Fields(value, "", ["upload", "file", "folder", "route"]);
  const route = fields.maybe("route", oneOf(routeWishes));
  const given = ["upload", "file", "folder"].filter((name) => fields.has(name));
  if (given.length !== 1) throw unreadable("ticket", "it is not for one of upload, file and folder");
  if (fields.has("upload")) return { route, upload: fields.read("upload", text) };
  if (fields.has("file")) return { route, file: fields.read("file", decodeCreateUpload) };
  return { route, folder: fields.read("folder", folder) };
}

/** Read the body of `POST /api/tickets/redeem`. @throws {TransferError} `invalid` */
export function decodeRedeem(value: unknown): RedeemTicket {
  const fields = new Fields(value, "", ["ticket", "file"]);
  return { ticket: fields.read("ticket", text), file: fields.maybe("file", decodeCreateUpload) };
}

/** Read the answer of `POST /api/pairings`. */
export function decodePairing(value: unknown): WirePairing {
  const fields = new Fields(value, "");
  const expires = fields.read("expires", moment);
  return { code: fields.read("code", code), secret: fields.read("secret", text), expires };
}

/** Read the answer of `POST /api/pairings/claim`. */
export function decodeClaim(value: unknown): WireClaim {
  const fields = new Fields(value, "");
  if (!fields.read("paired", flag)) return { paired: false };
  return { paired: true, user: fields.read("user", text), token: fields.read("token", text) };
}

/** Read the answer of `POST /api/tickets`. */
export function decodeTicket(value: unknown): WireTicket {
  const fields = new Fields(value, "");
  return { ticket: fields.read("ticket", text), expires: fields.read("expires", moment) };
}

/** Read the answer of `POST /api/tickets/redeem`. */
export function decodeGrant(value: unknown): WireGrant {
  const fields = new Fields(value, "");
  const by = fields.read("by", oneOf(["http", "gateway", "choice"]));
  const user = fields.read("user", text);
  if (by === "choice") return { by, user, folder: fields.read("folder", text), ticket: fields.read("ticket", text) };
  const token = fields.read("token", text);
  if (by === "gateway") {
    return { by, user, token, path: fields.read("path", text), gateway: fields.read("gateway", gateway) };
  }
  const route = fields.read("route", oneOf(["auto", "direct", "proxy"]));
  return { by, user, token, route, upload: fields.read("upload", decodeWireUpload) };
}

/** Read the answer of `GET /api/agents`, `{agents}`. */
export function decodeAgents(value: unknown): readonly WireAgent[] {
  return new Fields(value, "").read("agents", list(agent));
}

function agent(value: unknown, what: string): WireAgent {
  const fields = new Fields(value, what);
  return {
    id: fields.read("id", text),
    name: fields.read("name", text),
    created: fields.read("created", moment),
    used: fields.read("used", moment),
  };
}

function gateway(value: unknown, what: string): WireGateway {
  const fields = new Fields(value, what);
  return {
    kind: fields.read("kind", oneOf(gatewayKinds)),
    host: fields.maybe("host", text),
    port: fields.read("port", positive),
    hostKey: fields.maybe("hostKey", text),
  };
}

function code(value: unknown, what: string): string {
  const written = text(value, what);
  if (!/^\d{6}$/u.test(written)) throw unreadable(what, "it is not 6 digits");
  return written;
}

function folder(value: unknown, what: string): string {
  const written = text(value, what);
  if (written !== "" && !written.endsWith("/")) throw unreadable(what, "it does not end with a slash");
  return written;
}
