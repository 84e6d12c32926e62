/** One large file through the engine: by parts, on the route that was found. */

import { type Progress, type StoredFile, Transfer, type Upload } from "@naru/core";
import type { NaruApi } from "../api.ts";
import { systemClock } from "../clock.ts";
import { directStore, type SecondWay } from "../direct-store.ts";
import { httpStore } from "../http-store.ts";
import { RemoteUpload } from "../remote-upload.ts";
import type { SendBytes } from "../send.ts";
import type { Bandwidth } from "./bandwidth.ts";
import type { Hasher } from "./hasher.ts";
import type { Route } from "./route.ts";
import { policyOf, type Row, type Running } from "./row.ts";
import type { UploadPlaces } from "./upload-places.ts";
import { xhrSend } from "./xhr-send.ts";

/** The route that was found, with its connections. */
export interface WayOfParts extends Route {
  readonly places: UploadPlaces;
}

export interface PartTransferOptions {
  readonly api: NaruApi;
  readonly hashes: Hasher;
  readonly route: WayOfParts;
  readonly bandwidth: Bandwidth;
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
  { api, hashes, route, bandwidth, onCreated, onProgress, partSize, onPartSize }: PartTransferOptions,
): { readonly running: Running; run(): Promise<StoredFile> } {
  const { places } = route;
  const options = { send: counted(xhrSend, row), limits: route.limits, conflict: policyOf(row) };
  const onProxied = (): void => {
    row.route = "proxy";
  };
  const store =
    row.route === "direct"
      ? directStore(api, { ...options, second: noted(places, row), onProxied })
      : httpStore(api, options);
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
    budget: bandwidth.around({
      take: (bytes, how) => (row.route === "proxy" ? places.others : places.uploads).take(bytes, how),
    }),
    maxConcurrency: route.connections + (row.route === "direct" ? route.beside : 0),
    probe: (options) => api.alive(options),
    onUpload,
    onProgress,
  });
  return { running: transfer, run: () => transfer.run() };
}

/** The row shows how many of its parts are on their way. */
function counted(send: SendBytes, row: Row): SendBytes {
  return async (request) => {
    row.connections += 1;
    try {
      return await send(request);
    } finally {
      row.connections -= 1;
    }
  };
}

/** The row shows that its parts go by both routes. */
function noted(second: SecondWay, row: Row): SecondWay {
  return {
    enter: () => {
      const leave = second.enter();
      if (leave !== undefined) row.route = "both";
      return leave;
    },
  };
}
