import { Catalogue, type CatalogueOptions } from "../catalogue/catalogue.ts";
import { FileEvents } from "../catalogue/file-events.ts";
import { memoryLocks } from "../locks/memory-locks.ts";
import { UploadLedger } from "./upload-ledger.ts";

export interface OpenedCatalogue {
  readonly ledger: UploadLedger;
  readonly catalogue: Catalogue;
}

type OpenOptions = Omit<CatalogueOptions, "events" | "uploads" | "locks"> & Partial<Pick<CatalogueOptions, "locks">>;

/** Put the catalogue and the record of uploads together over one database. */
export function openCatalogue({ locks = memoryLocks(), ...options }: OpenOptions): OpenedCatalogue {
  const { db, log, now } = options;
  const events = new FileEvents(db, { now, log });
  const ledger = new UploadLedger(db, { events, now });
  return { ledger, catalogue: new Catalogue({ ...options, locks, events, uploads: ledger }) };
}
