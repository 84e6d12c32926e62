/** A process that ends while its store works: its calls never return, and another takes over its database. */

import type { Files, Store, Upload } from "@naru/core";
import type { Catalogue, CatalogueOptions } from "../../src/catalogue/catalogue.ts";
import type { FileEvent } from "../../src/catalogue/file-events.ts";
import { type Database, openDatabase } from "../../src/database/database.ts";
import { silentLog } from "../../src/logger.ts";
import { openCatalogue } from "../../src/uploads/open-catalogue.ts";

export interface Started extends AsyncDisposable {
  readonly db: Database;
  readonly catalogue: Catalogue;
  events(): Promise<readonly FileEvent[]>;
}

/** Begin a process over a store; `db` is that of an earlier one. */
export function startOver(
  store: Store & Files,
  given?: Database,
  more: Pick<CatalogueOptions, "bins"> & Partial<Pick<CatalogueOptions, "now">> = {},
): Started {
  const db = given ?? openDatabase(":memory:");
  const { catalogue } = openCatalogue({ store, db, now: Date.now, log: silentLog(), ...more });
  return {
    db,
    catalogue,
    events: () => catalogue.events.since(0),
    [Symbol.asyncDispose]: () => db.destroy(),
  };
}

/** Let the `step`th call that changes what is to be seen at the store never return, `after` it was done, or before; nor those after it. */
export function stuckStore(
  store: Store & Files,
  { after, step = 1 }: { readonly after: boolean; readonly step?: number },
) {
  const reached = Promise.withResolvers<void>();
  let left = step;
  const stick = <A extends unknown[], R>(work: (...args: A) => Promise<R>): ((...args: A) => Promise<R>) => {
    return async (...args) => {
      left -= 1;
      if (left > 0) return work(...args);
      if (after && left === 0) await work(...args);
      reached.resolve();
      return new Promise<never>(() => undefined);
    };
  };
  const uploads = (upload: Upload): Upload => {
    upload.complete = stick(upload.complete.bind(upload));
    return upload;
  };
  const { copy, folders, putFile } = store;
  const stuck: Store & Files = {
    direct: store.direct,
    limitsFor: (path) => store.limitsFor(path),
    stat: (...args) => store.stat(...args),
    list: (...args) => store.list(...args),
    read: (...args) => store.read(...args),
    create: async (...args) => uploads(await store.create(...args)),
    resume: (...args) => store.resume(...args),
    move: stick(store.move.bind(store)),
    remove: stick(store.remove.bind(store)),
    ...(copy && { copy: stick(copy.bind(store)) }),
    ...(putFile && { putFile: stick(putFile.bind(store)) }),
    ...(folders && {
      folders: {
        has: (path) => folders.has(path),
        make: stick((path) => folders.make(path)),
        remove: stick((path) => folders.remove(path)),
      },
    }),
  };
  return { store: stuck, reached: reached.promise };
}

export function plainEvent({ kind, path }: FileEvent): string {
  return `${kind} ${path}`;
}
