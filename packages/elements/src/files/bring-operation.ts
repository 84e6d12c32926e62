import type { ClashQuestion } from "./clash-question.ts";
import { type Entry, parentOf } from "./entry.ts";
import { type Brought, bringEntries, type How, takeBack } from "./entry-transfers.ts";
import { removeEntry } from "./file-tasks.ts";
import type { Outcome } from "./outcome.ts";

/** Moves and copies entries into a folder; of taken names it is asked once what is to become of them. */
export async function bring(
  outcome: Outcome,
  clash: ClashQuestion,
  { how, entries, folder }: { readonly how: How; readonly entries: readonly Entry[]; readonly folder: string },
): Promise<void> {
  const { calls } = outcome;
  if (calls === undefined) return;
  outcome.busy();
  // A copy beside what it is a copy of has another name.
  const isBeside = how === "copy" && entries.every(({ path }) => parentOf(path) === folder);
  const first = await bringEntries(calls, entries, { how, folder, conflict: isBeside ? "rename" : "fail" });
  show(outcome, how, first.done);
  let more: Brought = { done: [], taken: [], failed: [] };
  let replaced = false;
  if (first.taken.length > 0) {
    outcome.toast.close();
    const answer = await clash.ask(first.taken, outcome.nameOf(folder));
    replaced = answer === "overwrite";
    if (answer !== "skip") more = await bringEntries(calls, first.taken, { how, folder, conflict: answer });
    show(outcome, how, more.done);
  }
  const done = [...first.done, ...more.done];
  const failed = [...first.failed, ...more.failed, ...more.taken.map((entry) => ({ entry, error: undefined }))];
  if (failed.length > 0) outcome.tellFailed(failed);
  else if (done.length > 0) tellBrought(outcome, { how, done, folder, replaced });
}

function show({ model }: Outcome, how: How, done: Brought["done"]): void {
  if (done.length === 0) return;
  if (how === "move") void model.gone(done.map(({ from }) => from.path));
  model.put(
    done.map(({ as }) => as),
    "changed",
  );
}

interface Told {
  readonly how: How;
  readonly done: Brought["done"];
  readonly folder: string;
  /** Something was replaced, which nothing brings back. */
  readonly replaced: boolean;
}

function tellBrought(outcome: Outcome, { how, done, folder, replaced }: Told): void {
  const { t } = outcome.words;
  const names = outcome.namesOf(done.map(({ from }) => from));
  const where = outcome.nameOf(folder);
  const words = how === "move" ? t.does.moved(names, where) : t.does.copied(names, where);
  const undo = async (): Promise<boolean> => {
    const { calls, model } = outcome;
    if (calls === undefined) return false;
    model.drop(done.map(({ as }) => as.path));
    if (how === "move") {
      const isWhole = await takeBack(calls, done);
      await model.contents.refresh();
      return isWhole;
    }
    const removed = await Promise.allSettled(done.map(({ as }) => removeEntry(calls.api, as)));
    return removed.every(({ status }) => status === "fulfilled");
  };
  outcome.tell(words, replaced ? undefined : undo);
}
