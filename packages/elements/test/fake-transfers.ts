import type { GroupVerb, HandedOver, Incoming, Tick, Totals, TransferRow, Transfers } from "@naru/client/browser";
import type { StoredFile } from "@naru/core";
import { TransferHistory } from "../../client/src/browser/history.ts";

/** Transfers that go nowhere, for looking at the page in every state (`demo.html`). */
export class FakeTransfers implements Transfers {
  readonly #rows = new Map<string, TransferRow>();
  readonly #listeners = new Set<(tick: Tick) => void>();
  readonly #timer: ReturnType<typeof setInterval>;
  #next = 1;

  constructor(rows: readonly Partial<TransferRow>[], { moving = true }: { moving?: boolean } = {}) {
    for (const row of rows) this.#put(row);
    this.#timer = setInterval(() => moving && this.#step(), 250);
  }

  async add(files: Iterable<Incoming> | AsyncIterable<Incoming>, { to }: { readonly to: string }): Promise<void> {
    const rows: TransferRow[] = [];
    for await (const { path, file } of files) {
      rows.push(this.#put({ path: to + path, name: file.name, size: file.size, state: "waiting" }));
    }
    this.#tell(rows);
  }

  async download(paths: readonly string[]): Promise<void> {
    const rows = paths.map((path) => {
      const name = path.slice(path.lastIndexOf("/") + 1);
      return this.#put({ path, name, size: 1e9, state: "downloading", direction: "down" });
    });
    this.#tell(rows);
  }

  async save(): Promise<void> {}

  async listed(): Promise<void> {}

  pause(key: string): void {
    this.#change(key, { state: "paused", speed: 0, inFlight: 0 });
  }

  pauseAll(): void {
    for (const { key, state } of this.#rows.values()) if (state === "uploading" || state === "waiting") this.pause(key);
  }

  resumeAll(): void {
    for (const { key, state } of this.#rows.values()) if (state === "paused") void this.resume(key);
  }

  async resume(key: string): Promise<void> {
    this.#change(key, { state: "uploading", error: undefined, needs: undefined, speed: 40e6 });
  }

  async retry(key: string): Promise<void> {
    await this.resume(key);
  }

  retryAll(): void {
    for (const { key, state } of this.#rows.values()) if (state === "failed") void this.retry(key);
  }

  limit: number | undefined;

  setLimit(bytesPerSecond: number | undefined): void {
    this.limit = bytesPerSecond;
  }

  async cancel(key: string): Promise<void> {
    this.#change(key, { state: "cancelled", speed: 0, inFlight: 0 });
  }

  async withGroup(group: string, verb: GroupVerb): Promise<void> {
    for (const { key, state } of [...this.#rows.values()].filter((row) => row.group?.id === group)) {
      if (verb === "cancel" && state !== "done") await this.cancel(key);
      else if (verb === "pause" && (state === "uploading" || state === "waiting")) this.pause(key);
      else if (verb === "resume" && state === "paused") await this.resume(key);
      else if (verb === "retry" && state === "failed") await this.retry(key);
    }
  }

  async move(unit: string, order: number): Promise<void> {
    for (const { key } of [...this.#rows.values()].filter((row) => row.key === unit || row.group?.id === unit)) {
      this.#change(key, { order });
    }
  }

  async chooseAll(): Promise<number> {
    const waiting = [...this.#rows.values()].filter(({ state }) => state === "needs-file");
    for (const { key } of waiting) await this.resume(key);
    return waiting.length;
  }

  async handOverFile(key: string): Promise<HandedOver> {
    return { path: key, file: new File([], key) };
  }

  async handOverUpload(key: string): Promise<string | undefined> {
    return this.#rows.get(key)?.id;
  }

  async takeBack(key: string): Promise<void> {
    this.#change(key, { elsewhere: false, taken: false });
  }

  async release(): Promise<void> {}

  async choose(key: string): Promise<void> {
    await this.resume(key);
  }

  clear(): void {
    const removed = [...this.#rows.values()].filter(({ state }) => state === "done" || state === "cancelled");
    for (const { key } of removed) this.#rows.delete(key);
    this.#tell(
      [],
      removed.map(({ key }) => key),
    );
  }

  history(): Promise<TransferHistory> {
    return TransferHistory.open("demo");
  }

  subscribe(listener: (tick: Tick) => void): () => void {
    this.#listeners.add(listener);
    listener({ rows: [...this.#rows.values()], removed: [], totals: this.#totals(), arrived: [] });
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #step(): void {
    const arrived: StoredFile[] = [];
    const changed = [...this.#rows.values()]
      .filter(({ state, elsewhere }) => state === "uploading" && !elsewhere)
      .slice(0, 6)
      .map((row) => {
        const confirmed = Math.min(row.size, row.confirmed + row.speed / 4);
        const done = confirmed === row.size;
        const next: TransferRow = {
          ...row,
          confirmed,
          state: done ? "done" : "uploading",
          inFlight: done ? 0 : row.inFlight,
        };
        this.#rows.set(row.key, next);
        if (done) arrived.push({ path: row.path, size: row.size, etag: "e", modified: new Date() });
        return next;
      });
    this.#tell(changed, [], arrived);
  }

  #put(row: Partial<TransferRow>): TransferRow {
    const order = this.#next++;
    const key = `t${order}`;
    const path = row.path ?? row.name ?? key;
    const made: TransferRow = {
      key,
      id: `up-${key}`,
      path,
      name: path.split("/").at(-1) ?? path,
      size: 1e9,
      state: "uploading",
      confirmed: 0,
      inFlight: 0,
      speed: 0,
      elsewhere: false,
      order,
      ...row,
    };
    this.#rows.set(key, made);
    return made;
  }

  #change(key: string, change: Partial<TransferRow>): void {
    const row = this.#rows.get(key);
    if (row === undefined) return;
    const next = { ...row, ...change };
    this.#rows.set(key, next);
    this.#tell([next]);
  }

  #tell(rows: readonly TransferRow[], removed: readonly string[] = [], arrived: readonly StoredFile[] = []): void {
    const tick = { rows, removed, arrived, totals: this.#totals() };
    for (const listener of this.#listeners) listener(tick);
  }

  #totals(): Totals {
    const rows = [...this.#rows.values()].filter(({ state }) => state !== "cancelled");
    const sum = (of: (row: TransferRow) => number): number => rows.reduce((all, row) => all + of(row), 0);
    const count = (...states: TransferRow["state"][]): number =>
      rows.filter(({ state }) => states.includes(state)).length;
    const [size, confirmed, speed] = [sum((row) => row.size), sum((row) => row.confirmed), sum((row) => row.speed)];
    const active = count("uploading", "checking", "scanning", "offline", "verifying");
    return {
      active,
      waiting: count("waiting", "paused"),
      done: count("done"),
      failed: count("failed"),
      needsFile: count("needs-file"),
      size,
      confirmed,
      inFlight: sum((row) => row.inFlight),
      speed,
      secondsLeft: speed > 0 ? (size - confirmed) / speed : undefined,
      elsewhere: 0,
      mayClose: active === 0,
    };
  }
}
