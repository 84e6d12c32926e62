import { isTransferError } from "@naru/core";
import type { NaruApi } from "../../api.ts";

/** Remove a folder of an experiment with all that is in it, and end what is being sent to it; nothing is fine. @throws {TransferError} */
export async function removeSent(api: NaruApi, folder: string): Promise<void> {
  // The server knows of an upload whose making was stopped, too.
  for (const { id, path } of await api.mine()) if (path.startsWith(`${folder}/`)) await orNothing(api.abort(id));
  await orNothing(api.removeFolder(folder, { recursive: true }));
}

async function orNothing(removal: Promise<void>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (!isTransferError(error) || error.code !== "not-found") throw error;
  }
}
