/** `naru bench`: the same files by all ways from this computer to the server, again and again; what it made is removed at the end. */

import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { cpus, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { NaruApi } from "@naru/client";
import {
  adviceOf,
  caseKey,
  experimentReport,
  reportWords,
  resultsOf,
  type Task as ScheduledTask,
  scheduleOf,
  type Wishes,
} from "@naru/client/experiment";
import { type Experiment, type ExperimentRun, isTransferError, type WireSession } from "@naru/core";
import { UsageError } from "../exit-code.ts";
import { explain } from "../explain.ts";
import { interruptSignal } from "../interrupt.ts";
import type { Remote } from "../remote.ts";
import { reportLanguage } from "../report-language.ts";
import { figuresTable, meanTable } from "./bench-table.ts";
import { type BenchView, openView } from "./bench-view.ts";
import type { BenchWay } from "./bench-way.ts";
import { type Material, openMaterial } from "./material.ts";
import { measured, type TaskFiles } from "./measured.ts";
import { naruWay } from "./naru-way.ts";
import { openWays } from "./ways.ts";
import type { BenchRoute } from "./wishes.ts";

type Task = ScheduledTask<BenchWay>;

export interface BenchCommand extends Omit<Wishes, "download"> {
  readonly routes?: readonly BenchRoute[] | undefined;
  readonly download?: boolean | undefined;
  /** Files to write the report and the figures to. */
  readonly report?: string | undefined;
  readonly json?: string | undefined;
  readonly remote: Remote;
  readonly version: string;
  /** As it was typed, for the report. */
  readonly words: readonly string[];
}

export async function bench(command: BenchCommand): Promise<void> {
  const { remote, report, json, download = false, runs } = command;
  const signal = interruptSignal();
  const api = new NaruApi(remote);
  const session = await api.session({ probe: false, signal });
  using opened = await openWays(command.routes, remote, session);
  const schedule = scheduleOf(opened.ways, { ...command, download });
  if (opened.ways.length < 2)
    throw new UsageError(`Cannot compare: ${opened.left.map(({ way, why }) => `${way}: ${why}`).join(" ")}`);
  const began = new Date().toISOString();
  const runsMade: ExperimentRun[] = [];
  const folder = `naru-bench-${randomUUID().slice(0, 8)}/`;
  await using material = await openMaterial(roomFor(schedule));
  await using _ = { [Symbol.asyncDispose]: () => removed(api, folder) };
  {
    using view = openView(schedule, runs);
    for (const { way, why } of opened.left) view.say(`${way}: not measured. ${why}`);
    const bench = { api, remote, session, folder, material, view, signal };
    const failing = new Set<string>();
    for (const task of schedule) {
      // What fails once fails in all rounds, most often after long patience.
      if (failing.has(keyOf(task))) continue;
      const run = await once(bench, task);
      runsMade.push(run);
      if (run.failure === undefined) continue;
      failing.add(keyOf(task));
      view.say(`${run.way}: ${run.failure}`);
    }
  }
  const left = opened.left.map((one) => ({ ...one, place: "command-line" as const }));
  const computers = [computerOf(command.version)];
  const experiment: Experiment = { version: "1", began, server: remote.origin, computers, left, runs: runsMade };
  await tell(experiment, { report, json, words: command.words });
  if (runsMade.some(({ failure }) => failure !== undefined)) process.exitCode = 1;
}

interface Bench {
  readonly api: NaruApi;
  readonly remote: Remote;
  readonly session: WireSession;
  readonly folder: string;
  readonly material: Material;
  readonly view: BenchView;
  readonly signal: AbortSignal;
}

function keyOf({ way, ...of }: Task): string {
  return `${way.way} ${caseKey(of)}`;
}

/** Do one task; what it sent is removed before the next. */
async function once(
  { api, remote, session, folder, material, view, signal }: Bench,
  task: Task,
): Promise<ExperimentRun> {
  const { direction, files: count, size, way } = task;
  const local = await material.files({ files: count, size });
  const isUp = direction === "up";
  // What is fetched was sent once, before the first.
  const own = isUp ? `${folder}${way.way}/` : `${folder}fetched-${size}-${count}/`;
  if (!isUp && !(await api.hasFolder(own, { signal }))) {
    await naruWay("proxy", remote, session).send(local, own, { parallel: 4, signal, onBytes: () => undefined });
  }
  const wanted = local.map(({ path }) => ({ path: own + path, size, to: join(material.folder, `fetched-${path}`) }));
  const files: TaskFiles = { local, folder: own, wanted };
  view.begin(task);
  try {
    return await measured(task, files, { signal, onBytes: (bytes) => view.carried(bytes) });
  } finally {
    if (isUp) await removed(api, own);
  }
}

/** Remove a folder of ours at the server, also after an interruption; one that is not there is fine. */
async function removed(api: NaruApi, folder: string): Promise<void> {
  try {
    await api.removeFolder(folder.replace(/\/$/u, ""), { recursive: true });
  } catch (error) {
    if (isTransferError(error) && error.code === "not-found") return;
    console.error(`naru: Cannot remove "${folder}" at the server (${explain(error)}): naru rm -r ${folder}`);
  }
}

/** The most that lies on the disk at a time: all sets of files, and the largest of them once more as it is fetched. */
function roomFor(schedule: readonly Task[]): number {
  const sets = new Map(schedule.map(({ files, size }) => [`${files}x${size}`, files * size]));
  const fetched = schedule.filter(({ direction }) => direction === "down").map(({ files, size }) => files * size);
  return [...sets.values()].reduce((sum, bytes) => sum + bytes, 0) + Math.max(0, ...fetched);
}

function computerOf(version: string): Experiment["computers"][number] {
  const system = `${type()} ${release()}`;
  const program = `naru ${version}, Node ${process.versions.node}`;
  return { place: "command-line", program, system, cpus: cpus().length, memory: totalmem() };
}

/** Print what came out, and write what is to be kept. */
async function tell(
  experiment: Experiment,
  { report, json, words }: Pick<BenchCommand, "report" | "json" | "words">,
): Promise<void> {
  const language = reportLanguage(process.env);
  const t = reportWords[language];
  const results = resultsOf(experiment);
  const advice = adviceOf(experiment);
  console.log(`\n${t.main.text}\n\n${meanTable(results, language)}\n\n${figuresTable(results, language)}\n`);
  console.log(advice ? t.advice(advice) : t.noAdvice);
  if (json !== undefined) await writeFile(json, `${JSON.stringify(experiment, undefined, 1)}\n`);
  if (report === undefined) return;
  await writeFile(report, experimentReport(experiment, { language, command: ["naru", "bench", ...words].join(" ") }));
  console.error(`naru: The report is in ${report}`);
}
