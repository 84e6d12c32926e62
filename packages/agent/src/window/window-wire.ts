/** What the window's page and the agent tell each other; both are of the same build, so only requests are decoded. */

import type { AgentGrant, Decoded } from "@naru/core";
import { anything, flag, list, object, optional, text, textOf, whole } from "@naru/core/schema";
import type { Settings } from "../settings.ts";
import type { RangeProof } from "../spool/spool.ts";
import type { TransferView } from "../transfers/transfer-view.ts";

/** Disk that the spool uses and may use. */
export interface SpoolFacts {
  /** Where it is now. */
  readonly folder: string;
  readonly held: number;
  readonly free: number;
}

/** A destination that was used before; its secrets stay in the agent. */
export interface DestinationFacts {
  readonly id: string;
  /** As `sftp://ann@host:22/in/`. */
  readonly shown: string;
}

/** Everything beside the transfers. */
export interface WindowFacts {
  readonly settings: Settings;
  readonly dataDir: string;
  /** Where pages reach the agent; absent when other programs hold all its ports. */
  readonly pagesPort?: number | undefined;
  /** Absent where it cannot be switched here. */
  readonly autostart?: boolean | undefined;
  readonly servers: readonly { readonly origin: string; readonly user: string; readonly since: number }[];
  readonly pairings: readonly { readonly origin: string; readonly code: string; readonly allowed: boolean }[];
  readonly places: readonly DestinationFacts[];
}

/** `all` comes first, then what has changed; several changes of a transfer in a short time are told as the last. */
export interface WindowEvents {
  readonly all: {
    readonly transfers: readonly TransferView[];
    readonly facts: WindowFacts;
    readonly spool: SpoolFacts;
  };
  readonly changes: {
    readonly changed: readonly TransferView[];
    /** The ids of all transfers, in the order of the queue. */
    readonly order: readonly string[];
    readonly spool: SpoolFacts;
  };
  readonly facts: WindowFacts;
}

const whereTo = object({
  place: optional(text("An earlier destination, by its id.")),
  url: optional(text("A new one.")),
  hostKey: optional(text("`SHA256:...`, of an SFTP server.")),
  token: optional(text("Of a Naru server.")),
});
/** Where files are sent: an earlier place by its id, or a new one. */
export type WhereTo = Decoded<typeof whereTo>;

const fileFacts = object({
  name: text("The file's name."),
  size: whole("Its bytes."),
  modifiedMs: whole("When it was changed: milliseconds since 1970."),
  path: optional(text("Its path below the destination's folder, when it came in a folder.")),
});
/** Says which file is fed. */
export type FileFacts = Decoded<typeof fileFacts>;

const proof = object({
  start: whole("The first byte."),
  end: whole("The byte after the last."),
  crc64: textOf("crc64", "CRC-64/NVME of the bytes, in hex."),
});
const transfer = text("Its id.");
const origin = text("Of a server and its pages.");

/** What each call takes. */
export const windowTakes = {
  /** A command of the control socket; what is taken away of the settings is said as `null`. */
  command: object({
    command: text("Its name."),
    id: optional(transfer),
    place: optional(whole("In the queue, from 0.")),
    change: optional(anything("Of the settings.")),
  }),
  pick: object({}),
  add: object({ files: list(text("On this computer."), "What to send."), to: whereTo }),
  receive: object({ file: fileFacts, to: whereTo }),
  prove: object({ transfer }),
  feed: object({ transfer, file: fileFacts, proofs: list(proof, "Of the ranges that were named.") }),
  allow: object({ origin }),
  refuse: object({ origin }),
  unpair: object({ origin }),
  forget: object({ place: text("A destination, by its id.") }),
  autostart: object({ on: flag("Whether the agent starts with the computer.") }),
};
type Takes<K extends keyof typeof windowTakes> = Decoded<(typeof windowTakes)[K]>;

/** Permission to feed a transfer: `PUT data/{transfer}?offset=` with the key. Each answer is the grant then. */
export interface FeedFacts {
  readonly transfer: string;
  readonly key: string;
  readonly grant: AgentGrant;
}

/** The calls of the page, as `POST api/{name}`: what they take, and what they answer. */
export interface WindowCalls {
  readonly enter: { readonly takes: { readonly key: string }; readonly gives: null };
  /** A command of the control socket. */
  readonly command: { readonly takes: Takes<"command">; readonly gives: unknown };
  readonly pick: { readonly takes: Takes<"pick">; readonly gives: readonly string[] | null };
  /** Gives why some of the files are not sent. */
  readonly add: {
    readonly takes: Takes<"add">;
    readonly gives: readonly string[];
  };
  readonly receive: { readonly takes: Takes<"receive">; readonly gives: FeedFacts };
  readonly prove: {
    readonly takes: Takes<"prove">;
    readonly gives: readonly Pick<RangeProof, "start" | "end">[];
  };
  readonly feed: {
    readonly takes: Takes<"feed">;
    readonly gives: FeedFacts;
  };
  readonly allow: { readonly takes: Takes<"allow">; readonly gives: null };
  readonly refuse: { readonly takes: Takes<"refuse">; readonly gives: null };
  readonly unpair: { readonly takes: Takes<"unpair">; readonly gives: null };
  readonly forget: { readonly takes: Takes<"forget">; readonly gives: null };
  readonly autostart: { readonly takes: Takes<"autostart">; readonly gives: null };
}
