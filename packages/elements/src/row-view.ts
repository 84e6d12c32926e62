import type { TransferRow } from "@naru/client/browser";
import type { FailureCode } from "@naru/core";
import type { Format } from "./language/format.ts";
import type { TransfersDictionary } from "./language/transfers-words.ts";

/** The buttons that rows of both directions have. */
export type ButtonAction = "pause" | "resume" | "cancel" | "retry" | "choose" | "agent" | "menu";
/** What a row's buttons do. */
export type RowAction = ButtonAction | "browser" | "save" | "copy-code";

/** What it takes to draw a row. */
export interface RowView {
  readonly row: TransferRow;
  readonly top: number;
  /** Its place in the whole list, which the page holds only a window of. */
  readonly position: number;
  readonly count: number;
  readonly t: TransfersDictionary;
  readonly format: Format;
  /** The path of the group that it is shown in. */
  readonly within?: string | undefined;
  /** Whether there is another place in the queue for it. */
  readonly canMove?: boolean;
  /** Whether the page has a place for files, to which rows lead. */
  readonly opens: boolean;
  /** Why the file that was just chosen for it was refused. */
  readonly refused: FailureCode | undefined;
  readonly act: (action: RowAction, row: TransferRow) => void;
}
