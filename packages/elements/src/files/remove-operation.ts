import { isTransferError } from "@naru/core";
import { binDaysOf, putIntoBin, restoreItems } from "./bin-use.ts";
import type { Entry } from "./entry.ts";
import type { FileChanges } from "./file-changes.ts";
import type { Outcome } from "./outcome.ts";

/** Removes entries: into the bin, from which it is undone, else for good and after a question. */
export async function remove(outcome: Outcome, changes: FileChanges, entries: readonly Entry[]): Promise<void> {
  const { calls, model } = outcome;
  if (calls === undefined) return;
  const { api, files } = calls;
  const days = await binDaysOf(api, entries).catch(() => 0);
  if (days === 0) return changes.remove(entries);
  outcome.busy();
  const { items, entries: gone, failed } = await putIntoBin(files, entries);
  outcome.toast.close();
  if (gone.length > 0) void model.gone(gone.map(({ path }) => path));
  const { t } = outcome.words;
  if (gone.length > 0) {
    outcome.tell(t.does.removed(outcome.namesOf(gone)), async () => {
      const { isWhole } = await restoreItems(files, items);
      await model.contents.refresh();
      return isWhole;
    });
  }
  // Of a folder into which a file is being sent there is more to say than that.
  const awaits = failed.some(
    ({ entry, error }) => entry.kind === "folder" && isTransferError(error) && error.code === "conflict",
  );
  if (awaits) outcome.tell(t.does.folderAwaits);
  else if (failed.length > 0) outcome.tellFailed(failed);
}
