/**
 * What an agent, a page and the server say to each other of pairings and tickets, over HTTP (`docs/protocol.md`).
 *
 * @module
 */

import { type Decoder, decoder } from "./decoder.ts";
import {
  choice,
  closed,
  type Decoded,
  either,
  message,
  object,
  oneOf,
  only,
  optional,
  text,
  textOf,
  whole,
} from "./schema.ts";
import { unreadable } from "./unreadable.ts";
import { createUpload, wireUpload } from "./uploads.ts";

const code = textOf("pairing-code", "Six digits that both sides show.");
const secret = text("Proves later that it is the same agent.", { maxLength: 100 });

export const pairingRequest = message(
  "PairingRequest",
  "An agent asks to be known.",
  closed({ device: text("The name of its computer.", { minLength: 1, maxLength: 100 }) }),
);
export const wirePairing = message(
  "WirePairing",
  "A pairing that waits for its user.",
  object({ code, secret, expires: textOf("date-time", "Until when it can be confirmed.") }),
);
export type WirePairing = Decoded<typeof wirePairing>;

export const confirmPairing = message("ConfirmPairing", "The code that the agent shows.", closed({ code }));
export const pairedDevice = message(
  "PairedDevice",
  "The agent that was confirmed.",
  object({ device: text("The name of its computer.") }),
);

export const claimRequest = message("ClaimPairing", "An agent asks whether it is paired.", closed({ code, secret }));
export const wireClaim = message(
  "WireClaim",
  "Whether the user has confirmed the code in the page. The token is shown this once.",
  choice("paired", [
    object({ paired: only(false) }),
    object({ paired: only(true), user: text("The account."), token: text("The agent's token.") }),
  ]),
);
export type WireClaim = Decoded<typeof wireClaim>;

export const routeWishes = ["auto", "direct", "proxy", "sftp", "ftp"] as const;
export type TicketRoute = (typeof routeWishes)[number];

const route = optional(oneOf(routeWishes, "How the agent is to send. Default `auto`."));
const forUpload = closed({ upload: text("An unfinished upload of the caller.", { maxLength: 100 }), route });
const forFile = closed({ file: createUpload, route });
const forFolder = closed({ folder: textOf("folder", "With a final `/`; empty for the top."), route });

export const ticketWish = message(
  "TicketWish",
  "What the ticket is for: an upload, a new file, or a folder for a file that the agent's user chooses.",
  either(forUpload, forFile, forFolder),
);
export type TicketWish = Decoded<typeof ticketWish>;

export const wireTicket = message(
  "WireTicket",
  "A ticket, good once.",
  object({ ticket: text("What the agent redeems."), expires: textOf("date-time", "Until when it can be redeemed.") }),
);
export type WireTicket = Decoded<typeof wireTicket>;

export const redeemTicket = message(
  "RedeemTicket",
  "A ticket to redeem.",
  closed({ ticket: text("The ticket.", { maxLength: 100 }), file: optional(createUpload) }),
);
export type RedeemTicket = Decoded<typeof redeemTicket>;

export const wireGateway = message(
  "WireGateway",
  "How a gateway of the server is reached.",
  object({
    kind: oneOf(["sftp", "ftp", "ftps"], "The protocol."),
    host: optional(text("Absent when it is the server's own name.")),
    port: whole("The port.", { minimum: 1 }),
    hostKey: optional(text("`SHA256:...`, of an SFTP server.")),
  }),
);
export type WireGateway = Decoded<typeof wireGateway>;

const user = text("The account.");

export const wireGrant = message(
  "WireGrant",
  "What a redeemed ticket is worth: credentials for one upload, and nothing else.",
  choice("by", [
    object({
      by: only("http"),
      user,
      token: text("Opens this upload only."),
      upload: wireUpload,
      route: oneOf(["auto", "direct", "proxy"], "How to send."),
    }),
    object({
      by: only("gateway"),
      user,
      token: text("The password, good for this path only."),
      path: text("Where the file goes."),
      gateway: wireGateway,
    }),
    object({
      by: only("choice"),
      user,
      folder: text("Where the file goes that the agent's user chooses."),
      ticket: text("For the same agent, to redeem with `file` within an hour."),
    }),
  ]),
);
export type WireGrant = Decoded<typeof wireGrant>;

const readWish = decoder(ticketWish);

/** Read the body of `POST /api/tickets`. @throws {TransferError} `invalid` */
export function decodeTicketWish(value: unknown): TicketWish {
  const given = Object.fromEntries(Object.entries(Object(value)).filter(([, field]) => field !== null));
  if (["upload", "file", "folder"].filter((name) => name in given).length === 1) return readWish(given);
  throw unreadable("ticket", "it is not for one of upload, file and folder");
}

/** Read the answer of `POST /api/pairings`. */
export const decodePairing: Decoder<WirePairing> = decoder(wirePairing);
/** Read the answer of `POST /api/pairings/claim`. */
export const decodeClaim: Decoder<WireClaim> = decoder(wireClaim);
/** Read the answer of `POST /api/tickets`. */
export const decodeTicket: Decoder<WireTicket> = decoder(wireTicket);
/** Read the answer of `POST /api/tickets/redeem`. */
export const decodeGrant: Decoder<WireGrant> = decoder(wireGrant);
