/** What a ticket is worth: where the file goes and with which credentials, told by the paired server. */

import { AgentApi, type Fetch } from "@naru/client";
import { type RedeemTicket, TransferError, type WireGrant } from "@naru/core";
import type { Destination } from "../transfers/destination.ts";
import type { PairedServer } from "./paired-servers.ts";

/** A destination for one upload, with what the transfer queue wants of it. */
export interface Redeemed {
  readonly to: Destination;
  readonly path: string;
  readonly upload?: { readonly id: string; readonly partSize: number } | undefined;
  /** The size that the server expects, when it knows. */
  readonly size?: number | undefined;
  readonly type?: string | undefined;
}

/** Redeem a ticket for one file. @throws {TransferError} `forbidden` for a ticket that is void, `unauthenticated` once the pairing is revoked */
export async function redeem(
  server: PairedServer,
  ticket: RedeemTicket,
  { fetch }: { readonly fetch?: Fetch | undefined } = {},
): Promise<Redeemed> {
  const { origin, token } = server;
  const api = new AgentApi({ origin, auth: { kind: "bearer", token }, fetch });
  return destinationOf(origin, await api.redeem(ticket));
}

const granted = true;

/** Where a grant leads. @throws {TransferError} `invalid` for a grant that waits for its user to choose a file */
export function destinationOf(origin: string, grant: WireGrant): Redeemed {
  if (grant.by === "choice") {
    throw new TransferError("invalid", "Cannot redeem the ticket: it is for a file that the agent's user chooses");
  }
  return grant.by === "http" ? overHttp(origin, grant) : overGateway(origin, grant);
}

function overHttp(origin: string, { token, upload, route }: Extract<WireGrant, { by: "http" }>): Redeemed {
  const { id, partSize, path, size, type } = upload;
  const to: Destination = { kind: "naru", origin, auth: { kind: "bearer", token }, folder: "", route, granted };
  return { to, path, upload: { id, partSize }, size, type };
}

function overGateway(origin: string, grant: Extract<WireGrant, { by: "gateway" }>): Redeemed {
  const { user, token: password, path, gateway } = grant;
  const host = gateway.host ?? new URL(origin).hostname;
  const { kind, port, hostKey } = gateway;
  const common = { host, port, user, password, folder: "", granted } as const;
  return { to: kind === "sftp" ? { kind, ...common, hostKey } : { kind, ...common }, path };
}
