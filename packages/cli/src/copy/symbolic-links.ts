import { opendir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { type Abortable, isHidden } from "@naru/core";

/** Find the symbolic links in a folder of this machine, below a prefix; their paths, relative to that. */
export async function* symbolicLinksIn(folder: string, prefix: string, { signal }: Abortable): AsyncGenerator<string> {
  const root = join(folder, prefix);
  // What cannot be read is reported by the copy itself.
  const entries = await opendir(root, { recursive: true }).catch(() => undefined);
  for await (const entry of entries ?? []) {
    if (signal?.aborted) return;
    if (!entry.isSymbolicLink()) continue;
    const path = relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, "/");
    if (!isHidden(prefix + path)) yield path;
  }
}
