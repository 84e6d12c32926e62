import type { StoredFile } from "@naru/core";
import type { ArrivedChange } from "./change-journal.ts";
import type { ChangesOptions } from "./changes-options.ts";
import type { Facts } from "./file-facts.ts";

type Aside = NonNullable<ArrivedChange["aside"]>;

/** Where a file waits while another appears under its name, to be moved on. */
export function asideOf(file: StoredFile, facts: Facts): Aside {
  const modified = facts.modified ?? file.modified.getTime();
  return { path: `${file.path}.naru-${crypto.randomUUID().slice(0, 8)}`, facts: { ...facts, modified } };
}

/**
 * Move a file that waits back to its name, unless another has come there. A bucket copies before it removes: while the file
 * is there under both names, what waits is the copy.
 */
export async function restoreAside(
  { at, before }: Pick<ArrivedChange, "at" | "before">,
  { path, facts }: Aside,
  { store, facts: ledger }: Pick<ChangesOptions, "store" | "facts">,
): Promise<void> {
  const waiting = await store.stat(path);
  if (!waiting) return;
  const there = await store.stat(at);
  if (there) return there.etag === before ? store.remove(path) : undefined;
  const back = await store.move(path, at, { file: waiting });
  await ledger.replace(back, facts);
}
