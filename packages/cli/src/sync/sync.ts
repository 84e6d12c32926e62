/** `naru sync`: make a folder at the server what one on this machine is, or the other way round. */

import { stat } from "node:fs/promises";
import { NaruApi, type Network, openDigester, type RouteWish } from "@naru/client/node";
import { TransferError } from "@naru/core";
import { downloadsAtOnce } from "../downloads-at-once.ts";
import { interruptSignal } from "../interrupt.ts";
import { networkOf } from "../limited-network.ts";
import { LocalChecksums } from "../local-same.ts";
import { openProgress, type ProgressView } from "../progress.ts";
import { putContext, serverOf } from "../put-context.ts";
import type { Remote } from "../remote.ts";
import { isFolder } from "../remote-path.ts";
import type { SpeedLimit } from "../speed-limit.ts";
import type { Carrier } from "./carrier.ts";
import { downCarrier } from "./down-carrier.ts";
import { localSide } from "./local-side.ts";
import { remoteSide } from "./remote-side.ts";
import { fileComparison } from "./same-file.ts";
import { placesOf, type SyncPlaces } from "./sync-places.ts";
import { SyncReport } from "./sync-report.ts";
import { SyncRun } from "./sync-run.ts";
import { upCarrier } from "./up-carrier.ts";

export interface SyncCommand {
  readonly dryRun?: boolean | undefined;
  readonly delete?: boolean | undefined;
  readonly checksum?: boolean | undefined;
  /** An empty source may delete all of the target. */
  readonly allowEmpty?: boolean | undefined;
  readonly route: RouteWish;
  readonly concurrency: number;
  readonly limit?: SpeedLimit;
  readonly json?: boolean | undefined;
  readonly remote: Remote;
}

/** Make the folder `to` what `from` is. One file that fails does not stop the others; the first failure sets the exit code. */
export async function sync(from: string, to: string, command: SyncCommand): Promise<void> {
  const places = await placesOf(from, to);
  const signal = interruptSignal();
  await using network = networkOf(command.limit);
  await using checksums = new LocalChecksums();
  const api = new NaruApi({ ...command.remote, fetch: network.fetch });
  await checkSource(api, places, { signal });
  const progress = openProgress();
  const { direction } = places;
  const report = new SyncReport({
    progress,
    signal,
    direction,
    json: command.json ?? false,
    dryRun: command.dryRun ?? false,
  });
  await using opened = await openCarrier(places, command, { api, network, checksums, progress, signal, report });
  const [local, remote] = [localSide(places.local), remoteSide(api, places.prefix)];
  const [source, target] = direction === "up" ? [local, remote] : [remote, local];
  const differs = fileComparison({ api, checksums, places, signal, byChecksum: command.checksum ?? false });
  try {
    await new SyncRun({
      source,
      target,
      differs,
      report,
      signal,
      progress,
      from,
      carrier: opened.carrier,
      dryRun: command.dryRun ?? false,
      deletes: command.delete ?? false,
      allowEmpty: command.allowEmpty ?? false,
    }).run();
  } finally {
    progress.close();
  }
  signal.throwIfAborted();
}

/** A source that is not there is never meant, least of all with `--delete`. */
async function checkSource(
  api: NaruApi,
  { direction, local, prefix }: SyncPlaces,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  const folder = prefix.slice(0, -1);
  const isThere =
    direction === "up"
      ? await stat(local).then(
          (facts) => facts.isDirectory(),
          () => false,
        )
      : folder === "" || (await isFolder(api, folder, { signal }));
  if (isThere) return;
  const where =
    direction === "up" ? `"${local}": there is no such folder` : `"${folder}": the server has no such folder`;
  throw new TransferError("not-found", `Cannot sync ${where}`);
}

interface Opened extends AsyncDisposable {
  readonly carrier: Carrier;
}

interface Parts {
  readonly api: NaruApi;
  readonly network: Network;
  readonly checksums: LocalChecksums;
  readonly progress: ProgressView;
  readonly signal: AbortSignal;
  readonly report: SyncReport;
}

async function openCarrier(
  { direction, local: root, prefix }: SyncPlaces,
  command: SyncCommand,
  parts: Parts,
): Promise<Opened> {
  const { report: outcomes, ...rest } = parts;
  const { limit, route, concurrency, json = false } = command;
  if (direction === "down") {
    const atOnce = downloadsAtOnce(limit, concurrency);
    const carrier = downCarrier({ ...rest, route, json, ...atOnce }, { root, outcomes });
    return { carrier, [Symbol.asyncDispose]: async () => undefined };
  }
  const server = await serverOf(parts.api, command, parts);
  const digester = openDigester();
  const context = putContext({ ...rest, digester, ...server }, { ...command, conflict: "overwrite" });
  const carrier = upCarrier(context, { root, prefix, outcomes, json });
  return { carrier, [Symbol.asyncDispose]: () => digester[Symbol.asyncDispose]() };
}
