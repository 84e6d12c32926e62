/** What the window's page may ask: all that the computer's user may, which is more than any page of a server may. */

import { access, constants, mkdir } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { filesIn } from "@naru/client/node";
import { type Decoder, decoder, TransferError } from "@naru/core";
import { type CommandsOptions, runCommand } from "../control/commands.ts";
import { decodeRequest, transferVerbs } from "../control/messages.ts";
import { trusted, trustedDestination } from "../control/trusted-destination.ts";
import type { PendingPairings } from "../pairing/pending-pairings.ts";
import type { Feeds } from "../socket/feeds.ts";
import type { Pages } from "../socket/open-pages.ts";
import { pageGrant } from "../socket/page-views.ts";
import type { Spool } from "../spool/spool.ts";
import type { Destination } from "../transfers/destination.ts";
import type { Desktop } from "./desktop.ts";
import { RecentDestinations } from "./recent-destinations.ts";
import {
  type FeedFacts,
  type FileFacts,
  type SpoolFacts,
  type WhereTo,
  type WindowCalls,
  type WindowFacts,
  windowTakes,
} from "./window-wire.ts";

export interface WindowCommandsOptions extends CommandsOptions {
  readonly pages: Pages;
  readonly pairings: PendingPairings;
  readonly desktop: Desktop | undefined;
  readonly feeds: Feeds;
  /** Of the window's own page. */
  readonly origin: () => string;
}

type CallName = Exclude<keyof WindowCalls, "enter">;
type Handlers = { readonly [K in CallName]: (given: WindowCalls[K]["takes"]) => Promise<WindowCalls[K]["gives"]> };

const readers: { readonly [K in CallName]: Decoder<WindowCalls[K]["takes"]> } = {
  command: decoder(windowTakes.command),
  pick: decoder(windowTakes.pick),
  add: decoder(windowTakes.add),
  receive: decoder(windowTakes.receive),
  prove: decoder(windowTakes.prove),
  feed: decoder(windowTakes.feed),
  allow: decoder(windowTakes.allow),
  refuse: decoder(windowTakes.refuse),
  unpair: decoder(windowTakes.unpair),
  forget: decoder(windowTakes.forget),
  autostart: decoder(windowTakes.autostart),
};

const mayCommand: ReadonlySet<string> = new Set([...transferVerbs, "move", "list", "status", "settings", "quit"]);

/** Tell whether the page may call this. */
export function isCall(name: string): name is CallName {
  return Object.hasOwn(readers, name);
}

/** Does the window's calls. */
export class WindowCommands {
  readonly #options: WindowCommandsOptions;
  readonly #places: RecentDestinations;
  readonly #listeners = new Set<() => void>();
  readonly #handlers: Handlers;

  constructor(options: WindowCommandsOptions) {
    this.#options = options;
    this.#places = new RecentDestinations(options.journal);
    const { pairings, pages, desktop } = options;
    this.#handlers = {
      command: (given) => this.#command(given),
      pick: async () => (await desktop?.pickFiles()) ?? null,
      add: ({ files, to }) => this.#add(files, to),
      receive: ({ file, to }) => this.#receive(file, to),
      prove: async ({ transfer }) => this.#spoolOf(transfer).proofs(),
      feed: async ({ transfer, file, proofs }) => {
        const spool = this.#spoolOf(transfer);
        spool.match(file, proofs);
        spool.attach();
        return this.#feed(spool);
      },
      allow: async ({ origin }) => this.#silently(() => pairings.allow(origin)),
      refuse: async ({ origin }) => this.#silently(() => pairings.refuse(origin)),
      unpair: async ({ origin }) => this.#silently(() => pages.servers.remove(origin)),
      forget: async ({ place }) => this.#silently(() => this.#places.forget(place)),
      autostart: async ({ on }) => this.#silently(() => desktop?.autostart?.set(on)),
    };
  }

  /** Do a call. @throws {TransferError} */
  async call(name: CallName, body: unknown): Promise<unknown> {
    const given = await this.#run(name, body);
    for (const listener of this.#listeners) listener();
    return given;
  }

  #run<K extends CallName>(name: K, body: unknown): Promise<WindowCalls[K]["gives"]> {
    return this.#handlers[name](readers[name](body, name));
  }

  /** Call `listener` whenever `facts` may have changed, until what is returned is called. */
  onFacts(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async facts(): Promise<WindowFacts> {
    const { transfers, dataDir, pages, pairings, desktop } = this.#options;
    return {
      settings: transfers.settings,
      dataDir,
      pagesPort: pages.port,
      autostart: await desktop?.autostart?.isOn(),
      servers: pages.servers.list().map(({ origin, user, since }) => ({ origin, user, since })),
      pairings: pairings.pending().map(({ origin, code, allowed }) => ({ origin, code, allowed })),
      places: this.#places.list(),
    };
  }

  async spool(): Promise<SpoolFacts> {
    const { spools } = this.#options;
    const { free } = await spools.wayFor(0);
    return { folder: spools.folder, held: spools.held, free };
  }

  async #command({ id: transfer, ...words }: WindowCalls["command"]["takes"]): Promise<unknown> {
    const { body } = decodeRequest({ ...words, transfer, id: 0 });
    if (!mayCommand.has(body.command)) {
      throw new TransferError("unsupported", `Cannot do "${body.command}": it is not for the window`);
    }
    if (body.command === "settings" && body.change.spoolFolder) await checkFolder(body.change.spoolFolder);
    const nobody = { signal: new AbortController().signal, notify: () => undefined };
    return runCommand(body, nobody, this.#options);
  }

  /** What cannot be sent is told, unless that is all. */
  async #add(names: readonly string[], where: WhereTo): Promise<readonly string[]> {
    const { files, refused } = await filesIn(names);
    const [first] = refused;
    if (files.length === 0 && first !== undefined) throw first;
    const to = await this.#destination(where);
    for (const { file, path } of files) await this.#options.transfers.send({ file, path, to });
    return refused.map(({ message }) => message);
  }

  async #receive({ path, ...file }: FileFacts, where: WhereTo): Promise<FeedFacts> {
    const to = await this.#destination(where);
    const { spool } = await this.#options.transfers.receive({ file, to, path });
    return this.#feed(spool);
  }

  #feed(spool: Spool): FeedFacts {
    const { feeds, origin } = this.#options;
    const { key } = feeds.open({ transfer: spool.id, spool, origin: origin(), onReplaced: () => undefined });
    return { transfer: spool.id, key, grant: pageGrant(spool) };
  }

  async #destination({ place, url = "", hostKey, token }: WhereTo): Promise<Destination> {
    const { journal } = this.#options;
    const known = place === undefined ? undefined : this.#places.get(place);
    const to = await (known === undefined
      ? trustedDestination({ to: url, hostKey, token }, { journal })
      : trusted(known, { journal, hostKey }));
    this.#places.use(to);
    return to;
  }

  #spoolOf(id: string): Spool {
    const { transfers } = this.#options;
    const spool = transfers.spoolOf(id);
    // What a server's page began is fed by that page: only it knows the file.
    if (spool !== undefined && transfers.get(id)?.owner === undefined) return spool;
    throw new TransferError("conflict", `Cannot feed the transfer "${id}": it takes no bytes from here`);
  }

  async #silently(act: () => unknown): Promise<null> {
    await act();
    return null;
  }
}

/** A folder that cannot be used would keep the agent from its next start. */
async function checkFolder(folder: string): Promise<void> {
  try {
    if (!isAbsolute(folder)) throw new Error("it is not an absolute path");
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TransferError("invalid", `Cannot keep the spool in "${folder}": ${why}`, { cause });
  }
}
