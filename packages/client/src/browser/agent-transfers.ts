/**
 * The desktop agent as a page uses it: found, paired, given files, watched. Tickets come from the server; bytes go to the
 * agent in slices. The browser's permission is asked for only by `connect`, which a click must call.
 *
 * @module
 */

import {
  type AgentTransfer,
  isTransferError,
  type RetryPolicy,
  retrying,
  type TicketWish,
  TransferError,
} from "@naru/core";
import { AgentApi } from "../agent-api.ts";
import { systemClock } from "../clock.ts";
import { AgentFeeds, factsOf, feedAgain, feedingIn } from "./agent-feeds.ts";
import { type AgentEvent, AgentLink, listedIn } from "./agent-link.ts";
import { permissionForAgent } from "./agent-permission.ts";
import type { Incoming } from "./transfers.ts";

/**
 * `asleep`: not asked yet. `absent`: nothing answers. `denied`: the browser's user said no. `blocked`: this browser lets no
 * page reach loopback. `unpaired`: the agent does not know this server yet.
 */
export type AgentPresence = "asleep" | "looking" | "absent" | "denied" | "blocked" | "unpaired" | "pairing" | "ready";

/** What a page shows. */
export interface AgentView {
  readonly presence: AgentPresence;
  /** Six digits that the agent shows too, while `pairing`. */
  readonly code?: string | undefined;
  readonly transfers: readonly AgentTransfer[];
  /** Whether every file is with the agent or at the server, so that the tab may be closed. */
  readonly mayClose: boolean;
}

export interface AgentTransfersOptions {
  readonly origin: string;
  readonly ports?: readonly number[] | undefined;
}

const promptTimeoutMs = 60_000;
const quickTimeoutMs = 1500;
/** The agent may have been restarted: look for it for a minute. */
const reconnectPolicy: RetryPolicy = { retries: 30, firstMs: 2000, longestMs: 2000, jitter: 0 };
const over: ReadonlySet<AgentTransfer["state"]> = new Set(["done", "failed", "cancelled"]);

/** The agent of this computer, if there is one. */
export class AgentTransfers {
  readonly #api: AgentApi;
  readonly #ports: readonly number[] | undefined;
  readonly #transfers = new Map<string, AgentTransfer>();
  readonly #listeners = new Set<(view: AgentView) => void>();
  readonly #feeds = new AgentFeeds({ reconnected: () => this.#reconnected(), onEnded: () => this.#tell() });
  /** Files that this tab has handed over, as long as it is open. */
  readonly #handedOver = new Map<string, File>();
  #presence: AgentPresence = "asleep";
  #code: string | undefined;
  #link: AgentLink | undefined;
  #connecting: Promise<AgentPresence> | undefined;
  readonly #closing = new AbortController();

  constructor({ origin, ports }: AgentTransfersOptions) {
    this.#api = new AgentApi({ origin });
    this.#ports = ports;
  }

  get view(): AgentView {
    const transfers = [...this.#transfers.values()];
    const mayClose = !this.#feeds.ids.some((id) => (this.#transfers.get(id)?.unfed ?? 1) > 0);
    return { presence: this.#presence, code: this.#code, transfers, mayClose };
  }

  subscribe(listener: (view: AgentView) => void): () => void {
    this.#listeners.add(listener);
    listener(this.view);
    return () => this.#listeners.delete(listener);
  }

  /** Tell whether connecting would make the browser ask its user. */
  async wouldAsk(): Promise<boolean> {
    return (await permissionForAgent()) === "prompt";
  }

  /** Connect without a click, where the browser asks nothing. */
  async wake(): Promise<void> {
    if ((await permissionForAgent()) === "granted") await this.connect();
  }

  /** Find the agent; call it from a click. */
  connect(): Promise<AgentPresence> {
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  /** Pair the agent with this server: `view.code` is shown until `confirm`; resolves once both sides have consented. */
  async pair(): Promise<void> {
    const link = this.#mustLink();
    this.#be("pairing");
    try {
      await link.call(
        { kind: "pair" },
        {
          onCode: (code) => {
            this.#code = code;
            this.#tell();
          },
        },
      );
      this.#code = undefined;
      await this.#list(link);
    } catch (error) {
      this.#code = undefined;
      this.#be("unpaired");
      throw error;
    }
  }

  /** The signed-in user has compared the codes, or typed the one that an agent out of reach shows. */
  async confirm(code: string | undefined = this.#code): Promise<void> {
    if (code !== undefined) await this.#api.confirmPairing(code);
  }

  /** Get a ticket for the agent's link, `naru://t/...`, where no page may reach it; the agent asks for the file itself. */
  async linkFor(wish: TicketWish): Promise<string> {
    const { ticket } = await this.#api.ticket(wish);
    return `naru://t/${ticket}?at=${encodeURIComponent(location.host)}`;
  }

  /**
   * Hand a file over; resolves once the agent has begun. Its upload, if it has one, goes on with the parts that are there.
   *
   * @throws {TransferError} `unauthenticated` from an agent whose pairing was revoked; it is `unpaired` then
   */
  async send(file: File, wish: TicketWish): Promise<AgentTransfer> {
    const link = this.#mustLink();
    const { ticket } = await this.#api.ticket(wish);
    const answer = await link.call({ kind: "create", ticket, file: factsOf(file) }).catch((error: unknown) => {
      if (isTransferError(error) && error.code === "unauthenticated") this.#be("unpaired");
      throw error;
    });
    const told = feedingIn(answer);
    this.#handedOver.set(told.transfer.id, file);
    this.#put(told.transfer);
    void this.#feeds.keep(file, told, link);
    return told.transfer;
  }

  /**
   * Have the agent's user choose the file of an upload, which the agent opens itself; resolves once that is done or the
   * dialog was closed, at once when the agent has none.
   *
   * @throws {TransferError} `file-changed` for another file
   */
  async choose(wish: TicketWish): Promise<void> {
    const link = this.#mustLink();
    if (!link.chooses) return;
    const { ticket } = await this.#api.ticket(wish);
    await link.call({ kind: "choose", ticket });
  }

  /** Go on with a transfer whose tab was lost, with the same file chosen again. @throws {TransferError} `file-changed` */
  async feedAgain(id: string, file: File): Promise<void> {
    const link = this.#mustLink();
    const told = await feedAgain(link, id, file);
    this.#handedOver.set(id, file);
    void this.#feeds.keep(file, told, link);
  }

  /** Tell whether this tab could go on with a transfer itself: it has the file, and the agent is there to give it back. */
  canTakeBack({ id, state }: AgentTransfer): boolean {
    const isGoing = !over.has(state) && state !== "verifying";
    return isGoing && this.#handedOver.has(id) && this.#presence === "ready" && this.#link?.releases === true;
  }

  /** Take a transfer back from the agent: its file, and the upload with what has arrived. @throws {TransferError} `conflict` when it arrives just now */
  async takeBack(id: string): Promise<Incoming> {
    const link = this.#mustLink();
    const file = this.#handedOver.get(id);
    const path = this.#transfers.get(id)?.path;
    if (file === undefined || path === undefined) {
      throw new TransferError("not-found", "Cannot take the transfer back: its file is not with this tab");
    }
    const answer = await link.call({ kind: "release", transfer: id });
    return { path, file, upload: answer.kind === "released" ? answer.upload : undefined };
  }

  async cancel(id: string): Promise<void> {
    await this.#mustLink().call({ kind: "cancel", transfer: id });
  }

  /** Take ended transfers off this page's list. */
  clear(): void {
    for (const { id, state } of this.#transfers.values()) if (over.has(state)) this.#transfers.delete(id);
    this.#tell();
  }

  close(): void {
    this.#closing.abort();
    this.#link?.close();
    this.#listeners.clear();
  }

  async #connect(): Promise<AgentPresence> {
    if (this.#link !== undefined) return this.#presence;
    const permission = await permissionForAgent();
    if (permission === "denied" || permission === "blocked") return this.#be(permission);
    this.#be("looking");
    const timeoutMs = permission === "prompt" ? promptTimeoutMs : quickTimeoutMs;
    const link = await AgentLink.find({ ports: this.#ports, timeoutMs });
    if (link === undefined) {
      // What its user just decided tells a refusal from an agent that is not there.
      return this.#be((await permissionForAgent()) === "denied" ? "denied" : "absent");
    }
    this.#link = link;
    link.listen((event) => this.#hear(event));
    void link.closed.then(() => this.#lost(link));
    if (link.user === undefined) return this.#be("unpaired");
    await this.#list(link);
    return this.#presence;
  }

  async #list(link: AgentLink): Promise<void> {
    for (const transfer of listedIn(await link.call({ kind: "list" }))) this.#transfers.set(transfer.id, transfer);
    this.#be("ready");
  }

  async #reconnected(): Promise<AgentLink> {
    const look = async (): Promise<AgentLink> => {
      if ((await this.connect()) === "ready" && this.#link) return this.#link;
      throw gone();
    };
    const { signal } = this.#closing;
    const wait = (ms: number): Promise<void> => systemClock.sleep(ms, { signal });
    return retrying(look, reconnectPolicy, { signal, random: Math.random, wait });
  }

  #hear(event: AgentEvent): void {
    if (event.kind === "changed") this.#put(event.transfer);
    else if (event.kind === "gone") {
      this.#transfers.delete(event.transfer);
      this.#feeds.forget(event.transfer);
      this.#handedOver.delete(event.transfer);
      this.#tell();
    }
  }

  #lost(link: AgentLink): void {
    if (this.#link !== link) return;
    this.#link = undefined;
    this.#feeds.measureAgain();
    if (!this.#closing.signal.aborted) this.#be("absent");
  }

  #put(transfer: AgentTransfer): void {
    this.#transfers.set(transfer.id, transfer);
    this.#tell();
  }

  #be(presence: AgentPresence): AgentPresence {
    this.#presence = presence;
    this.#tell();
    return presence;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener(this.view);
  }

  #mustLink(): AgentLink {
    if (this.#link) return this.#link;
    throw gone();
  }
}

function gone(): TransferError {
  return new TransferError("unreachable", "Cannot reach the agent: it is not running");
}
