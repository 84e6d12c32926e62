/** Fetches one file: parallel ranges, resumed, verified, renamed when whole. */

import { type Downloaded, downloadFile, type NaruApi, type Network, type RouteWish } from "@naru/client/node";
import { isTransferError } from "@naru/core";
import { noDirectRoute } from "./no-direct-route.ts";
import type { ProgressView } from "./progress.ts";
import { paceText, sizeText } from "./progress-line.ts";
import { escaped } from "./terminal-text.ts";

export interface GetContext {
  readonly api: NaruApi;
  readonly network: Network;
  readonly progress: ProgressView;
  readonly signal: AbortSignal;
  readonly route: RouteWish;
  /** Ranges at once, of one file. */
  readonly concurrency: number;
  readonly json: boolean;
}

/** Fetch one file, and tell of it; the bytes that came. */
export async function getFile(context: GetContext, path: string, to: string): Promise<number> {
  const { progress, json } = context;
  const began = performance.now();
  const downloaded = await fetched(context, path, to);
  const seconds = (performance.now() - began) / 1000;
  const { file, route, bytesReceived } = downloaded;
  progress.say(`${escaped(to)}  ${sizeText(file.size)}  ${paceText(bytesReceived, seconds)}  ${route}`);
  if (json) console.log(JSON.stringify(lineOf(downloaded, Number(seconds.toFixed(3)))));
  return bytesReceived;
}

async function fetched(context: GetContext, path: string, to: string): Promise<Downloaded> {
  const { api, network, progress, signal, route, concurrency: connections } = context;
  const began = performance.now();
  let bar: ReturnType<ProgressView["file"]> | undefined;
  let first: number | undefined;
  try {
    return await downloadFile({
      api,
      network,
      path,
      to,
      signal,
      route,
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
    });
  } catch (cause) {
    const unsupported = route === "direct" && isTransferError(cause) && cause.code === "unsupported";
    if (unsupported && (await api.download(path, { signal })).urls.length === 0) {
      throw noDirectRoute(`get "${path}"`, { cause });
    }
    throw cause;
  } finally {
    bar?.[Symbol.dispose]();
  }
}

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
