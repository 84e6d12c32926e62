/**
 * What a page and the desktop agent say to each other over a WebSocket on loopback (`docs/protocol.md`): JSON in text
 * messages, bytes of files in binary ones (`agent-wire-frame.ts`). What arrives is read by `agent-wire-decode.ts`.
 *
 * A page can create, feed, query, cancel and take back its own transfers, and nothing else.
 *
 * @module
 */

import type { ByteRange } from "./store.ts";
import type { WireError } from "./wire.ts";

export const agentVersion: number = 1;
/** Where an agent listens, on 127.0.0.1 and ::1: the first that is free. */
export const agentPorts: readonly number[] = [34821, 44821, 54821];
/** The header of `PUT /data/{transfer}?offset=` that holds the key which `created` and `feeding` tell. */
export const agentKeyHeader: string = "naru-key";

/** What is told of a file before it is fed. */
export interface AgentFile {
  readonly name: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modifiedMs: number;
}

/** A range of a file with the CRC-64/NVME of its bytes. */
export interface AgentProof extends ByteRange {
  readonly crc64: string;
}

/** What a page says. `re` names a call, and its answer has the same. */
export type ToAgent =
  | { readonly kind: "hello"; readonly version: number }
  /** Ask the user to pair the agent with the server that the page came from. */
  | { readonly kind: "pair"; readonly re: number }
  /** Begin the transfer that a ticket of the server is for. */
  | { readonly kind: "create"; readonly re: number; readonly ticket: string; readonly file: AgentFile }
  /** Have the agent's user choose the file of a ticket's upload, for a page without it; only to one that `chooses`. */
  | { readonly kind: "choose"; readonly re: number; readonly ticket: string }
  /** Ask which ranges of the file to prove, to go on feeding a transfer after the tab was lost. */
  | { readonly kind: "prove"; readonly re: number; readonly transfer: string }
  | {
      readonly kind: "feed";
      readonly re: number;
      readonly transfer: string;
      readonly file: AgentFile;
      readonly proofs: readonly AgentProof[];
    }
  | { readonly kind: "list"; readonly re: number }
  | { readonly kind: "cancel"; readonly re: number; readonly transfer: string }
  /** Let the page go on itself: the agent forgets the transfer, its upload stays; only to one that `releases`. */
  | { readonly kind: "release"; readonly re: number; readonly transfer: string };

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
export interface AgentTransfer {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly size: number;
  readonly state: (typeof agentStates)[number];
  /** `window`: the file is larger than the agent's room, so the tab must stay until the last of it has gone through. */
  readonly way: "direct" | "full" | "window";
  /** Bytes that the far side has receipts for. */
  readonly confirmed: number;
  readonly inFlight: number;
  /** Bytes that must still come from the page; 0 means that the tab may be closed. */
  readonly unfed: number;
  readonly speed: number;
  readonly secondsLeft?: number | undefined;
  readonly error?: WireError | undefined;
}

/** How far a page may feed. */
export interface AgentGrant {
  /** Every byte before this offset is on the agent's disk or at the far side. */
  readonly durable: number;
  /** So many bytes from `durable` on may be sent. */
  readonly credit: number;
  /** Grows when bytes that were taken are lost: the page goes back to `durable`. */
  readonly rewinds: number;
  /** The first ranges that are not held yet; after the last of them anything may be missing. */
  readonly missing: readonly ByteRange[];
}

/** What it takes to feed a transfer. */
export interface AgentFeed {
  readonly transfer: AgentTransfer;
  /** Names the transfer in binary messages of this connection. */
  readonly channel: number;
  /** Proves to `PUT /data/{transfer}` that it is the same page. */
  readonly key: string;
  readonly grant: AgentGrant;
}

/** What the agent says. */
export type FromAgent =
  /** `user` is absent while the page's server is not paired; then only `pair` is heard. */
  | {
      readonly kind: "hello";
      readonly version: number;
      readonly program: string;
      readonly user?: string | undefined;
      /** Whether it hears `choose`: it can show its user a dialog. */
      readonly chooses?: boolean | undefined;
      /** Whether it hears `release`. */
      readonly releases?: boolean | undefined;
    }
  /** The agent's user sees the same code. */
  | { readonly kind: "pairing"; readonly re: number; readonly code: string; readonly expires: string }
  | { readonly kind: "paired"; readonly re: number; readonly user: string }
  | ({ readonly kind: "feeding"; readonly re: number } & AgentFeed)
  | { readonly kind: "prove"; readonly re: number; readonly ranges: readonly ByteRange[] }
  | { readonly kind: "list"; readonly re: number; readonly transfers: readonly AgentTransfer[] }
  | { readonly kind: "done"; readonly re: number }
  /** The page's again. `upload` is absent where nothing is at the server, or the page could not go on with it (a gateway). */
  | { readonly kind: "released"; readonly re: number; readonly upload?: string | undefined }
  | { readonly kind: "failed"; readonly re: number; readonly error: WireError }
  | { readonly kind: "grant"; readonly channel: number; readonly grant: AgentGrant }
  /** The channel is closed: its bytes broke a rule, or somebody else feeds the transfer now. */
  | { readonly kind: "refused"; readonly channel: number; readonly error: WireError }
  /** Bytes that came on channel 0, which leads nowhere: the page measures with it. */
  | { readonly kind: "measured"; readonly bytes: number }
  | { readonly kind: "changed"; readonly transfer: AgentTransfer }
  | { readonly kind: "gone"; readonly transfer: string };
