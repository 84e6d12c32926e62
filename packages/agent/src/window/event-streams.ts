/** Tells open windows what happens, by server-sent events: nothing is polled, and without a window nothing is done. */

import type { ServerResponse } from "node:http";
import type { PendingPairings } from "../pairing/pending-pairings.ts";
import type { TransferQueue } from "../transfers/transfer-queue.ts";
import type { WindowCommands } from "./window-commands.ts";
import type { WindowEvents } from "./window-wire.ts";

/** Changes that come closer together are told as one. */
const tellEveryMs = 200;

/** The event streams of all windows. */
export class EventStreams implements Disposable {
  readonly #commands: WindowCommands;
  readonly #transfers: TransferQueue;
  readonly #windows = new Set<ServerResponse>();
  readonly #changed = new Set<string>();
  readonly #stops: (() => void)[];
  /** Counts changes of the facts. */
  #version = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    commands: WindowCommands,
    { transfers, pairings }: { readonly transfers: TransferQueue; readonly pairings: PendingPairings },
  ) {
    this.#commands = commands;
    this.#transfers = transfers;
    this.#stops = [
      transfers.onEvent(({ transfer: { id } }) => this.#note(id)),
      pairings.onChange(() => this.#tellFacts()),
      commands.onFacts(() => this.#tellFacts()),
    ];
  }

  /** How many windows are there. */
  get count(): number {
    return this.#windows.size;
  }

  /** Tell a window everything, and then what changes until it hangs up. */
  async listen(response: ServerResponse): Promise<void> {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const version = this.#version;
    const [facts, spool] = await Promise.all([this.#commands.facts(), this.#commands.spool()]);
    write(response, "all", { transfers: this.#transfers.list(), facts, spool });
    this.#windows.add(response);
    // What changed while all this was gathered may be missing in it.
    if (version !== this.#version) this.#tellFacts();
    response.once("close", () => this.#windows.delete(response));
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    for (const stop of this.#stops) stop();
    for (const window of this.#windows) window.end();
  }

  #note(id: string): void {
    if (this.#windows.size === 0) return;
    this.#changed.add(id);
    this.#timer ??= setTimeout(() => void this.#tellChanges(), tellEveryMs);
  }

  async #tellChanges(): Promise<void> {
    const spool = await this.#commands.spool();
    this.#timer = undefined;
    const ids = [...this.#changed];
    this.#changed.clear();
    const changed = ids.flatMap((id) => this.#transfers.get(id) ?? []);
    const order = this.#transfers.list().map(({ id }) => id);
    this.#notify("changes", { changed, order, spool });
  }

  #tellFacts(): void {
    this.#version += 1;
    if (this.#windows.size > 0) void this.#commands.facts().then((facts) => this.#notify("facts", facts));
  }

  #notify<K extends keyof WindowEvents>(name: K, event: WindowEvents[K]): void {
    for (const window of this.#windows) write(window, name, event);
  }
}

function write<K extends keyof WindowEvents>(window: ServerResponse, name: K, event: WindowEvents[K]): void {
  window.write(`event: ${name}\ndata: ${JSON.stringify(event)}\n\n`);
}
