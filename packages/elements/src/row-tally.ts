import type { TransferRow } from "@naru/client/browser";

type State = TransferRow["state"];

/** What rows come to together, kept up to date row by row: of 100,000 only what changes is looked at. */
export class RowTally {
  readonly #states = new Map<State, number>();
  #speed = 0;
  size = 0;
  confirmed = 0;
  inFlight = 0;
  /** Rows that another tab or the agent sends. */
  elsewhere = 0;
  /** Rows that resume as soon as the browser may read their files. */
  readonly asking: Set<string> = new Set();
  /** When the server forgets the unfinished ones. */
  readonly expiring: Map<string, Date> = new Map();
  /** Rows that need their files, or leave to read them: what an earlier visit left unfinished. */
  readonly unfinished: Set<string> = new Set();
  unfinishedSize = 0;
  unfinishedConfirmed = 0;

  add(row: TransferRow): void {
    this.#count(row, 1);
    if (isUnfinished(row)) this.unfinished.add(row.key);
    if (row.needs === "permission" && !row.elsewhere) this.asking.add(row.key);
    if (row.expires !== undefined && row.state !== "done" && row.state !== "cancelled")
      this.expiring.set(row.key, row.expires);
  }

  remove(row: TransferRow): void {
    this.#count(row, -1);
    this.asking.delete(row.key);
    this.unfinished.delete(row.key);
    this.expiring.delete(row.key);
  }

  /** How many rows are in one of these states. */
  count(...states: readonly State[]): number {
    return states.reduce((sum, state) => sum + (this.#states.get(state) ?? 0), 0);
  }

  /** Bytes per second. */
  get speed(): number {
    // What is left of sums of fractions is no speed.
    return this.count("uploading", "downloading") === 0 ? 0 : Math.max(0, this.#speed);
  }

  /** How long it will take at this speed. */
  get secondsLeft(): number | undefined {
    const left = this.size - this.confirmed;
    return this.speed > 0 && left > 0 ? left / this.speed : undefined;
  }

  #count(row: TransferRow, by: 1 | -1): void {
    const { state, size, confirmed, inFlight, speed } = row;
    this.#states.set(state, (this.#states.get(state) ?? 0) + by);
    // What was cancelled is no part of any progress.
    if (state === "cancelled") return;
    this.size += by * size;
    this.confirmed += by * confirmed;
    // What was on its way when a transfer stopped is sent again.
    if (state === "uploading" || state === "downloading") {
      this.inFlight += by * inFlight;
      this.#speed += by * speed;
    }
    if (row.elsewhere && state !== "done") this.elsewhere += by;
    if (!isUnfinished(row)) return;
    this.unfinishedSize += by * size;
    this.unfinishedConfirmed += by * confirmed;
  }
}

function isUnfinished({ state, needs, elsewhere, direction }: TransferRow): boolean {
  return state === "needs-file" && needs !== "sender" && !elsewhere && direction !== "down";
}
