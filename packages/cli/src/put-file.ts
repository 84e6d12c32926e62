/** Sends one file part by part, going on with what an earlier run left. */

import { openFileSource, upload } from "@naru/client/node";
import { isTransferError } from "@naru/core";
import { findUpload } from "./find-upload.ts";
import type { LocalFile } from "./local-files.ts";
import { paceText, sizeText } from "./progress-line.ts";
import type { PutContext } from "./put-context.ts";
import { escaped } from "./terminal-text.ts";

/** One line of `--json`. */
export interface PutResult {
  readonly path: string;
  readonly size: number;
  readonly seconds: number;
  readonly bytesSent: number;
  readonly parts: number;
  readonly partsSkipped: number;
  /** CRC-64/NVME of the whole file. */
  readonly checksum: string | undefined;
  readonly route: "direct" | "proxy";
}

/** Send one file. @throws {TransferError} `file-changed` when it is written to meanwhile */
export async function putFile(context: PutContext, local: LocalFile): Promise<PutResult> {
  const { api, network, digester, session, progress, journal, signal } = context;
  const began = performance.now();
  await using source = await openFileSource(local.file);
  const key = `${api.origin} ${session.user} ${local.path} ${local.file}`;
  const resume = await findUpload(context, { key, local, source });
  using bar = progress.file(local.path, source.size);
  const {
    file,
    route,
    progress: last,
  } = await upload(source, {
    api,
    send: network.send,
    // A second try would take what the speed limit leaves to the first.
    mayOverlap: context.limit === undefined,
    path: local.path,
    modified: new Date(source.facts.modifiedMs),
    conflict: context.conflict,
    partSize: context.partSize,
    route: context.route,
    store: session.store,
    digest: digester.digest,
    resume,
    maxConcurrency: context.concurrency,
    initialConcurrency: network.initialConcurrency(),
    isFar: network.isFar,
    budget: context.budget,
    signal,
    onUpload: async ({ id }) => {
      // A journal that cannot be written costs nothing now: the server's own list finds the upload too.
      await journal.save(key, { upload: id, file: local.file, ...source.facts }).catch(() => undefined);
    },
    onProgress: (now) => {
      bar.update(now.confirmed, { speed: now.speed, secondsLeft: now.secondsLeft, sent: now.bytesSent });
    },
    onRestart: () => progress.say(`${local.path}: the server has forgotten the unfinished upload; sending all of it`),
  }).catch(async (error: unknown) => {
    // What it was begun with is gone: the next run sends the file as it is then.
    if (isTransferError(error) && error.code === "file-changed") await journal.forget(key);
    throw error;
  });
  await journal.forget(key);
  const seconds = (performance.now() - began) / 1000;
  progress.say(`${escaped(file.path)}  ${sizeText(file.size)}  ${paceText(last.bytesSent, seconds)}  ${route}`);
  return {
    path: file.path,
    size: file.size,
    seconds: Number(seconds.toFixed(3)),
    bytesSent: last.bytesSent,
    parts: last.parts,
    partsSkipped: last.partsSkipped,
    checksum: file.crc64,
    route,
  };
}
