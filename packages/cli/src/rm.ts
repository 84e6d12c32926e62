import { NaruApi } from "@naru/client";
import { TransferError } from "@naru/core";
import { eachOf } from "./each-of.ts";
import type { Remote } from "./remote.ts";
import { isFolder, plainPath } from "./remote-path.ts";
import { unescaped } from "./terminal-text.ts";

export interface RmCommand {
  readonly recursive?: boolean | undefined;
  /** Names are as `naru ls` shows them on a terminal. */
  readonly escaped?: boolean | undefined;
  readonly remote: Remote;
}

/** `naru rm`: files, and with `recursive` folders with all that is in them. */
export async function rm(
  paths: readonly string[],
  { recursive = false, escaped = false, remote }: RmCommand,
): Promise<void> {
  const api = new NaruApi(remote);
  await eachOf(paths, async (name) => {
    const path = escaped ? unescaped(name) : name;
    const named = plainPath(path);
    if (named === path && (await api.stat(path))) return api.remove(path);
    if (!(await isFolder(api, named))) {
      throw new TransferError("not-found", `Cannot remove "${path}": there is no such file or folder`);
    }
    if (recursive) return api.removeFolder(named, { recursive });
    const todo = "use naru rm -r to remove it with all that is in it, or naru rmdir when it is empty";
    throw new TransferError("conflict", `Cannot remove "${path}": it is a folder; ${todo}`);
  });
}

/** `naru rmdir`: folders that are empty. */
export async function rmdir(paths: readonly string[], { remote }: { readonly remote: Remote }): Promise<void> {
  const api = new NaruApi(remote);
  await eachOf(paths, (path) => api.removeFolder(plainPath(path), { recursive: false }));
}
