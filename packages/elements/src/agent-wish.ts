import type { TransferRow } from "@naru/client/browser";
import type { TicketWish } from "@naru/core";

/** What a ticket is wanted for. An upload that exists goes on; a file without one begins. */
export function agentWish({ size, type, lastModified }: File, path: string, upload: string | undefined): TicketWish {
  if (upload !== undefined) return { upload };
  const modified = new Date(lastModified).toISOString();
  return { file: { path, size, type: type === "" ? undefined : type, modified, conflict: "rename" } };
}

/** Whether the page has the bytes of a row. */
export function hasFile({ state }: Pick<TransferRow, "state">): boolean {
  return state !== "needs-file";
}
