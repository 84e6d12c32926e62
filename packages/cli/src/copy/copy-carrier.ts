/** Carries files from one end to the other, each in the way that costs least. */

import { TransferError } from "@naru/core";
import { paceText, sizeText } from "../progress-line.ts";
import type { Carried, Carrier } from "../sync/carrier.ts";
import { JobPool } from "../sync/job-pool.ts";
import { escaped } from "../terminal-text.ts";
import { copyBatch, fitsInto } from "./copy-batch.ts";
import type { CopyContext, CopyLine } from "./copy-context.ts";
import { storedOf } from "./copy-end.ts";
import type { CopyJob } from "./copy-job.ts";
import { copySmall, copyWithin } from "./copy-small.ts";
import { verifyCopy } from "./copy-verify.ts";
import { largestSmall } from "./small-file.ts";

type Facts = Pick<CopyLine, "bytesSent" | "parts" | "partsSkipped" | "checksum" | "route">;

export function copyCarrier(context: CopyContext): Carrier {
  const { to, filesAtOnce, outcomes } = context;
  const pool = new JobPool(filesAtOnce);
  const { naru } = to;
  const batched = naru === undefined ? -1 : Math.min(naru.batchMaxSize, context.batchBytes);
  let batch: CopyJob[] = [];

  const failed = ({ path }: CopyJob, error: unknown): void => outcomes.failed(path, error);
  const carryOne = (job: CopyJob): Promise<void> => copyOne(context, job).catch((error: unknown) => failed(job, error));
  const sendBatch = async (): Promise<void> => {
    const jobs = batch;
    batch = [];
    if (naru === undefined || jobs.length === 0) return;
    const done = async (job: CopyJob, checksum: string): Promise<void> =>
      finish(context, job, { ...whole, bytesSent: job.file.size, checksum }, performance.now());
    await pool.add(() => copyBatch(context, naru, jobs, { done, failed, tooLarge: carryOne }));
  };

  return {
    nameOf: (path) => `${to.prefix}${path}`,
    async carry(carried) {
      const job = jobOf(context, carried);
      if (job.file.size > batched) return pool.add(() => carryOne(job));
      if (!fitsInto(batch, job, context)) await sendBatch();
      batch.push(job);
    },
    async makeFolder(path) {
      const { folders } = to.store;
      if (path !== "") await folders?.make(`${to.prefix}${path}`, { signal: context.signal });
    },
    remove: async () => {
      throw new TransferError("internal", "Cannot remove a file: a copy never does");
    },
    async finish() {
      await sendBatch();
      await pool.idle();
    },
  };
}

function jobOf({ to }: CopyContext, { to: path, file, there }: Carried): CopyJob {
  return { file: storedOf(file), path: `${to.prefix}${path}`, there: there && storedOf(there) };
}

const whole: Facts = { bytesSent: 0, parts: 1, partsSkipped: 0, checksum: undefined, route: "client" };

async function copyOne(context: CopyContext, job: CopyJob): Promise<void> {
  const began = performance.now();
  await finish(context, job, await carry(context, job), began);
}

/** Within the service, if it can; else by parts, or whole when the file is small. */
async function carry(context: CopyContext, job: CopyJob): Promise<Facts> {
  const { copier, to } = context;
  const { file } = job;
  const within = copier?.reads(file.path) === true ? copier : undefined;
  if (within !== undefined && file.size <= within.wholeUpTo && (await copyWithin(context, within, job))) {
    return { ...whole, route: "server" };
  }
  if (within !== undefined && file.size > within.wholeUpTo) {
    const { copyLarge } = await import("./copy-large.ts");
    return { ...(await copyLarge(context, job, within)), route: "server" };
  }
  if (to.store.putFile !== undefined && file.size <= largestSmall) {
    return { ...whole, bytesSent: file.size, checksum: await copySmall(context, job) };
  }
  const { copyLarge } = await import("./copy-large.ts");
  return { ...(await copyLarge(context, job, undefined)), route: "client" };
}

async function finish(context: CopyContext, job: CopyJob, facts: Facts, began: number): Promise<void> {
  const { outcomes, progress, json, verify } = context;
  const { path, file, there } = job;
  const checksum = verify ? await verifyCopy(context, job, facts.checksum) : facts.checksum;
  if (there !== undefined) {
    progress.say(`${escaped(path)}: replaced; it had ${sizeText(there.size)}, of ${there.modified.toISOString()}`);
  }
  const seconds = (performance.now() - began) / 1000;
  if (file.size > largestSmall) {
    const way = facts.route === "server" ? "within the service" : "through this machine";
    progress.say(`${escaped(path)}  ${sizeText(file.size)}  ${paceText(file.size, seconds)}  ${way}`);
  }
  if (json) {
    const line: CopyLine = { path, size: file.size, seconds: Number(seconds.toFixed(3)), ...facts, checksum };
    console.log(JSON.stringify(line));
  }
  outcomes.arrived(file.size, facts.bytesSent);
}
