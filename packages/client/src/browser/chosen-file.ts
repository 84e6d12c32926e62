/** Whether a file that is chosen again is the one that a row began with. */

import { isTransferError } from "@naru/core";
import type { NaruApi } from "../api.ts";
import { checkFacts, checkStoredPart } from "../verify-file.ts";
import type { Hasher } from "./hasher.ts";
import type { Row } from "./row.ts";
import type { Incoming } from "./transfers.ts";

export interface ChosenFileContext {
  readonly api: NaruApi;
  readonly hashes: Hasher;
}

/** Let a row have a file, if it is the right one. @throws {TransferError} `file-changed` */
export async function giveFile(
  row: Row,
  { file, handle }: Pick<Incoming, "file" | "handle">,
  context: ChosenFileContext,
): Promise<void> {
  checkFacts(row, file);
  if (row.id !== undefined) await checkContent(row, row.id, file, context);
  row.verified = true;
  row.file = file;
  row.handle = handle;
  row.lastModified = file.lastModified;
}

/** Tell whether a row took a file. */
export function takesFile(row: Row, incoming: Incoming, context: ChosenFileContext): Promise<boolean> {
  return giveFile(row, incoming, context).then(
    () => true,
    () => false,
  );
}

/** A row that waits for its file, or one that arrived before a reload: if it is chosen again, it is looked for once more. */
export function wantsFile({ state, needs, returned, direction }: Row): boolean {
  if (direction === "down") return false;
  if (state === "done") return returned;
  return state === "needs-file" && needs !== "sender";
}

async function checkContent(row: Row, id: string, file: File, { api, hashes }: ChosenFileContext): Promise<void> {
  try {
    const upload = await api.get(id);
    row.applyServer(upload);
    await checkStoredPart(row, file, upload, (body) => hashes.digest(body));
  } catch (error) {
    // An upload that is gone begins anew, unless its file has arrived.
    if (!isTransferError(error) || error.code !== "not-found") throw error;
    row.id = undefined;
  }
}
