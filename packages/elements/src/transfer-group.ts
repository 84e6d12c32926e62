import type { TransferRow } from "@naru/client/browser";
import { RowTally } from "./row-tally.ts";

/** Fewer files than this, of no folder, are rows of their own. */
const leastFiles = 5;
/** A group of at most so many files begins unfolded. */
const unfoldedFiles = 10;

/** The rows of files that were chosen or dropped together. */
export class TransferGroup {
  readonly id: string;
  /** The folder that they are sent to; unknown of what an older page began. */
  readonly to: string | undefined;
  readonly rows: Map<string, TransferRow> = new Map();
  readonly tally: RowTally = new RowTally();
  /** The one folder in which all of them lie; `null` when there is none. */
  #folder: string | null | undefined;

  constructor({ id, to }: { readonly id: string; readonly to?: string | undefined }) {
    this.id = id;
    this.to = to;
  }

  put(row: TransferRow, before: TransferRow | undefined): void {
    if (before === undefined) this.#look(row);
    else this.tally.remove(before);
    this.tally.add(row);
    this.rows.set(row.key, row);
  }

  remove(row: TransferRow): void {
    if (this.rows.delete(row.key)) this.tally.remove(row);
  }

  /** The name of the folder that was chosen, if it was one. */
  get folder(): string | undefined {
    return this.#folder ?? undefined;
  }

  /** Where the files go: "a/b/" with the folder that was chosen. */
  get path(): string {
    return `${this.to ?? ""}${this.folder === undefined ? "" : `${this.folder}/`}`;
  }

  /** Whether it is shown as one row. */
  get isOne(): boolean {
    return this.rows.size >= (this.folder === undefined ? leastFiles : 2);
  }

  /** Whether it begins unfolded. */
  get isSmall(): boolean {
    return this.rows.size <= unfoldedFiles;
  }

  /** Its place in the queue. */
  get order(): number {
    const [first] = this.rows.values();
    return first?.order ?? 0;
  }

  #look({ path }: TransferRow): void {
    if (this.#folder === null) return;
    const own = path.slice(this.to?.length ?? 0);
    const slash = own.indexOf("/");
    const folder = this.to === undefined || slash <= 0 ? null : own.slice(0, slash);
    this.#folder = this.#folder === undefined || this.#folder === folder ? folder : null;
  }
}

/** Tell the groups of a list from its rows. */
export function isGroup(item: TransferRow | TransferGroup): item is TransferGroup {
  return item instanceof TransferGroup;
}
