/** Giving a row's file out of the engine's hands, to whoever carries it on: the desktop agent. */

import { TransferError } from "@naru/core";
import type { Row } from "./row.ts";
import type { RowBook } from "./row-book.ts";
import { fileOf } from "./row-file.ts";
import type { Lent } from "./transfers.ts";

/** Stop sending and give the file. @throws {TransferError} `not-found` without a row, `file-changed` when it cannot be read */
export async function lend(row: Row | undefined, book: Pick<RowBook, "changed">): Promise<Lent> {
  if (!row) throw new TransferError("not-found", "Cannot find the transfer in this tab");
  if (row.running) row.running.pause();
  else if (row.state === "waiting" || row.state === "checking") row.rest("paused");
  book.changed(row);
  return { path: row.path, file: await fileOf(row), upload: row.id };
}
