/** `naru janitor`: end unfinished uploads that nobody works on any more, and only those of Naru. */

import { type Abortable, expiryOf, isTransferError, type UnfinishedUpload } from "@naru/core";
import { storesToExamine } from "./doctor/examined-stores.ts";
import { exitCodeOf, UsageError } from "./exit-code.ts";
import { explain } from "./explain.ts";
import { interruptSignal } from "./interrupt.ts";
import type { OpenedStore } from "./open-store.ts";
import { sizeText } from "./progress-line.ts";
import { shownName } from "./terminal-text.ts";

export interface JanitorCommand {
  readonly store?: string | undefined;
  /** The settings of the server, when they are elsewhere. */
  readonly config?: string | undefined;
  /** The folder of the server whose store is looked through when none is named. */
  readonly data: string;
  /** Days without activity, where an upload's own life is shorter. */
  readonly older?: number | undefined;
  readonly dryRun?: boolean | undefined;
  readonly json?: boolean | undefined;
}

const dayMs = 24 * 60 * 60 * 1000;

/** Look, and end what is over; one that cannot be ended does not stop the others, and sets the exit code. */
export async function janitor(command: JanitorCommand, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const signal = interruptSignal();
  const { stores } = await storesToExamine({ ...command, env });
  for (const { name, open } of stores) {
    if (stores.length > 1 && !command.json) console.log(`${name}:`);
    try {
      await using store = closing(await open());
      await cleanUp(store.opened, command, { signal });
    } catch (error) {
      signal?.throwIfAborted();
      if (stores.length === 1) throw error;
      process.exitCode ||= exitCodeOf(error);
      console.error(`naru: ${name}: ${explain(error)}`);
    }
  }
}

function closing(opened: OpenedStore): AsyncDisposable & { readonly opened: OpenedStore } {
  return { opened, [Symbol.asyncDispose]: async () => opened.close?.() };
}

interface Totals {
  uploads: number;
  bytes: number;
  kept: number;
  failed: number;
}

async function cleanUp(
  store: OpenedStore,
  { older = 0, dryRun = false, json = false }: JanitorCommand,
  { signal }: Abortable,
): Promise<void> {
  if (store.unfinished === undefined)
    throw new UsageError("Cannot look for unfinished uploads: this store does not tell whose they are");
  const totals: Totals = { uploads: 0, bytes: 0, kept: 0, failed: 0 };
  const now = Date.now();
  for await (const upload of store.unfinished({ signal })) {
    signal?.throwIfAborted();
    // A life too long for a date is not over.
    if (!(expiryOf(upload, older * dayMs).getTime() < now)) {
      totals.kept += 1;
      continue;
    }
    try {
      const bytes = await upload.size({ signal });
      if (!dryRun) await upload.end({ signal });
      totals.uploads += 1;
      totals.bytes += bytes;
      console.log(json ? jsonOf(upload, { bytes, ended: !dryRun }) : lineOf(upload, { bytes, dryRun, now }));
    } catch (error) {
      signal?.throwIfAborted();
      // Somebody works on it again.
      if (isTransferError(error) && error.code === "conflict") {
        totals.kept += 1;
        continue;
      }
      totals.failed += 1;
      process.exitCode ||= exitCodeOf(error);
      console.error(`naru: ${explain(error)}`);
    }
  }
  console.log(json ? JSON.stringify({ total: { ...totals, ended: !dryRun } }) : totalOf(totals, dryRun));
}

function jsonOf(upload: UnfinishedUpload, more: { readonly bytes: number; readonly ended: boolean }): string {
  const { path, begun, renewed, owner } = upload;
  return JSON.stringify({ path, begun, lastActive: renewed, installation: owner?.installation || undefined, ...more });
}

function lineOf(
  { path, renewed }: UnfinishedUpload,
  { bytes, dryRun, now }: { readonly bytes: number; readonly dryRun: boolean; readonly now: number },
): string {
  const idle = ageText(now - renewed.getTime());
  const name = path === undefined ? "(an interrupted small file)" : shownName(path);
  return `${dryRun ? "would end" : "ended"}  ${sizeText(bytes)}  idle for ${idle}  ${name}`;
}

function totalOf({ uploads, bytes, kept, failed }: Totals, dryRun: boolean): string {
  const done = `${uploads} ${uploads === 1 ? "upload" : "uploads"}, ${sizeText(bytes)} ${dryRun ? "would be freed" : "freed"}`;
  return `${done}; ${kept} not due yet${failed === 0 ? "" : `; ${failed} failed`}`;
}

function ageText(ms: number): string {
  const hours = Math.floor(Math.max(0, ms) / 3_600_000);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}
