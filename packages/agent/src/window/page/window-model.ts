/** What the window knows: all that the agent told, and what its user is about to do. */

import { isTransferError } from "@naru/core";
import { Format, type Language } from "@naru/elements/design";
import type { TransferView } from "../../transfers/transfer-view.ts";
import type { SpoolFacts, WhereTo, WindowFacts } from "../window-wire.ts";
import { call, listen } from "./agent-call.ts";
import { announceBetween } from "./announce.ts";
import { FeedQueue, type LooseFile } from "./feed.ts";
import { isOver } from "./transfer-item.ts";
import type { WindowWords } from "./words.ts";
import { type PageWords, pageWords, windowWords } from "./words-of.ts";

/** Files that wait for a destination: dropped, picked, or to be typed. */
export type Chosen =
  | { readonly kind: "loose"; readonly files: readonly LooseFile[] }
  | { readonly kind: "paths"; readonly paths: readonly string[] }
  | { readonly kind: "typed" };

/** The state of one window. */
export class WindowModel {
  transfers: ReadonlyMap<string, TransferView> = new Map();
  order: readonly string[] = [];
  facts: WindowFacts | undefined;
  spool: SpoolFacts = { folder: "", held: 0, free: 0 };
  view: "transfers" | "settings" = "transfers";
  isLost = false;
  isDraggedOver = false;
  isPicking = false;
  /** The transfer that the keyboard is at. */
  current: string | undefined;
  adding: Chosen | undefined;
  cancelling: TransferView | undefined;
  /** What went wrong last. */
  failed: string | undefined;
  /** What a screen reader says next. */
  announcement = "";
  readonly #feeds: FeedQueue;
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
    this.#feeds = new FeedQueue({ onFailed: (error) => this.#fail(error), onChange });
  }

  get language(): Language {
    return this.facts?.settings.language ?? (navigator.language.toLowerCase().startsWith("ko") ? "ko" : "en");
  }

  get t(): PageWords {
    return pageWords[this.language];
  }

  get w(): WindowWords {
    return windowWords[this.language];
  }

  get format(): Format {
    return new Format(this.language, this.t);
  }

  /** Transfers that are not over, in the order of the queue. */
  get open(): readonly TransferView[] {
    return this.#queue.filter((one) => !isOver(one));
  }

  /** All transfers: after the open ones those that are over, the last first. */
  get list(): readonly TransferView[] {
    const over = this.#queue.filter(isOver).toSorted((one, other) => (other.ended ?? 0) - (one.ended ?? 0));
    return [...this.open, ...over];
  }

  get #queue(): readonly TransferView[] {
    return this.order.flatMap((id) => this.transfers.get(id) ?? []);
  }

  /** Bytes that this window must still hand over. */
  get unfed(): number {
    return this.#feeds.left((id) => this.transfers.get(id)?.unfed);
  }

  /** Change what the window shows. */
  set(change: Partial<Pick<WindowModel, "view" | "isDraggedOver" | "current" | "adding" | "cancelling">>): void {
    Object.assign(this, change);
    this.#onChange();
  }

  /** Begin to follow the agent. */
  listen(): void {
    listen(
      {
        all: ({ transfers, facts, spool }) => {
          this.transfers = new Map(transfers.map((one) => [one.id, one]));
          this.order = transfers.map(({ id }) => id);
          this.spool = spool;
          this.facts = facts;
          this.#onChange();
        },
        changes: ({ changed, order, spool }) => {
          this.announcement = announceBetween(this.transfers, changed, this.t) ?? this.announcement;
          this.transfers = new Map([...this.transfers, ...changed.map((one) => [one.id, one] as const)]);
          this.order = order;
          this.spool = spool;
          this.#onChange();
        },
        facts: (facts) => {
          this.facts = facts;
          this.#onChange();
        },
      },
      () => {
        this.isLost = true;
        this.#onChange();
      },
    );
  }

  /** Do something that may fail, and say so when it does. */
  async do(act: () => Promise<unknown>): Promise<void> {
    this.failed = undefined;
    try {
      await act();
    } catch (error) {
      this.#fail(error);
    }
    this.#onChange();
  }

  /** Have a command done to transfers, one after another. */
  async command(command: string, ...transfers: readonly Pick<TransferView, "id">[]): Promise<void> {
    await this.do(async () => {
      for (const { id } of transfers) await call("command", { command, id });
    });
  }

  /** Let a transfer and its neighbour change places. */
  async move({ id }: TransferView, by: -1 | 1): Promise<void> {
    const { open } = this;
    const neighbour = open[open.findIndex((one) => one.id === id) + by];
    if (neighbour === undefined) return;
    const place = this.order.indexOf(neighbour.id);
    await this.do(() => call("command", { command: "move", id, place }));
  }

  /** Let the user choose files in the system's own dialog. */
  async pick(): Promise<void> {
    this.isPicking = true;
    this.#onChange();
    await this.do(async () => {
      const paths = await call("pick", {});
      if (paths === null) this.adding = { kind: "typed" };
      else if (paths.length > 0) this.adding = { kind: "paths", paths };
    });
    this.isPicking = false;
    this.#onChange();
  }

  /** Send what was chosen, and say what of it cannot be. @throws {TransferError} what the agent says; then nothing was begun */
  async send(chosen: Exclude<Chosen, { kind: "typed" }>, to: WhereTo): Promise<void> {
    if (chosen.kind !== "paths") return this.#feeds.add(chosen.files, to);
    const refused = await call("add", { files: chosen.paths, to });
    this.failed = refused.length === 0 ? undefined : `${this.w.add.notSent} ${refused.join("; ")}`;
    this.#onChange();
  }

  /** Go on with a transfer whose file was chosen again. */
  async feedAgain({ id }: TransferView, file: File): Promise<void> {
    await this.do(() => this.#feeds.addAgain(id, file));
  }

  #fail(error: unknown): void {
    this.failed = isTransferError(error) ? `${this.t.failures[error.code].what} (${error.message})` : String(error);
    this.#onChange();
  }
}
