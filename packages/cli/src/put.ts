/** `naru put`: small files many in a request, the others part by part, a few at a time. */

import { NaruApi, openDigester } from "@naru/client/node";
import { maxBatchUploads } from "@naru/core";
import { eachAtOnce } from "./each-at-once.ts";
import { exitCodeOf } from "./exit-code.ts";
import { explain } from "./explain.ts";
import { interruptSignal } from "./interrupt.ts";
import { networkOf } from "./limited-network.ts";
import { type LocalFile, localFiles } from "./local-files.ts";
import { openProgress, type Whole } from "./progress.ts";
import { paceText, sizeText } from "./progress-line.ts";
import { batchesOf, mayBeThere, putBatch } from "./put-batch.ts";
import { type PutContext, type PutWish, putContext, serverOf } from "./put-context.ts";
import { type PutResult, putFile } from "./put-file.ts";
import { escaped } from "./terminal-text.ts";

export interface PutCommand extends PutWish {
  readonly to: string;
  readonly json?: boolean | undefined;
}

/** Small files in a request, so that people see how far it is. */
const filesSeen = 200;

/** Send what `names` name. One file that fails does not stop the others; the first failure sets the exit code. */
export async function put(names: readonly string[], command: PutCommand): Promise<void> {
  const signal = interruptSignal();
  const { origin, auth } = command.remote;
  await using network = networkOf(command.limit);
  await using digester = openDigester();
  const api = new NaruApi({ origin, auth, fetch: network.fetch });
  const [{ files, emptyFolders, refused }, server] = await Promise.all([
    localFiles(names, { to: command.to, renames: command.conflict === "rename" }),
    serverOf(api, command, { signal }),
  ]);
  const progress = openProgress();
  const context = putContext({ api, network, digester, progress, signal, ...server }, command);
  const report = (result: PutResult): void => {
    if (command.json) console.log(JSON.stringify(result));
  };
  for (const error of refused) {
    process.exitCode ||= exitCodeOf(error);
    progress.say(`naru: ${explain(error)}`);
  }
  try {
    await makeFolders(context, emptyFolders, command);
    for (const failure of await sendAll(context, files, report)) process.exitCode ||= exitCodeOf(failure);
  } finally {
    progress.close();
  }
  signal.throwIfAborted();
}

/** Make the folders that no file would make. */
async function makeFolders(
  { api, progress, signal }: PutContext,
  folders: readonly string[],
  { json }: PutCommand,
): Promise<void> {
  for (const path of folders) {
    try {
      await api.makeFolder(path, { signal });
      if (json) console.log(JSON.stringify({ folder: `${path}/` }));
      else if (!progress.live) progress.say(`${escaped(path)}/`);
    } catch (error) {
      if (signal.aborted) return;
      process.exitCode ||= exitCodeOf(error);
      progress.say(`naru: ${escaped(path)}/: ${explain(error)}`);
    }
  }
}

/** Send files; gives what went wrong with some. The others have arrived then. */
export async function sendAll(
  context: PutContext,
  files: readonly LocalFile[],
  report: (result: PutResult) => void,
): Promise<readonly unknown[]> {
  const { progress, signal, filesAtOnce: atOnce } = context;
  const sizes = new Map(files.map(({ path, size }) => [path, size]));
  const whole: Whole = { files: files.length, bytes: files.reduce((sum, { size }) => sum + size, 0) };
  const began = performance.now();
  if (files.length > 1) progress.expect(whole);
  let [arrived, sent] = [0, 0];
  const failures: unknown[] = [];
  const failed = (path: string, error: unknown): void => {
    if (signal.aborted) return;
    failures.push(error);
    progress.count({ files: 1, bytes: sizes.get(path) ?? 0, sent: 0 });
    progress.say(`naru: ${escaped(path)}: ${explain(error)}`);
  };
  const done = (result: PutResult): void => {
    progress.count({ files: 1, bytes: result.size, sent: result.bytesSent });
    arrived += 1;
    sent += result.bytesSent;
    report(result);
  };
  const jobs = await jobsOf(context, files, { done, failed });
  await eachAtOnce(jobs, atOnce, async (job) => {
    if (!signal.aborted) await job();
  });
  if (!progress.live || files.length < 2 || arrived === 0) return failures;
  const seconds = (performance.now() - began) / 1000;
  const count = `${arrived.toLocaleString("en")} of ${files.length.toLocaleString("en")} files`;
  progress.say(`${count}  ${sizeText(sent)}  ${paceText(sent, seconds)}`);
  return failures;
}

interface Outcomes {
  readonly done: (result: PutResult) => void;
  readonly failed: (path: string, error: unknown) => void;
}

/** What is to be done: small files go together, the others each by itself. */
async function jobsOf(
  context: PutContext,
  files: readonly LocalFile[],
  { done, failed }: Outcomes,
): Promise<(() => Promise<void>)[]> {
  const { progress, session, route } = context;
  const small = route === "direct" || files.length < 2 ? 0 : Math.min(session.store.batchMaxSize, context.batchBytes);
  const together = files.filter(({ size }) => size <= small);
  const asksFirst = await mayBeThere(context, together);
  const batches = batchesOf(together, { most: progress.live ? filesSeen : maxBatchUploads, bytes: context.batchBytes });
  const alone = async (file: LocalFile): Promise<void> => {
    try {
      done(await putFile(context, file));
    } catch (error) {
      failed(file.path, error);
    }
  };
  return [
    ...batches.map((batch) => () => putBatch(context, batch, { asksFirst, report: done, failed })),
    ...files.filter(({ size }) => size > small).map((file) => () => alone(file)),
  ];
}
