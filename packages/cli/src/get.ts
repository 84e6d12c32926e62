/** `naru get`: parallel ranges, resumed, verified, renamed when whole. */

import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { type Downloaded, downloadFile, NaruApi, openNetwork, type RouteWish } from "@naru/client/node";
import { UsageError } from "./exit-code.ts";
import { interruptSignal } from "./interrupt.ts";
import { openProgress, type ProgressView, sizeText } from "./progress.ts";
import type { Remote } from "./remote.ts";

export interface GetCommand {
  readonly file?: string | undefined;
  readonly route: RouteWish;
  readonly concurrency: number;
  readonly json?: boolean | undefined;
  readonly remote: Remote;
}

/** Fetch one file. */
export async function get(path: string, command: GetCommand): Promise<void> {
  const signal = interruptSignal();
  await using network = openNetwork();
  const { origin, auth } = command.remote;
  const api = new NaruApi({ origin, auth, fetch: network.fetch });
  const to = await destination(path, command.file);
  const progress = await openProgress();
  try {
    const began = performance.now();
    const downloaded = await downloadFile({
      api,
      network,
      path,
      to,
      signal,
      route: command.route,
      connections: command.concurrency,
      onRestart: () => progress.say(`${path}: it changed at the server; fetching all of it`),
      onProgress: showing(progress, to),
    });
    const seconds = Number(((performance.now() - began) / 1000).toFixed(3));
    progress.say(`${to}  ${sizeText(downloaded.file.size)}  ${seconds} s  ${downloaded.route}`);
    if (command.json) console.log(JSON.stringify(lineOf(downloaded, seconds)));
  } finally {
    progress.close();
  }
}

async function destination(path: string, file: string | undefined): Promise<string> {
  const name = basename(path);
  if (name === "") throw new UsageError(`Cannot get "${path}": it names a folder`);
  if (file === undefined) return name;
  const folder = await stat(file).then(
    (facts) => facts.isDirectory(),
    () => file.endsWith("/"),
  );
  return folder ? join(file, name) : file;
}

function showing(
  view: ProgressView,
  name: string,
): (now: { size: number; confirmed: number; inFlight: number }) => void {
  const began = performance.now();
  let bar: ReturnType<ProgressView["file"]> | undefined;
  let first: number | undefined;
  return ({ size, confirmed, inFlight }) => {
    bar ??= view.file(name, size);
    const held = confirmed + inFlight;
    first ??= held;
    const speed = ((held - first) * 1000) / Math.max(1, performance.now() - began);
    bar.update(confirmed, { speed, secondsLeft: speed > 0 ? (size - held) / speed : undefined });
  };
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
