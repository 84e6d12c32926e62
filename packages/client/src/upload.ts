/**
 * The public way to send one file: choose the route, run the engine.
 *
 * @module
 */

import {
  type Abortable,
  type Budget,
  type Clock,
  type ConflictPolicy,
  type DigestPart,
  type Progress,
  type Source,
  type Store,
  type StoredFile,
  Transfer,
  TransferError,
  type Upload,
  type WireStoreInfo,
} from "@naru/core";
import type { NaruApi } from "./api.ts";
import { systemClock } from "./clock.ts";
import { type DirectStoreOptions, directStore } from "./direct-store.ts";
import { httpStore } from "./http-store.ts";
import type { SendBytes } from "./send.ts";

/** Which way bytes go: straight to the store, through the server, or whichever works, straight first. */
export type RouteWish = "auto" | "direct" | "proxy";

/** How a file is sent. */
export interface UploadOptions extends Abortable {
  readonly api: NaruApi;
  readonly send: SendBytes;
  /** `send` can open a connection of its own for a part: then what is slow on a long line is sent once more. */
  readonly mayOverlap?: boolean | undefined;
  /** Where the file should appear. */
  readonly path: string;
  readonly type?: string | undefined;
  readonly modified?: Date | undefined;
  /** What to do when the path is taken; `overwrite` by default. */
  readonly conflict?: ConflictPolicy | undefined;
  /** Bytes of a part, as a wish: the server cuts it to what its store can bear. */
  readonly partSize?: number | undefined;
  readonly route?: RouteWish | undefined;
  /** What the store can do, when it is known already. */
  readonly store?: WireStoreInfo | undefined;
  readonly digest?: DigestPart | undefined;
  /** An upload to go on with. */
  readonly resume?: string | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: (() => number) | undefined;
  /** Bounds the bytes in flight of all uploads that share it; by default nothing does but `maxConcurrency`. */
  readonly budget?: Budget | undefined;
  /** Parts that travel at once, at most. */
  readonly maxConcurrency?: number | undefined;
  /** Parts that travel at once at the beginning, at most (`Network.initialConcurrency`). */
  readonly initialConcurrency?: number | undefined;
  /** Whether the store is far (`Network.isFar`): only there is a slow part sent once more. */
  readonly isFar?: (() => boolean) | undefined;
  /** Called with each upload before its first byte, and awaited. */
  readonly onUpload?: ((upload: Upload) => Promise<void>) | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly onRestart?: (() => void) | undefined;
}

/** A file that has arrived, and how. */
export interface Uploaded {
  readonly file: StoredFile;
  readonly route: "direct" | "proxy";
  readonly progress: Progress;
}

/**
 * Send `source`, part by part, until it has arrived and is verified; only the signal ends it before, and then what has
 * arrived stays at the server.
 */
export async function upload(source: Source, options: UploadOptions): Promise<Uploaded> {
  const { api, path, type, modified, partSize, signal, clock = systemClock, random = Math.random } = options;
  const info = options.store ?? (await api.session({ signal })).store;
  // A store signs no part whose MD5 nobody says.
  const wish = options.digest === undefined && options.route !== "direct" ? "proxy" : options.route;
  let isProxied = false;
  const onProxied = (): void => {
    isProxied = true;
  };
  const { store, route } = routeStore(info, { ...options, route: wish, onProxied });
  const { digest, resume, budget, maxConcurrency, initialConcurrency, isFar } = options;
  const { onUpload, onProgress, onRestart } = options;
  const transfer = new Transfer(
    source,
    store,
    { path, size: source.size, partSize, type, modified },
    {
      clock,
      random,
      digest,
      resume,
      budget,
      maxConcurrency,
      initialConcurrency,
      isFar,
      onUpload,
      onProgress,
      onRestart,
      probe: (probing) => api.alive(probing),
    },
  );
  const file = await transfer.run({ signal });
  return { file, route: isProxied ? "proxy" : route, progress: transfer.progress };
}

type RouteOptions = Pick<UploadOptions, "api" | "send" | "mayOverlap" | "conflict" | "route"> &
  Pick<DirectStoreOptions, "onProxied">;

/** Choose the store that the wished route leads to. @throws {TransferError} `unsupported` when there is no direct route */
export function routeStore(
  info: WireStoreInfo,
  { api, send, mayOverlap, conflict, route = "auto", onProxied }: RouteOptions,
): { readonly store: Store; readonly route: "direct" | "proxy" } {
  if (route === "direct" && !info.direct) {
    throw new TransferError(
      "unsupported",
      `Cannot send directly: the store behind "${api.origin}" does not sign parts`,
    );
  }
  const chosen = route === "auto" ? (info.direct ? "direct" : "proxy") : route;
  const options = { send, limits: info.limits, conflict };
  const store = chosen === "direct" ? directStore(api, { ...options, mayOverlap, onProxied }) : httpStore(api, options);
  return { store, route: chosen };
}
