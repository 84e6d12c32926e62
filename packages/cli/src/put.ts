/** `naru put`: small files many in a request, the others part by part, a few at a time. */

import { fileJournal, NaruApi, openDigester, openNetwork, type RouteWish } from "@naru/client/node";
import { bytesBudget, type ConflictPolicy, MiB } from "@naru/core";
import { exitCodeOf } from "./exit-code.ts";
import { explain } from "./explain.ts";
import { interruptSignal } from "./interrupt.ts";
import { type LocalFile, localFiles } from "./local-files.ts";
import { openProgress } from "./progress.ts";
import { batchesOf, putBatch } from "./put-batch.ts";
import { type PutContext, type PutResult, putFile } from "./put-file.ts";
import type { Remote } from "./remote.ts";

export interface PutCommand {
  readonly to: string;
  readonly route: RouteWish;
  readonly concurrency: number;
  /** In MiB. */
  readonly partSize?: number | undefined;
  readonly conflict: ConflictPolicy;
  readonly json?: boolean | undefined;
  readonly remote: Remote;
}

const filesAtOnce = 3;
const budgetSize = 512 * MiB;

/** Send what `names` name. One file that fails does not stop the others; the first failure sets the exit code. */
export async function put(names: readonly string[], command: PutCommand): Promise<void> {
  const signal = interruptSignal();
  const { origin, auth, stateFolder } = command.remote;
  await using network = openNetwork();
  await using digester = openDigester();
  const api = new NaruApi({ origin, auth, fetch: network.fetch });
  const [{ files, refused }, session, mine] = await Promise.all([
    localFiles(names, { to: command.to, renames: command.conflict === "rename" }),
    api.session({ probe: false, signal }),
    api.mine({ signal }),
  ]);
  const progress = await openProgress();
  const context: PutContext = {
    api,
    network,
    digester,
    session,
    mine,
    progress,
    signal,
    journal: fileJournal(stateFolder),
    budget: bytesBudget(budgetSize),
    route: command.route,
    conflict: command.conflict,
    concurrency: command.concurrency,
    partSize: command.partSize === undefined ? undefined : command.partSize * MiB,
  };
  const tell = (result: PutResult): void => {
    if (command.json) console.log(JSON.stringify(result));
  };
  for (const error of refused) {
    process.exitCode ||= exitCodeOf(error);
    progress.say(`naru: ${explain(error)}`);
  }
  try {
    await sendAll(context, files, tell);
  } finally {
    progress.close();
  }
  signal.throwIfAborted();
}

async function sendAll(
  context: PutContext,
  files: readonly LocalFile[],
  tell: (result: PutResult) => void,
): Promise<void> {
  const { progress, signal, session, route } = context;
  const failed = (path: string, error: unknown): void => {
    if (signal.aborted) return;
    process.exitCode ||= exitCodeOf(error);
    progress.say(`naru: ${path}: ${explain(error)}`);
  };
  const small = route === "direct" || files.length < 2 ? 0 : session.store.batchMaxSize;
  const jobs = [
    ...batchesOf(files.filter(({ size }) => size <= small)).map(
      (batch) => () => putBatch(context, batch, { tell, failed }),
    ),
    ...files
      .filter(({ size }) => size > small)
      .map((file) => async () => {
        try {
          tell(await putFile(context, file));
        } catch (error) {
          failed(file.path, error);
        }
      }),
  ];
  const worker = async (): Promise<void> => {
    for (let job = jobs.shift(); job !== undefined && !signal.aborted; job = jobs.shift()) await job();
  };
  await Promise.all(Array.from({ length: Math.min(filesAtOnce, jobs.length) }, worker));
}
