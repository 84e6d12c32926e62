/**
 * Decides what is sent when: small files in batches, large ones a few at once so that the tail of one overlaps the head
 * of the next, all under one budget of bytes and connections.
 *
 * @module
 */

import { type Budget, MiB, type StoredFile, TransferError, type WakeOptions } from "@naru/core";
import type { NaruApi } from "../api.ts";
import { systemClock } from "../clock.ts";
import { checkStoredPart } from "../verify-file.ts";
import type { Bandwidth } from "./bandwidth.ts";
import { BatchSender } from "./batch-sender.ts";
import type { HandOvers } from "./hand-overs.ts";
import type { Hasher } from "./hasher.ts";
import { partTransfer, type WayOfParts } from "./part-transfer.ts";
import { findRoute } from "./route.ts";
import { plainError, type Row } from "./row.ts";
import { fileOf } from "./row-file.ts";
import type { RowJournal } from "./row-journal.ts";
import type { RowStore } from "./row-store.ts";
import { mayBeThere, sameFile } from "./same-file.ts";
import { WaitingRows } from "./waiting-rows.ts";

const maxActive = 6;
/** Another file starts when those under way have less than this left to hand to the network. */
const nearTheEnd = 96 * MiB;
const askAgainMs = 2000;

export interface SendQueueOptions {
  readonly api: NaruApi;
  readonly hashes: Hasher;
  readonly rowStore: RowStore;
  readonly journal: Pick<RowJournal, "keep" | "mark" | "ended">;
  /** Rows that somebody else may take over. */
  readonly handOvers: Pick<HandOvers, "isTaken" | "take" | "listen">;
  readonly bandwidth: Bandwidth;
}

/** What the browser's connections carry, for all that is on its way. */
export interface Lane {
  readonly connections: number;
  readonly budget: Budget;
}

/** The rows of this tab on their way. */
export class SendQueue {
  /** Known once the server has answered. */
  readonly lane: Promise<Lane>;
  readonly #options: SendQueueOptions;
  readonly #batches: BatchSender;
  /** Each with its run, of which a row that was handed over and taken back has had another before. */
  readonly #active = new Map<Row, symbol>();
  /** Rows that wait for the server to answer, or to know us again. */
  readonly #stalled = new Set<Row>();
  /** Files that go by parts; until the route is known, all. */
  readonly #queue = new WaitingRows();
  #route: WayOfParts | undefined;
  #asking = false;
  #partSize: number | undefined;
  #open: (lane: Lane) => void = () => undefined;

  constructor(options: SendQueueOptions) {
    this.#options = options;
    this.lane = new Promise((resolve) => {
      this.#open = resolve;
    });
    const { api, hashes, rowStore, journal, handOvers, bandwidth } = options;
    handOvers.listen({ onMade: (row) => this.enqueue(row), onTaken: (row) => this.#release(row) });
    this.#batches = new BatchSender({
      api,
      hashes,
      fileOf,
      pass: (bytes) => bandwidth.pass(bytes),
      onChange: (row) => rowStore.changed(row),
      onHashed: (rows) => journal.mark(rows),
      onSent: (bytes) => rowStore.sent(bytes),
      onDone: (done) => {
        for (const { file, row } of done) rowStore.arrived(file, row);
        void journal.ended(done.map(({ row }) => row));
      },
      onFailed: (row, error) => this.#batchFailed(row, error),
    });
  }

  /** Send a row when its turn comes. */
  enqueue(row: Row): void {
    row.rest("waiting");
    this.#options.rowStore.changed(row);
    this.#place(row);
    this.kick();
  }

  /** Rows have another `order` than before: whose turn it is may have changed. */
  reorder(): void {
    this.#queue.reorder();
    this.#batches.reorder();
  }

  /** The line may be back, or the computer awake again. */
  wake({ reconnect = false }: WakeOptions = {}): void {
    for (const row of this.#active.keys()) row.running?.wake({ reconnect });
    if (reconnect) this.#batches.reconnect();
    if (this.#stalled.size > 0 || !this.#route) void this.#askServer();
  }

  /** A row is sent from here no more: what its run still does is not the row's, and others may have its turn. */
  #release(row: Row): void {
    this.#active.delete(row);
    this.kick();
  }

  /** Look for something to start. */
  kick(): void {
    if (!this.#route) {
      void this.#askServer();
      return;
    }
    while (this.#hasRoom() && this.#queue.peek() !== undefined) {
      const row = this.#queue.shift();
      // Never rejects: failures go to the row.
      if (row) void this.#run(row, this.#route);
    }
  }

  #place(row: Row): void {
    const { batchMaxSize = Number.NEGATIVE_INFINITY } = this.#route ?? {};
    if (batchMaxSize === 0 || row.size > batchMaxSize || row.alone || row.id !== undefined) this.#queue.push(row);
    else this.#batches.push(row);
  }

  /** Small files go in batches, now that it is known which are small. */
  #sortOut(): void {
    const rows: Row[] = [];
    for (let row = this.#queue.shift(); row !== undefined; row = this.#queue.shift()) rows.push(row);
    for (const row of rows) this.#place(row);
  }

  #hasRoom(): boolean {
    const going = [...this.#active.keys()].filter(({ state, elsewhere }) => state !== "paused" && !elsewhere);
    const left = going.reduce((sum, { size, confirmed, inFlight }) => sum + size - confirmed - inFlight, 0);
    return going.length < maxActive && left < nearTheEnd;
  }

  async #run(row: Row, route: WayOfParts): Promise<void> {
    const { rowStore, journal } = this.#options;
    const run = Symbol(row.key);
    this.#active.set(row, run);
    row.rest("checking");
    row.route = route.kind;
    rowStore.changed(row);
    try {
      if (await this.#options.handOvers.isTaken(row)) return;
      const file = await fileOf(row);
      await this.#verify(row, file);
      if (row.state !== "checking") return;
      const known = mayBeThere(row) ? await this.#known(row, file) : undefined;
      if (row.state !== "checking") return;
      const stored = known ?? (await this.#transfer(row, file, route));
      row.arrivedAs = stored.path;
      row.same = known !== undefined && !row.returned;
      row.rest("done");
      row.confirmed = row.size;
      rowStore.arrived(stored, row);
      void journal.ended([row]);
    } catch (error) {
      if (this.#active.get(row) === run) this.#failed(row, error);
    } finally {
      if (this.#active.get(row) === run) {
        row.running = undefined;
        this.#active.delete(row);
      }
      rowStore.changed(row);
      this.kick();
    }
  }

  /** Compare the file with a part that the store holds, once, before a byte of a resumed upload is sent. */
  async #verify(row: Row, file: File): Promise<void> {
    const { api, hashes, rowStore } = this.#options;
    if (row.id === undefined || row.verified) return;
    try {
      const upload = await api.get(row.id);
      row.applyServer(upload);
      if (!upload.direct) row.route = "proxy";
      rowStore.changed(row);
      await checkStoredPart(row, file, upload, (body) => hashes.digest(body));
    } catch (error) {
      // The old upload is gone: its file arrived, or a new upload is made.
      if (!(error instanceof TransferError && error.code === "not-found")) throw error;
      row.id = undefined;
    }
    row.verified = true;
  }

  #known(row: Row, file: File): Promise<StoredFile | undefined> {
    const { api, hashes } = this.#options;
    return sameFile(row, file, { api, digest: (piece) => hashes.digest(piece) });
  }

  async #transfer(row: Row, file: File, route: WayOfParts): Promise<StoredFile> {
    const { api, hashes, rowStore, journal, bandwidth } = this.#options;
    const transfer = partTransfer(row, file, {
      api,
      hashes,
      route,
      bandwidth,
      onCreated: (created) => journal.keep([created]),
      partSize: least(this.#partSize, bandwidth.partSize),
      onPartSize: (partSize) => {
        this.#partSize = Math.min(partSize, this.#partSize ?? partSize);
      },
      onProgress: (progress) => {
        rowStore.sent(progress.bytesSent - row.bytesSent);
        route.places.sent(progress.bytesSent - row.bytesSent);
        row.bytesSent = progress.bytesSent;
        // What is still told of a run that was given up is not the row's any more.
        if (row.elsewhere || row.running !== transfer.running) return;
        const before = row.state;
        row.apply(progress);
        rowStore.changed(row);
        // A paused or nearly sent file leaves room for the next one.
        if (before !== row.state || this.#hasRoom()) this.kick();
      },
    });
    row.running = transfer.running;
    row.bytesSent = 0;
    return transfer.run();
  }

  #batchFailed(row: Row, error: unknown): void {
    const known = error instanceof TransferError ? error : undefined;
    const alone =
      known?.code === "unsupported" ||
      known?.code === "proxy-limit" ||
      (known?.retryable === true && known.code !== "unreachable");
    if (!alone) this.#failed(row, error);
    else {
      row.alone = true;
      this.enqueue(row);
    }
  }

  #failed(row: Row, error: unknown): void {
    const { rowStore } = this.#options;
    if (row.state === "cancelled") return;
    const failure = plainError(error);
    if (failure.code === "superseded" && this.#options.handOvers.take(row)) return;
    if (failure.code === "unauthenticated" || failure.code === "unreachable") {
      row.rest(failure.code === "unauthenticated" ? "paused" : "offline", { error: failure });
      this.#stalled.add(row);
      setTimeout(() => void this.#askServer(), askAgainMs);
    } else if (failure.code === "file-changed" && row.state === "needs-file") {
      row.rest("needs-file", { error: failure, needs: row.needs });
    } else {
      row.rest("failed", { error: failure });
    }
    rowStore.changed(row);
  }

  /** The server is asked other things too: what batches and other tabs send there leaves less for parts. */
  #through(beside: number): number {
    const { isLimited, tabs } = this.#options.bandwidth;
    return isLimited || tabs > 1 ? 0 : beside - this.#batches.running;
  }

  /** Find the route, and whether we may go on; ask again until both are known. */
  async #askServer(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    const { api, rowStore } = this.#options;
    try {
      if (this.#route) await api.session({ probe: false });
      else {
        const [route, { UploadPlaces }] = await Promise.all([findRoute(api), import("./upload-places.ts")]);
        const { connections: straight, beside } = route;
        const places = new UploadPlaces({ clock: systemClock, straight, through: () => this.#through(beside) });
        this.#route = { ...route, places };
        this.#open({ connections: route.connections, budget: places.others });
        rowStore.fallback = this.#route.fallback;
        this.#sortOut();
      }
      const stalled = [...this.#stalled];
      this.#stalled.clear();
      for (const row of stalled) if (row.state === "paused" || row.state === "offline") this.enqueue(row);
      this.#asking = false;
      this.kick();
    } catch {
      this.#asking = false;
      setTimeout(() => void this.#askServer(), askAgainMs);
    }
  }
}

function least(...sizes: readonly (number | undefined)[]): number | undefined {
  const known = sizes.filter((size) => size !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
