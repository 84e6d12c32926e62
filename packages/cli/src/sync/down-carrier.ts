/** Carries files from the server to this machine. */

import { mkdir, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { smallDownloadSize } from "@naru/client/node";
import { TransferError } from "@naru/core";
import { fetchFile, type GetContext } from "../get-file.ts";
import { isSameHere, setModified } from "../local-same.ts";
import type { Carried, Carrier, Outcomes } from "./carrier.ts";
import { JobPool } from "./job-pool.ts";
import { localPlace } from "./local-side.ts";
import type { SyncFile } from "./sync-side.ts";

export interface DownOptions {
  readonly root: string;
  readonly outcomes: Outcomes;
}

export function downCarrier(context: GetContext, { root, outcomes }: DownOptions): Carrier {
  const small = new JobPool(context.smallFilesAtOnce);
  const large = new JobPool(context.filesAtOnce);

  async function fetchTo(place: string, { file: { wire, size, modifiedMs }, there }: Carried): Promise<void> {
    if (wire === undefined) return;
    await mkdir(dirname(place), { recursive: true });
    // What was copied by other means has its own date: its bytes need not come again.
    const isSame = there?.size === size && (await isSameHere(context, wire, place));
    const received = isSame ? 0 : await fetchFile(context, wire, place);
    await setModified(place, modifiedMs);
    if (isSame) outcomes.provedSame(size);
    else outcomes.arrived(size, received);
  }

  return {
    nameOf: (to) => localPlace(root, to),
    async carry(carried) {
      const place = localPlace(root, carried.to);
      const pool = carried.file.size <= smallDownloadSize ? small : large;
      await pool.add(() => fetchTo(place, carried).catch((error: unknown) => outcomes.failed(place, error)));
    },
    async makeFolder(to) {
      await mkdir(localPlace(root, to), { recursive: true });
    },
    async remove(to, seen) {
      const place = localPlace(root, to);
      if (!seen.isFolder) await refuseChanged(place, seen.file);
      await rm(place, { recursive: seen.isFolder, force: true });
    },
    async finish() {
      await Promise.all([small.idle(), large.idle()]);
    },
  };
}

/** @throws {TransferError} `file-changed` for a file that is not the one that was seen */
async function refuseChanged(place: string, { size, modifiedMs }: SyncFile): Promise<void> {
  const facts = await stat(place).catch(() => undefined);
  if (facts === undefined || (facts.size === size && Math.trunc(facts.mtimeMs) === modifiedMs)) return;
  throw new TransferError("file-changed", `Cannot delete "${place}": it has changed during the sync`);
}
