/** Everything that pages need of an agent, put together: pairings, and the door they come through. */

import { hostname } from "node:os";
import { join } from "node:path";
import type { Fetch } from "@naru/client";
import { isTransferError } from "@naru/core";
import { fileChooser } from "../pairing/choose-file.ts";
import { type LinkRequest, openLink } from "../pairing/open-link.ts";
import { PairedServers } from "../pairing/paired-servers.ts";
import { PendingPairings } from "../pairing/pending-pairings.ts";
import type { TransferQueue } from "../transfers/transfer-queue.ts";
import type { Desktop } from "../window/desktop.ts";
import { openSocketDoor } from "./socket-door.ts";

export interface PagesOptions {
  readonly dataDir: string;
  readonly queue: TransferQueue;
  readonly log: (line: string) => void;
  readonly ports?: readonly number[] | undefined;
  /** Origins that an administrator allowed to pair; when there are any, no others may. */
  readonly allowedOrigins?: readonly string[] | undefined;
  readonly fetch?: Fetch | undefined;
  /** How the user is asked for a file that a page lacks; without it no page may ask. */
  readonly pickFiles?: Desktop["pickFiles"] | undefined;
}

/** What the window and the command line need of it. */
export interface Pages extends AsyncDisposable {
  /** Absent when other programs hold all ports: then pages are not heard, and everything else works. */
  readonly port: number | undefined;
  readonly servers: PairedServers;
  readonly pairings: PendingPairings;
  /** Take a link `naru://t/...` that the user opened. @throws {TransferError} */
  openLink(link: string): Promise<LinkRequest>;
}

/** Open the door for pages of paired servers, and of those that ask to be. */
export async function openPages({ dataDir, queue, log, ...options }: PagesOptions): Promise<Pages> {
  const { ports, allowedOrigins = [], fetch, pickFiles } = options;
  const choose = pickFiles && fileChooser({ pickFiles, queue, fetch });
  const servers = await PairedServers.open(join(dataDir, "paired-servers.json"), { log });
  const pairings = new PendingPairings({ servers, device: hostname(), allowedOrigins, log, fetch });
  const door = await openSocketDoor({ queue, servers, pairings, choose, log, ports, fetch }).catch((error: unknown) => {
    if (!isTransferError(error)) throw error;
    log(error.message);
    return undefined;
  });
  return {
    port: door?.port,
    servers,
    pairings,
    openLink: (link) => openLink(link, { servers, queue, fetch }),
    [Symbol.asyncDispose]: async () => door?.[Symbol.asyncDispose](),
  };
}
