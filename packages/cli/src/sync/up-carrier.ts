/** Carries files from this machine to the server: small ones many in a request, the others part by part. */

import { isTransferError, maxBatchUploads } from "@naru/core";
import type { LocalFile } from "../local-files.ts";
import { putBatch } from "../put-batch.ts";
import type { PutContext } from "../put-context.ts";
import { type PutResult, putFile } from "../put-file.ts";
import type { Carrier, Outcomes } from "./carrier.ts";
import { JobPool } from "./job-pool.ts";
import { localPlace } from "./local-side.ts";

export interface UpOptions {
  readonly root: string;
  readonly prefix: string;
  readonly outcomes: Outcomes;
  readonly json: boolean;
}

export function upCarrier(context: PutContext, { root, prefix, outcomes, json }: UpOptions): Carrier {
  const { api, session, route, signal } = context;
  const pool = new JobPool(context.filesAtOnce);
  const small = route === "direct" ? -1 : Math.min(session.store.batchMaxSize, context.batchBytes);
  let batch: LocalFile[] = [];
  let bytes = 0;

  const report = (result: PutResult): void => {
    outcomes.arrived(result.size, result.bytesSent);
    if (json) console.log(JSON.stringify(result));
  };
  const failed = (path: string, error: unknown): void => outcomes.failed(path, error);
  const sendBatch = async (): Promise<void> => {
    const files = batch;
    [batch, bytes] = [[], 0];
    if (files.length > 0) await pool.add(() => putBatch(context, files, { asksFirst: false, report, failed }));
  };
  const pathOf = (to: string): string => (to === "" ? prefix.slice(0, -1) : `${prefix}${to}`);
  return {
    nameOf: pathOf,
    async carry({ from, to, file: { size, modifiedMs } }) {
      const local: LocalFile = { file: localPlace(root, from), path: pathOf(to), size, modifiedMs };
      if (size > small) {
        await pool.add(() => putFile(context, local).then(report, (error: unknown) => failed(local.path, error)));
        return;
      }
      if (bytes + size > context.batchBytes || batch.length >= maxBatchUploads) await sendBatch();
      batch.push(local);
      bytes += size;
    },
    async makeFolder(to) {
      if (pathOf(to) !== "") await api.makeFolder(pathOf(to), { signal });
    },
    async remove(to, seen) {
      const path = pathOf(to);
      if (seen.isFolder) return api.removeFolder(path, { recursive: true, signal });
      await api.remove(path, { etag: seen.file.wire?.etag, signal }).catch(async (error: unknown) => {
        // One that is gone is fine, whoever removed it.
        if (!isTransferError(error) || error.code !== "conflict" || (await api.stat(path, { signal }))) throw error;
      });
    },
    async finish() {
      await sendBatch();
      await pool.idle();
    },
  };
}
