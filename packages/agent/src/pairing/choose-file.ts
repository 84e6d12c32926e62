/** A page of a paired server that lacks its file has this computer's user choose it. */

import { TransferError } from "@naru/core";
import type { Desktop } from "../window/desktop.ts";
import { type OpenLinkOptions, openTicket } from "./open-link.ts";
import type { PairedServer } from "./paired-servers.ts";

export interface ChooseFileOptions extends Omit<OpenLinkOptions, "servers"> {
  readonly pickFiles: Desktop["pickFiles"];
}

/** Sends the file that the user chooses for a ticket, if any. */
export type ChooseFile = (ticket: string, server: PairedServer) => Promise<void>;

/** Make the asking: one dialog at a time, so that no page can cover the screen. */
export function fileChooser({ pickFiles, ...options }: ChooseFileOptions): ChooseFile {
  let isAsking = false;
  return async (ticket, server) => {
    if (isAsking) throw new TransferError("conflict", "Cannot ask for a file: another is being asked for");
    isAsking = true;
    try {
      const { origin, place, send } = await openTicket(ticket, server, options);
      const chosen = await pickFiles({ title: `${origin}/${place}`, multiple: false });
      if (chosen === undefined) {
        throw new TransferError("unavailable", "Cannot ask for a file: this computer has no dialog that chooses files");
      }
      const [file] = chosen;
      if (file !== undefined) await send(file);
    } finally {
      isAsking = false;
    }
  };
}
