/** Giving a row's file out of the engine's hands, to whoever carries it on: the desktop agent. */

import { TransferError } from "@naru/core";
import type { Row } from "./row.ts";
import { fileOf } from "./row-file.ts";
import type { RowStore } from "./row-store.ts";
import type { HandedOver } from "./transfers.ts";

/** Stop sending and give the file. @throws {TransferError} `not-found` without a row, `file-changed` when it cannot be read */
export async function handOverFile(row: Row | undefined, rowStore: Pick<RowStore, "changed">): Promise<HandedOver> {
  if (!row) throw new TransferError("not-found", "Cannot find the transfer in this tab");
  if (row.running) row.running.pause();
  else if (row.state === "waiting" || row.state === "checking") row.rest("paused");
  rowStore.changed(row);
  return { path: row.path, file: await fileOf(row), upload: row.id };
}
