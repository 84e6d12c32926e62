/** A store that is examined by what every store can do, where its kind lends nothing of its own. */

import { randomBytes } from "node:crypto";
import type { PutOptions } from "@naru/core";
import type { ServedStore } from "../../served-store.ts";
import type { Check, ExaminedFor } from "../check.ts";
import { isMarker, markerName, markerText, usualStaleMs } from "../marker.ts";

const root = ".naru/doctor-";

/** What these checks work with. */
export interface ContractTrial extends ExaminedFor {
  readonly store: ServedStore;
  readonly workspace: ContractWorkspace;
}

export type ContractCheck = Check<ContractTrial>;

/** Where they write: below one hidden folder, which is empty again at the end. */
export class ContractWorkspace {
  readonly #store: ServedStore;
  #isBegun = false;
  readonly folder: string;

  constructor(store: ServedStore, folder = `${root}${randomBytes(8).toString("hex")}/`) {
    this.#store = store;
    this.folder = folder;
  }

  path(name: string): string {
    return this.folder + name;
  }

  async begin(signal: AbortSignal): Promise<void> {
    this.#isBegun = true;
    await this.put(markerName, markerText(Date.now()), signal);
  }

  async put(name: string, text: string, signal: AbortSignal, { onlyNew }: PutOptions = {}): Promise<void> {
    await this.#store.putFile?.({ path: this.path(name) }, new Blob([text]), { onlyNew, signal });
  }

  async text(name: string, signal: AbortSignal): Promise<string> {
    return new Response(await this.#store.read(this.path(name), { signal })).text();
  }

  /** The marker last: what is removed by half is still known as ours. */
  async clean(signal: AbortSignal): Promise<boolean> {
    if (!this.#isBegun) return true;
    const { files } = await this.#store.list({ prefix: this.folder, signal });
    const marker = this.path(markerName);
    for (const { path } of files) if (path !== marker) await this.#store.remove(path, { signal });
    await this.#store.remove(marker, { signal });
    return true;
  }

  /** Remove what examinations left that were killed long ago. */
  static async cleanOld(store: ServedStore, signal: AbortSignal, staleMs: number = usualStaleMs): Promise<void> {
    const { folders } = await store.list({ prefix: root, delimiter: "/", signal });
    for (const folder of folders) {
      const old = new ContractWorkspace(store, folder);
      const marker = await store.stat(old.path(markerName), { signal });
      if (marker === undefined || Date.now() - marker.modified.getTime() < staleMs) continue;
      if (!isMarker(await old.text(markerName, signal))) continue;
      old.#isBegun = true;
      await old.clean(signal);
    }
  }
}
