/** One large file through the engine: by parts, on the route that was found. */

import { type Budget, type Progress, type StoredFile, Transfer, type Upload } from "@naru/core";
import type { NaruApi } from "../api.ts";
import { systemClock } from "../clock.ts";
import { directStore } from "../direct-store.ts";
import { httpStore } from "../http-store.ts";
import { RemoteUpload } from "../remote-upload.ts";
import type { Hasher } from "./hasher.ts";
import type { Route } from "./route.ts";
import { policyOf, type Row, type Running } from "./row.ts";
import { xhrSend } from "./xhr-send.ts";

export interface PartTransferOptions {
  readonly api: NaruApi;
  readonly hashes: Hasher;
  readonly route: Route;
  readonly budget: Budget;
  readonly onCreated: (row: Row) => Promise<void>;
  readonly onProgress: (progress: Progress) => void;
  /** The size of parts that a proxy was found to let through. */
  readonly partSize: number | undefined;
  readonly onPartSize: (partSize: number) => void;
}

/** Make the transfer of a row; it begins with `run`. */
export function partTransfer(
  row: Row,
  file: File,
  { api, hashes, route, budget, onCreated, onProgress, partSize, onPartSize }: PartTransferOptions,
): { readonly running: Running; run(): Promise<StoredFile> } {
  const open = row.route === "direct" ? directStore : httpStore;
  const store = open(api, { send: xhrSend, limits: route.limits, conflict: policyOf(row) });
  let begun = false;
  const onUpload = async (upload: Upload): Promise<void> => {
    if (upload instanceof RemoteUpload) row.epoch = upload.epoch;
    if (upload.id === row.id) return;
    // Made once more, it has parts that are smaller than those that were refused.
    if (begun && upload.spec.partSize !== undefined) onPartSize(upload.spec.partSize);
    begun = true;
    row.id = upload.id;
    if (upload instanceof RemoteUpload) row.expires = upload.expires;
    await onCreated(row);
  };
  const spec = {
    path: row.path,
    size: file.size,
    partSize,
    type: file.type === "" ? undefined : file.type,
    modified: new Date(file.lastModified),
  };
  const transfer = new Transfer(file, store, spec, {
    clock: systemClock,
    random: Math.random,
    digest: (body, options) => hashes.digest(body, options),
    resume: row.id,
    budget,
    maxConcurrency: route.connections,
    probe: (options) => api.alive(options),
    onUpload,
    onProgress,
  });
  return { running: transfer, run: () => transfer.run() };
}
