import { NaruApi } from "@naru/client";
import { type ConflictPolicy, TransferError } from "@naru/core";
import { UsageError } from "./exit-code.ts";
import type { Remote } from "./remote.ts";
import { isFolder, nameIn, plainPath } from "./remote-path.ts";
import { unescaped } from "./terminal-text.ts";

export interface MvCommand {
  readonly conflict: ConflictPolicy;
  /** `from` is as `naru ls` shows it on a terminal. */
  readonly escaped?: boolean | undefined;
  readonly remote: Remote;
}

/** `naru mv`: rename a file or a folder, or put it into the folder that `to` names. */
export async function mv(name: string, to: string, { conflict, escaped = false, remote }: MvCommand): Promise<void> {
  const api = new NaruApi(remote);
  const from = escaped ? unescaped(name) : name;
  const source = plainPath(from);
  const into = to === "" || to === "/" || to.endsWith("/") || (source !== to && (await isFolder(api, to)));
  const target = into ? `${folderOf(to)}${nameIn(source)}` : to;
  if (source === from && (await api.stat(source))) {
    await api.move(source, target, { conflict });
    return;
  }
  if (!(await isFolder(api, source))) {
    throw new TransferError("not-found", `Cannot move "${from}": there is no such file or folder`);
  }
  if (conflict === "overwrite") throw new UsageError(`Cannot move "${from}": a folder is never overwritten`);
  await api.moveFolder(source, target, { conflict });
}

function folderOf(to: string): string {
  const folder = plainPath(to);
  return folder === "" || folder === "/" ? "" : `${folder}/`;
}
