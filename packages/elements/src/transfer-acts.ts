import type { Incoming, TransferRow, Transfers } from "@naru/client/browser";
import { type FailureCode, isTransferError } from "@naru/core";
import type { ReactiveControllerHost } from "lit";
import { downloadPart } from "./download-part.ts";
import { FileChoice } from "./file-choice.ts";
import { type GroupAction, groupName } from "./group-row.ts";
import type { Localized } from "./language/language.ts";
import type { TransfersWords } from "./language/transfers-words.ts";
import { loadPart } from "./load-part.ts";
import type { Asking } from "./question.ts";
import { orderAt, orderBefore, queued, unitOf } from "./queue-places.ts";
import type { RowAction } from "./row-view.ts";
import type { SpokenWords } from "./spoken-words.ts";
import { stopQuestion } from "./stop-question.ts";
import { copyText, supportCode, supportText } from "./support-code.ts";
import { isGroup, type TransferGroup } from "./transfer-group.ts";
import type { Filter, ListItem, TransferList } from "./transfer-list.ts";
import { nameOf } from "./transfer-row.ts";

type Host = ReactiveControllerHost & HTMLElement & { readonly renderRoot: HTMLElement | DocumentFragment };

export interface TransferActsOptions {
  readonly host: Host;
  readonly words: Localized<TransfersWords>;
  readonly list: TransferList;
  readonly asking: Asking;
  readonly transfers: () => Transfers | undefined;
  readonly filter: () => Filter;
  readonly spoken: Pick<SpokenWords, "answer" | "alarm">;
  /** Rows are of another height than before. */
  readonly measureAgain: () => void;
}

/** So many files are not given up by a slip of the hand. */
const manyFiles = 20;

/** What the buttons of the rows and groups of a list do. */
export class TransferActs {
  readonly #options: TransferActsOptions;
  readonly #refused = new Map<string, FailureCode>();
  readonly choice: FileChoice;

  constructor(options: TransferActsOptions) {
    this.#options = options;
    this.choice = new FileChoice(() => options.host.renderRoot, {
      onChosen: (key, chosen) => void this.#offer(key, chosen),
      onManyChosen: (files) => void this.chooseAll(files),
    });
  }

  /** Why the file that was just chosen for a row was refused. */
  refusedOf(key: string): FailureCode | undefined {
    return this.#refused.get(key);
  }

  get refusals(): number {
    return this.#refused.size;
  }

  /** Rows that go on have been refused nothing. */
  forget(rows: readonly TransferRow[]): void {
    for (const { key, state } of rows) if (state !== "needs-file" && state !== "failed") this.#refused.delete(key);
  }

  readonly onRow = (action: RowAction, row: TransferRow): void => {
    const { key } = row;
    const { asking, words, host } = this.#options;
    const transfers = this.#options.transfers();
    if (transfers === undefined) return;
    if (action === "pause") transfers.pause(key);
    else if (action === "resume") this.#quietly(key, transfers.resume(key));
    else if (action === "retry") this.#quietly(key, transfers.retry(key));
    else if (action === "save") this.#quietly(key, transfers.save(key));
    else if (action === "cancel") {
      const stop = stopQuestion(row, words);
      const text = downloadPart(row)?.stopText(words.format.bytes(row.confirmed));
      const question = stop && { ...stop, text: text ?? stop.text };
      const cancel = (): void => this.#quietly(key, transfers.cancel(key));
      if (question === undefined) cancel();
      else asking.ask(question, cancel);
    } else if (action === "browser") this.#quietly(key, transfers.takeBack(key));
    else if (action === "choose") void this.choice.open(key);
    else if (action === "copy-code") void this.#copyCode(row);
    else if (action === "menu") void this.#menu(row, nameOf(row));
    // The agent's own panel does the rest: `<naru-agent>`.
    else host.dispatchEvent(new CustomEvent("naru-agent-send", { detail: row, bubbles: true, composed: true }));
  };

  readonly onGroup = (action: GroupAction, group: TransferGroup): void => {
    const { host, list, filter, words } = this.#options;
    const { id } = group;
    const transfers = this.#options.transfers();
    if (action === "fold") {
      list.fold(group, !list.isUnfolded(group, filter()));
      host.requestUpdate();
    } else if (action === "cancel") this.#cancel(group);
    else if (action === "choose") this.choice.openMany();
    else if (action === "menu") void this.#menu(group, groupName(group, words.t));
    else if (action === "resume" && group.tally.asking.size > 0) void this.#resumeAsking(group.tally.asking, id);
    // What cannot be done shows in its row.
    else void transfers?.withGroup(id, action).catch(() => undefined);
  };

  /** One click goes on with everything: a browser that is asked about one kept file answers for the others too. */
  async resumeAll(): Promise<void> {
    this.#options.transfers()?.resumeAll();
    await this.#resumeAsking(this.#options.list.tally.asking);
  }

  /** Go on with what an earlier visit left: at once where the browser may read the files, else by choosing them again. */
  async carryOn(): Promise<void> {
    const { list } = this.#options;
    if (list.tally.asking.size === 0) this.choice.openMany();
    else await this.#resumeAsking(list.tally.asking);
  }

  /** Give up what an earlier visit left. */
  discard(): void {
    const { list, asking, words } = this.#options;
    const { t, format } = words;
    const keys = [...list.tally.unfinished];
    const question = {
      title: t.discardTitle(keys.length),
      text: t.stopText(format.bytes(list.tally.unfinishedConfirmed)),
      keep: t.stopKeep,
      go: t.discard,
    };
    asking.ask(question, () => {
      for (const key of keys)
        void this.#options
          .transfers()
          ?.cancel(key)
          .catch(() => undefined);
    });
  }

  /** Give files to all rows that need theirs, and say how many got it. */
  async chooseAll(files: Iterable<Incoming> | AsyncIterable<Incoming>): Promise<void> {
    const { spoken, words } = this.#options;
    const taken = await this.#options
      .transfers()
      ?.chooseAll(files)
      .catch(() => 0);
    spoken.answer(words.t.foundAgain(taken ?? 0));
  }

  /** Drop something before another thing in the queue, or at its end. */
  moveBefore(unit: string, next: string | undefined): void {
    this.#move(unit, orderBefore(this.#queue, unit, next));
  }

  get #queue(): readonly ListItem[] {
    return queued(this.#options.list.units("all"));
  }

  async #copyCode(row: TransferRow): Promise<void> {
    const { spoken, words } = this.#options;
    const code = this.#refused.get(row.key) ?? row.error?.code ?? "internal";
    spoken.answer((await copyText(supportText(code, row))) ? words.t.codeCopied : supportCode(code));
  }

  async #menu(item: ListItem, name: string): Promise<void> {
    const part = await loadPart(() => import("./queue-menu.ts"));
    if (part === undefined) return;
    const { host } = this.#options;
    const unit = unitOf(item);
    const button = host.renderRoot.querySelector<HTMLElement>(`[data-key="${CSS.escape(unit)}"] [data-action=menu]`);
    if (button === null) return;
    part.openQueueMenu({
      button,
      name,
      root: host.renderRoot,
      may: (place) => orderAt(this.#queue, unit, place) !== undefined,
      move: (place) => this.#move(unit, orderAt(this.#queue, unit, place)),
    });
  }

  #move(unit: string, order: number | undefined): void {
    const { list, spoken, words } = this.#options;
    if (order === undefined) return;
    const item = list.group(unit) ?? list.row(unit);
    if (item === undefined) return;
    const others = this.#queue.filter((other) => unitOf(other) !== unit);
    const place = others.filter((other) => (other.order ?? 0) < order).length + 1;
    void this.#options.transfers()?.move(unit, order);
    spoken.answer(
      words.t.movedTo(
        isGroup(item) ? groupName(item, words.t) : nameOf(item),
        words.t.of(String(place), String(others.length + 1)),
      ),
    );
  }

  #cancel(group: TransferGroup): void {
    const { words, asking } = this.#options;
    const { tally, rows, id } = group;
    const name = groupName(group, words.t);
    const cancel = (): void =>
      void this.#options
        .transfers()
        ?.withGroup(id, "cancel")
        .catch(() => undefined);
    const open = rows.size - tally.count("done", "cancelled");
    const question = stopQuestion({ name, confirmed: tally.confirmed, state: "waiting" }, words, {
      always: open >= manyFiles,
    });
    if (question === undefined) cancel();
    else asking.ask(question, cancel);
  }

  async #resumeAsking(keys: Iterable<string>, group?: string): Promise<void> {
    const transfers = this.#options.transfers();
    if (group !== undefined) void transfers?.withGroup(group, "resume").catch(() => undefined);
    try {
      for (const key of [...keys]) await transfers?.resume(key);
    } catch {
      // Refused once, it is not asked again; each row still has its own button.
    }
  }

  async #offer(key: string, chosen: Incoming): Promise<void> {
    this.#refused.delete(key);
    try {
      await this.#options.transfers()?.choose(key, chosen);
    } catch (error) {
      this.#refuse(key, error);
    }
  }

  #quietly(key: string, promise: Promise<void>): void {
    void promise.catch((error: unknown) => this.#refuse(key, error));
  }

  /** Say in the row why a click led to nothing. A refused permission changes nothing: the row already asks for it. */
  #refuse(key: string, error: unknown): void {
    const { spoken, words, measureAgain } = this.#options;
    const code = isTransferError(error) ? error.code : "internal";
    if (code === "forbidden") return;
    this.#refused.set(key, code);
    spoken.alarm(words.t.failures[code].what);
    measureAgain();
  }
}
