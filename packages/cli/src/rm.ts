import { NaruApi } from "@naru/client";
import { TransferError } from "@naru/core";
import type { Remote } from "./remote.ts";

/** `naru rm`. @throws {TransferError} `not-found` at the first path that is not there */
export async function rm(paths: readonly string[], { remote }: { readonly remote: Remote }): Promise<void> {
  const api = new NaruApi(remote);
  for (const path of paths) {
    if (!(await api.stat(path))) throw new TransferError("not-found", `Cannot remove "${path}": there is no such file`);
    await api.remove(path);
  }
}
