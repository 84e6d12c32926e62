/** One page's connection: what it asks is done for its own transfers, and nothing else is heard. */

import {
  agentVersion,
  decodeAgentFrame,
  decodeToAgent,
  type FromAgent,
  isTransferError,
  type ToAgent,
  TransferError,
  toWireError,
} from "@naru/core";
import type { ChooseFile } from "../pairing/choose-file.ts";
import type { PairedServer, PairedServers } from "../pairing/paired-servers.ts";
import type { PendingPairings } from "../pairing/pending-pairings.ts";
import type { Redeemed } from "../pairing/redeem.ts";
import type { Spool } from "../spool/spool.ts";
import type { TransferQueue } from "../transfers/transfer-queue.ts";
import type { TransferView } from "../transfers/transfer-view.ts";
import type { Feed, Feeds } from "./feeds.ts";
import { pageGrant, pageTransfer } from "./page-views.ts";
import type { PageHandlers, PageSocket } from "./web-socket.ts";

export interface PageSessionOptions {
  readonly queue: TransferQueue;
  readonly feeds: Feeds;
  readonly servers: PairedServers;
  readonly pairings: PendingPairings;
  readonly redeem: (server: PairedServer, ticket: { readonly ticket: string }) => Promise<Redeemed>;
  /** Absent where nobody can be asked for a file. */
  readonly choose?: ChooseFile | undefined;
  readonly log: (line: string) => void;
}

/** What a call says, without the words that need no answer. */
type Call = Exclude<ToAgent, { kind: "hello" }>;

const program = "0.1.0";
/** Transfers of one origin that are not over, at most. */
const maxOpen = 1000;
const grantEveryMs = 20;
const over: ReadonlySet<TransferView["state"]> = new Set(["done", "failed", "cancelled"]);

/** The agent's end of a connection. */
export class PageSession implements PageHandlers {
  readonly #origin: string;
  readonly #page: PageSocket;
  readonly #options: PageSessionOptions;
  readonly #channels = new Map<number, Feed>();
  readonly #closing: (() => void)[] = [];
  #lastChannel = 0;
  #closed = false;

  constructor(origin: string, page: PageSocket, options: PageSessionOptions) {
    this.#origin = origin;
    this.#page = page;
    this.#options = options;
    this.#closing.push(
      options.queue.onEvent(({ kind, transfer }) => {
        if (transfer.owner !== origin) return;
        if (kind === "gone") this.#say({ kind, transfer: transfer.id });
        else this.#say({ kind, transfer: pageTransfer(transfer) });
      }),
    );
  }

  onText(text: string): void {
    try {
      const message = decodeToAgent(parse(text));
      if (message.kind === "hello") this.#hello();
      // Never rejects: what fails is told to the page.
      else void this.#answer(message);
    } catch {
      // Not one of our pages, or one of another version: there is nothing to say to it.
      this.#page.close();
    }
  }

  async onBytes(message: Uint8Array): Promise<void> {
    let channel = 0;
    try {
      const frame = decodeAgentFrame(message);
      channel = frame.channel;
      if (channel === 0) return this.#say({ kind: "measured", bytes: frame.bytes.length });
      await this.#channels.get(channel)?.spool.write(frame.offset, frame.bytes);
    } catch (error) {
      if (isTransferError(error)) this.#refuse(channel, error);
    }
  }

  onClose(): void {
    this.#closed = true;
    for (const close of this.#closing) close();
    for (const feed of this.#channels.values()) void this.#options.feeds.close(feed);
    this.#channels.clear();
  }

  #hello(): void {
    const user = this.#options.servers.get(this.#origin)?.user;
    const chooses = this.#options.choose !== undefined;
    this.#say({ kind: "hello", version: agentVersion, program, user, chooses, releases: true });
  }

  async #answer(call: Call): Promise<void> {
    try {
      this.#say(await this.#do(call));
    } catch (error) {
      this.#say({ kind: "failed", re: call.re, error: toWireError(error) });
    }
  }

  async #do(call: Call): Promise<FromAgent> {
    const { re } = call;
    if (call.kind === "pair") return this.#pair(re);
    const server = this.#options.servers.get(this.#origin);
    if (server === undefined) {
      throw new TransferError("unauthenticated", `Cannot serve "${this.#origin}": it is not paired with this agent`);
    }
    switch (call.kind) {
      case "create":
        return this.#create(call, server);
      case "choose":
        return this.#choose(call, server);
      case "prove":
        return { kind: "prove", re, ranges: this.#spool(call.transfer).proofs() };
      case "feed": {
        const spool = this.#spool(call.transfer);
        spool.match(call.file, call.proofs);
        spool.attach();
        return this.#feed(re, this.#own(call.transfer), spool);
      }
      case "list":
        return { kind: "list", re, transfers: this.#mine().map(pageTransfer) };
      case "cancel":
        await this.#options.queue.cancel(this.#own(call.transfer).id);
        return { kind: "done", re };
      case "release":
        return { kind: "released", re, upload: await this.#options.queue.release(this.#own(call.transfer).id) };
    }
  }

  async #pair(re: number): Promise<FromAgent> {
    const server = await this.#options.pairings.pair(this.#origin, ({ code, expires }) =>
      this.#say({ kind: "pairing", re, code, expires: new Date(expires).toISOString() }),
    );
    return { kind: "paired", re, user: server.user };
  }

  async #create(call: Extract<Call, { kind: "create" }>, server: PairedServer): Promise<FromAgent> {
    const { queue, redeem } = this.#options;
    if (this.#mine().filter(({ state }) => !over.has(state)).length >= maxOpen) {
      throw new TransferError("throttled", `Cannot accept "${call.file.name}": too many of its page wait already`);
    }
    const { to, path, upload, size, type } = await redeem(server, call);
    if (size !== undefined && size !== call.file.size) {
      throw new TransferError("file-changed", `Cannot accept "${call.file.name}": its upload is of another size`);
    }
    const { transfer, spool } = await queue.receive({ to, path, upload, type, file: call.file, owner: this.#origin });
    this.#options.log(`transfer ${transfer.id} comes from a page of ${this.#origin}`);
    return this.#feed(call.re, transfer, spool);
  }

  async #choose({ re, ticket }: Extract<Call, { kind: "choose" }>, server: PairedServer): Promise<FromAgent> {
    const { choose } = this.#options;
    if (choose === undefined)
      throw new TransferError("unavailable", "Cannot ask for a file: nobody is there to choose");
    await choose(ticket, server);
    return { kind: "done", re };
  }

  #feed(re: number, transfer: TransferView, spool: Spool): FromAgent {
    const { feeds } = this.#options;
    this.#lastChannel += 1;
    const channel = this.#lastChannel;
    const onReplaced = (): void => {
      this.#refuse(channel, new TransferError("superseded", `Cannot feed "${transfer.name}": another page does now`));
    };
    const feed = feeds.open({ transfer: transfer.id, spool, origin: this.#origin, onReplaced });
    if (this.#closed) void feeds.close(feed);
    else this.#channels.set(channel, feed);
    this.#tellGrants(channel, spool);
    return { kind: "feeding", re, transfer: pageTransfer(transfer), channel, key: feed.key, grant: pageGrant(spool) };
  }

  /** Grants that come close together are told as one; the last is always told. */
  #tellGrants(channel: number, spool: Spool): void {
    let timer: NodeJS.Timeout | undefined;
    const notify = (): void => {
      timer = undefined;
      if (this.#channels.has(channel)) this.#say({ kind: "grant", channel, grant: pageGrant(spool) });
    };
    const stop = spool.onGrant(() => {
      timer ??= setTimeout(notify, grantEveryMs);
    });
    this.#closing.push(() => {
      clearTimeout(timer);
      stop();
    });
  }

  #refuse(channel: number, error: TransferError): void {
    const feed = this.#channels.get(channel);
    this.#channels.delete(channel);
    if (feed !== undefined) void this.#options.feeds.close(feed);
    this.#say({ kind: "refused", channel, error: toWireError(error) });
  }

  #mine(): readonly TransferView[] {
    return this.#options.queue.list().filter(({ owner }) => owner === this.#origin);
  }

  /** Another's transfer is as if it were not. */
  #own(id: string): TransferView {
    const view = this.#options.queue.get(id);
    if (view !== undefined && view.owner === this.#origin) return view;
    throw new TransferError("not-found", `Cannot find the transfer "${id}": it is not of this page`);
  }

  #spool(id: string): Spool {
    const spool = this.#options.queue.spoolOf(this.#own(id).id);
    if (spool !== undefined) return spool;
    throw new TransferError("conflict", `Cannot feed the transfer "${id}": it takes no more bytes`);
  }

  #say(message: FromAgent): void {
    if (!this.#closed) this.#page.send(message);
  }
}

function parse(text: string): unknown {
  return JSON.parse(text);
}
