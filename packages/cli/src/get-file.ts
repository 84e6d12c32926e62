/** Fetches one file: a small one in one request, others by parallel ranges, resumed, verified, renamed when whole. */

import {
  type Downloaded,
  type DownloadOptions,
  downloadArchive,
  downloadFile,
  downloadSmall,
  type NaruApi,
  type Network,
  type RouteWish,
} from "@naru/client/node";
import { isTransferError, toStoredFile, type WireFile } from "@naru/core";
import type { DownloadsAtOnce } from "./downloads-at-once.ts";
import { isSameHere, type SameContext } from "./local-same.ts";
import { noDirectRoute } from "./no-direct-route.ts";
import type { ProgressView } from "./progress.ts";
import { paceText, sizeText } from "./progress-line.ts";
import { escaped } from "./terminal-text.ts";

export interface GetContext extends SameContext, DownloadsAtOnce {
  readonly api: NaruApi;
  readonly network: Network;
  readonly progress: ProgressView;
  readonly signal: AbortSignal;
  readonly route: RouteWish;
  readonly json: boolean;
}

/** Fetch one file unless it is here already, and report it; the bytes that came. */
export async function getFile(context: GetContext, file: WireFile, to: string): Promise<number> {
  if (!(await isSameHere(context, file, to))) return fetchFile(context, file, to);
  context.progress.say(`${escaped(to)}  ${sizeText(file.size)}  was here already, the same`);
  if (context.json) console.log(JSON.stringify({ ...noLine, path: file.path, size: file.size, checksum: file.crc64 }));
  return 0;
}

/** Fetch one file, and report it; the bytes that came. */
export async function fetchFile(context: GetContext, file: WireFile, to: string): Promise<number> {
  return reported(context, to, async () => {
    return (await fetchedSmall(context, file, to)) ?? (await fetched(context, file.path, to));
  });
}

/** Fetch files and folders (with their final `/`) as one ZIP file, and report it; the bytes that came. */
export async function fetchArchive(context: GetContext, paths: readonly string[], to: string): Promise<number> {
  return reported(context, to, async () => {
    using watch = watchDownload(context, paths.join(", "), to);
    return await downloadArchive({ ...watch.options, paths });
  });
}

async function reported(context: GetContext, to: string, fetching: () => Promise<Downloaded>): Promise<number> {
  const { progress, json } = context;
  const began = performance.now();
  const downloaded = await fetching();
  const seconds = (performance.now() - began) / 1000;
  const { size } = downloaded.file;
  const { route, bytesReceived } = downloaded;
  progress.say(`${escaped(to)}  ${sizeText(size)}  ${paceText(bytesReceived, seconds)}  ${route}`);
  if (json) console.log(JSON.stringify(lineOf(downloaded, Number(seconds.toFixed(3)))));
  return bytesReceived;
}

async function fetchedSmall(context: GetContext, file: WireFile, to: string): Promise<Downloaded | undefined> {
  if (context.route === "direct") return undefined;
  const stored = toStoredFile(file);
  const small = await downloadSmall({ ...context, file: stored, to });
  if (small === undefined) return undefined;
  const whole = { bytesReceived: file.size, ranges: 1, rangesSkipped: 0, compared: true };
  return { file: stored, route: "proxy", crc64: small.crc64, ...whole };
}

async function fetched(context: GetContext, path: string, to: string): Promise<Downloaded> {
  const { api, route, signal } = context;
  using watch = watchDownload(context, path, to);
  try {
    return await downloadFile({ ...watch.options, path, route });
  } catch (cause) {
    const unsupported = route === "direct" && isTransferError(cause) && cause.code === "unsupported";
    if (unsupported && (await api.download(path, { signal })).urls.length === 0) {
      throw noDirectRoute(`get "${path}"`, { cause });
    }
    throw cause;
  }
}

/** Options of a download that is shown as it comes. */
function watchDownload(
  { api, network, progress, signal, concurrency: connections }: GetContext,
  path: string,
  to: string,
): Disposable & { readonly options: Omit<DownloadOptions, "path" | "route"> } {
  const began = performance.now();
  let bar: ReturnType<ProgressView["file"]> | undefined;
  let first: number | undefined;
  return {
    options: {
      api,
      network,
      to,
      signal,
      connections,
      onRestart: () => progress.say(`${escaped(path)}: it changed on the server; fetching all of it`),
      onProgress: ({ size, confirmed, inFlight }) => {
        bar ??= progress.file(to, size);
        const held = confirmed + inFlight;
        first ??= held;
        const sent = held - first;
        const speed = (sent * 1000) / Math.max(1, performance.now() - began);
        bar.update(confirmed, { speed, secondsLeft: speed > 0 ? (size - held) / speed : undefined, sent });
      },
    },
    [Symbol.dispose]: () => bar?.[Symbol.dispose](),
  };
}

const noLine = { seconds: 0, bytesSent: 0, bytesReceived: 0, parts: 0, partsSkipped: 0 };

function lineOf({ file, crc64, route, ranges, rangesSkipped, bytesReceived }: Downloaded, seconds: number): object {
  const { path, size } = file;
  return {
    path,
    size,
    seconds,
    bytesSent: 0,
    bytesReceived,
    parts: ranges,
    partsSkipped: rangesSkipped,
    checksum: crc64,
    route,
  };
}
