/**
 * What a page and the desktop agent say to each other over a WebSocket on loopback (`docs/protocol.md`): JSON in text
 * messages, bytes of files in binary ones (`agent-frame.ts`). What a page says is read strictly: the agent trusts nobody.
 *
 * A page can create, feed, query, cancel and take back its own transfers, and nothing else.
 *
 * @module
 */

import { type Decoder, decoder } from "./decoder.ts";
import { wireError } from "./failures.ts";
import {
  amount,
  choice,
  closed,
  type Decoded,
  extended,
  flag,
  list,
  message,
  object,
  oneOf,
  only,
  optional,
  text,
  textOf,
  whole,
} from "./schema.ts";

export const agentVersion: number = 1;
/** Where an agent listens, on 127.0.0.1 and ::1: the first that is free. */
export const agentPorts: readonly number[] = [34821, 44821, 54821];
/** The header of `PUT /data/{transfer}?offset=` that holds the key which `created` and `feeding` tell. */
export const agentKeyHeader: string = "naru-key";

const maxProofs = 100;
const re = whole("Names a call; its answer has the same.");
const short = (description: string): ReturnType<typeof text> => text(description, { maxLength: 1024 });
const transferId = short("A transfer of this page.");
const ticket = short("A ticket of the server.");

/** What is told of a file before it is fed. */
export const agentFile = message(
  "AgentFile",
  "A file that a page has.",
  closed({
    name: short("Its name."),
    size: whole("Its bytes."),
    modifiedMs: whole("When it was changed: milliseconds since 1970."),
  }),
);
export type AgentFile = Decoded<typeof agentFile>;

const start = whole("The first byte.");
const end = whole("The byte after the last.");

/** A range of a file with the CRC-64/NVME of its bytes. */
export const agentProof = closed({ start, end, crc64: textOf("crc64", "CRC-64/NVME of its bytes, in hex.") });
export type AgentProof = Decoded<typeof agentProof>;
const range = object({ start, end });

/** What a page says. */
export const toAgent = message(
  "ToAgent",
  "What a page says.",
  choice("kind", [
    closed({ kind: only("hello"), version: whole("Of the protocol.") }),
    // Ask the user to pair the agent with the server that the page came from.
    closed({ kind: only("pair"), re }),
    closed({ kind: only("list"), re }),
    // Begin the transfer that a ticket of the server is for.
    closed({ kind: only("create"), re, ticket, file: agentFile }),
    // Have the agent's user choose the file of a ticket's upload, for a page without it; only to one that `chooses`.
    closed({ kind: only("choose"), re, ticket }),
    // Ask which ranges of the file to prove, to go on feeding a transfer after the tab was lost.
    closed({ kind: only("prove"), re, transfer: transferId }),
    closed({ kind: only("cancel"), re, transfer: transferId }),
    // Let the page go on itself: the agent forgets the transfer, its upload stays; only to one that `releases`.
    closed({ kind: only("release"), re, transfer: transferId }),
    closed({
      kind: only("feed"),
      re,
      transfer: transferId,
      file: agentFile,
      proofs: list(agentProof, "Of the ranges that `prove` named.", { maxItems: maxProofs }),
    }),
  ]),
);
export type ToAgent = Decoded<typeof toAgent>;

export const agentStates = [
  "waiting",
  "scheduled",
  "needs-file",
  "checking",
  "uploading",
  "offline",
  "verifying",
  "paused",
  "done",
  "failed",
  "cancelled",
] as const;

/** What a page is told of a transfer of its own. */
export const agentTransfer = message(
  "AgentTransfer",
  "A transfer of a page.",
  object({
    id: text("Names it."),
    name: text("The file's name."),
    path: text("Where it goes."),
    size: whole("Bytes of the file."),
    state: oneOf(agentStates, "What it does."),
    way: oneOf(
      ["direct", "full", "window"],
      "`window`: the file is larger than the agent's spool, so the tab must stay open until all of it has passed through.",
    ),
    confirmed: whole("Bytes that the destination has receipts for."),
    inFlight: whole("Bytes in flight to the destination."),
    unfed: whole("Bytes that must still come from the page; 0 means that the tab may be closed."),
    speed: amount("Bytes per second."),
    secondsLeft: optional(amount("Seconds to the end.")),
    error: optional(wireError),
  }),
);
export type AgentTransfer = Decoded<typeof agentTransfer>;

/** How far a page may feed. */
export const agentGrant = message(
  "AgentGrant",
  "How far a page may feed a transfer.",
  object({
    durable: whole("Every byte before this offset is on the agent's disk or at the destination."),
    credit: whole("How many bytes from `durable` on may be sent."),
    rewinds: whole("Grows when bytes that were taken are lost: the page goes back to `durable`."),
    missing: list(range, "The first ranges that are not held yet; after the last of them anything may be missing."),
  }),
);
export type AgentGrant = Decoded<typeof agentGrant>;

const feedFields = {
  transfer: agentTransfer,
  channel: whole("Names the transfer in binary messages of this connection."),
  key: text("Proves to `PUT /data/{transfer}` that it is the same page."),
  grant: agentGrant,
};
const feed = object(feedFields);
/** What it takes to feed a transfer. */
export type AgentFeed = Decoded<typeof feed>;

const channel = whole("Of this connection.");

/** What the agent says. */
export const fromAgent = message(
  "FromAgent",
  "What the agent says.",
  choice("kind", [
    object({
      kind: only("hello"),
      version: whole("Of the protocol."),
      program: text("Its version."),
      user: optional(text("Absent while the page's server is not paired; then only `pair` is heard.")),
      chooses: optional(flag("Whether it hears `choose`: it can show its user a dialog.")),
      releases: optional(flag("Whether it hears `release`.")),
    }),
    // The agent's user sees the same code.
    object({ kind: only("pairing"), re, code: text("Six digits."), expires: textOf("date-time", "When it ends.") }),
    object({ kind: only("paired"), re, user: text("The account.") }),
    object(extended({ kind: only("feeding"), re }, feedFields)),
    object({ kind: only("prove"), re, ranges: list(range, "What to prove.") }),
    object({ kind: only("list"), re, transfers: list(agentTransfer, "The page's own.") }),
    object({ kind: only("done"), re }),
    object({
      kind: only("released"),
      re,
      upload: optional(text("Absent if the server has nothing, or the page could not resume it (a gateway).")),
    }),
    object({ kind: only("failed"), re, error: wireError }),
    object({ kind: only("grant"), channel, grant: agentGrant }),
    // The channel is closed: its bytes broke a rule, or somebody else feeds the transfer now.
    object({ kind: only("refused"), channel, error: wireError }),
    // Bytes that came on channel 0, which leads nowhere: the page measures with it.
    object({ kind: only("measured"), bytes: whole("Bytes that came.") }),
    object({ kind: only("changed"), transfer: agentTransfer }),
    object({ kind: only("gone"), transfer: text("The transfer.") }),
  ]),
);
export type FromAgent = Decoded<typeof fromAgent>;

/** Read what a page says. @throws {TransferError} `invalid` */
export const decodeToAgent: Decoder<ToAgent> = decoder(toAgent);

const readFromAgent = decoder(fromAgent);
const readKind = decoder(object({ kind: text("") }));

/** Read what an agent says; a kind that is not known is `undefined`, so that agents may grow. @throws {TransferError} `invalid` */
export function decodeFromAgent(value: unknown): FromAgent | undefined {
  const { kind } = readKind(value);
  const isKnown = fromAgent.oneOf?.some(({ properties }) => properties?.["kind"]?.const === kind) === true;
  return isKnown ? readFromAgent(value) : undefined;
}
