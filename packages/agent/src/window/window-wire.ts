/** What the window's page and the agent tell each other; both are of the same build, so only requests are decoded. */

import type { AgentGrant } from "@naru/core";
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

/** Where files are sent: an earlier place by its id, or a new one. */
export interface WhereTo {
  readonly place?: string | undefined;
  readonly url?: string | undefined;
  readonly hostKey?: string | undefined;
  readonly token?: string | undefined;
}

/** Says which file is fed. */
export interface FileFacts {
  readonly name: string;
  readonly size: number;
  readonly modifiedMs: number;
  /** Its path below the destination's folder, when it came in a folder. */
  readonly path?: string | undefined;
}

/** Permission to feed a transfer: `PUT data/{transfer}?offset=` with the key. Each answer is the grant then. */
export interface FeedFacts {
  readonly transfer: string;
  readonly key: string;
  readonly grant: AgentGrant;
}

/** A command of the control socket; what is taken away of the settings is said as `null`. */
interface CommandWords {
  readonly command: string;
  readonly id?: string;
  readonly place?: number;
  readonly change?: object;
}

/** The calls of the page, as `POST api/{name}`: what they take, and what they answer. */
export interface WindowCalls {
  readonly enter: { readonly takes: { readonly key: string }; readonly gives: null };
  /** A command of the control socket. */
  readonly command: { readonly takes: CommandWords; readonly gives: unknown };
  readonly pick: { readonly takes: object; readonly gives: readonly string[] | null };
  /** Gives why some of the files are not sent. */
  readonly add: {
    readonly takes: { readonly files: readonly string[]; readonly to: WhereTo };
    readonly gives: readonly string[];
  };
  readonly receive: { readonly takes: { readonly file: FileFacts; readonly to: WhereTo }; readonly gives: FeedFacts };
  readonly prove: {
    readonly takes: { readonly transfer: string };
    readonly gives: readonly Pick<RangeProof, "start" | "end">[];
  };
  readonly feed: {
    readonly takes: { readonly transfer: string; readonly file: FileFacts; readonly proofs: readonly RangeProof[] };
    readonly gives: FeedFacts;
  };
  readonly allow: { readonly takes: { readonly origin: string }; readonly gives: null };
  readonly refuse: { readonly takes: { readonly origin: string }; readonly gives: null };
  readonly unpair: { readonly takes: { readonly origin: string }; readonly gives: null };
  readonly forget: { readonly takes: { readonly place: string }; readonly gives: null };
  readonly autostart: { readonly takes: { readonly on: boolean }; readonly gives: null };
}
