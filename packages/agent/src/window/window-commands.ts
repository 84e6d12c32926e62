/** What the window's page may ask: all that the computer's user may, which is more than any page of a server may. */

import { access, constants, mkdir } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { filesIn } from "@naru/client/node";
import { fields, TransferError } from "@naru/core";
import { type CommandsOptions, runCommand } from "../control/commands.ts";
import { decodeRequest, transferVerbs } from "../control/messages.ts";
import { trusted, trustedDestination } from "../control/trusted-destination.ts";
import type { PendingPairings } from "../pairing/pending-pairings.ts";
import type { Feeds } from "../socket/feeds.ts";
import type { Pages } from "../socket/open-pages.ts";
import { pageGrant } from "../socket/page-views.ts";
import type { RangeProof, Spool } from "../spool/spool.ts";
import type { Destination } from "../transfers/destination.ts";
import type { Desktop } from "./desktop.ts";
import { RecentDestinations } from "./recent-destinations.ts";
import type { FeedFacts, FileFacts, SpoolFacts, WhereTo, WindowCalls, WindowFacts } from "./window-wire.ts";

export interface WindowCommandsOptions extends CommandsOptions {
  readonly pages: Pages;
  readonly pairings: PendingPairings;
  readonly desktop: Desktop | undefined;
  readonly feeds: Feeds;
  /** Of the window's own page. */
  readonly origin: () => string;
}

type CallName = Exclude<keyof WindowCalls, "enter">;
type From = InstanceType<typeof fields.Fields>;
type Handlers = { readonly [K in CallName]: (from: From) => Promise<WindowCalls[K]["gives"]> };

const { count, flag, list, text } = fields;
const callNames: Readonly<Record<CallName, true>> = {
  ...{ command: true, pick: true, add: true, receive: true, prove: true, feed: true },
  ...{ allow: true, refuse: true, unpair: true, forget: true, autostart: true },
};

const mayCommand: ReadonlySet<string> = new Set([...transferVerbs, "move", "list", "status", "settings", "quit"]);

/** Tell whether the page may call this. */
export function isCall(name: string): name is CallName {
  return Object.hasOwn(callNames, name);
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
      command: (from) => this.#command(from),
      pick: async () => (await desktop?.pickFiles()) ?? null,
      add: (from) => this.#add(from.read("files", list(text)), from.read("to", decodeWhere)),
      receive: (from) => this.#receive(from.read("file", decodeFile), from.read("to", decodeWhere)),
      prove: async (from) => this.#spoolOf(from.read("transfer", text)).proofs(),
      feed: async (from) => {
        const spool = this.#spoolOf(from.read("transfer", text));
        spool.match(from.read("file", decodeFile), from.read("proofs", list(decodeProof)));
        spool.attach();
        return this.#feed(spool);
      },
      allow: async (from) => this.#silently(() => pairings.allow(from.read("origin", text))),
      refuse: async (from) => this.#silently(() => pairings.refuse(from.read("origin", text))),
      unpair: async (from) => this.#silently(() => pages.servers.remove(from.read("origin", text))),
      forget: async (from) => this.#silently(() => this.#places.forget(from.read("place", text))),
      autostart: async (from) => this.#silently(() => desktop?.autostart?.set(from.read("on", flag))),
    };
  }

  /** Do a call. @throws {TransferError} */
  async call(name: CallName, body: unknown): Promise<unknown> {
    const given = await this.#handlers[name](new fields.Fields(body, name));
    for (const listener of this.#listeners) listener();
    return given;
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

  async #command(from: From): Promise<unknown> {
    const id = from.maybe("id", text);
    const { body } = decodeRequest({
      id: 0,
      command: from.read("command", text),
      transfer: id,
      place: from.maybe("place", count),
      change: from.maybe("change", (value) => value),
    });
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

function decodeWhere(value: unknown, what: string): WhereTo {
  const from = new fields.Fields(value, what);
  const words = { place: from.maybe("place", text), url: from.maybe("url", text) };
  return { ...words, hostKey: from.maybe("hostKey", text), token: from.maybe("token", text) };
}

function decodeFile(value: unknown, what: string): FileFacts {
  const from = new fields.Fields(value, what);
  return {
    name: from.read("name", text),
    size: from.read("size", count),
    modifiedMs: from.read("modifiedMs", count),
    path: from.maybe("path", text),
  };
}

function decodeProof(value: unknown, what: string): RangeProof {
  const from = new fields.Fields(value, what);
  return { start: from.read("start", count), end: from.read("end", count), crc64: from.read("crc64", fields.hex(16)) };
}
