/** One way to carry a file between this page and the server, as the page's part of the experiment goes it. */

import type { ExperimentRun, ExperimentWay, WireStoreInfo } from "@naru/core";
import type { NaruApi } from "../../api.ts";
import type { Hasher } from "../hasher.ts";
import type { Route } from "../route.ts";
import type { OpenUploads } from "./open-uploads.ts";

export interface CarryOptions {
  readonly signal: AbortSignal;
  /** Called with bytes that have gone out, or come in, since the last call. */
  readonly onBytes: (bytes: number) => void;
}

export interface PageWay {
  readonly way: Extract<ExperimentWay, "plain" | "direct" | "proxy">;
  /** What has to be done before a file is sent, and is not measured. */
  prepare?(file: Blob, path: string, options: Pick<CarryOptions, "signal">): Promise<void>;
  /** What has to be done before a file is fetched, and is not measured. */
  find?(path: string, options: Pick<CarryOptions, "signal">): Promise<void>;
  send(file: Blob, path: string, options: CarryOptions): Promise<void>;
  /** Absent where the browser gives the page no files of its own. */
  readonly fetch?: ((path: string, options: CarryOptions) => Promise<void>) | undefined;
  /** What has to be done afterwards, and is not measured. */
  finish?(): Promise<void>;
}

/** What the ways of a page share. */
export interface PageWays {
  readonly api: NaruApi;
  readonly hashes: Pick<Hasher, "digest">;
  readonly store: WireStoreInfo;
  /** The way that the page's transfers take. */
  readonly route: Route;
  readonly uploads: OpenUploads;
}

/** Where in the experiment a page is. */
export interface ExperimentProgress extends Pick<ExperimentRun, "way" | "direction" | "size" | "round"> {
  /** Bytes that have been carried by now, and all that will be. */
  readonly carried: number;
  readonly whole: number;
}
