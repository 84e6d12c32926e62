/** `naru get`: a file, or a folder with all that is in it. */

import { stat } from "node:fs/promises";
import { join } from "node:path";
import { NaruApi, openNetwork, type RouteWish } from "@naru/client/node";
import { TransferError } from "@naru/core";
import { UsageError } from "./exit-code.ts";
import { type GetContext, getFile } from "./get-file.ts";
import { getFolder } from "./get-folder.ts";
import { interruptSignal } from "./interrupt.ts";
import { openProgress } from "./progress.ts";
import type { Remote } from "./remote.ts";
import { isFolder, nameIn, plainPath } from "./remote-path.ts";

export interface GetCommand {
  readonly file?: string | undefined;
  readonly route: RouteWish;
  readonly concurrency: number;
  readonly json?: boolean | undefined;
  readonly remote: Remote;
}

/** Fetch what `path` names. */
export async function get(path: string, command: GetCommand): Promise<void> {
  const signal = interruptSignal();
  await using network = openNetwork();
  const { origin, auth } = command.remote;
  const api = new NaruApi({ origin, auth, fetch: network.fetch });
  const source = plainPath(path);
  if (nameIn(source) === "") throw new UsageError(`Cannot get "${path}": it does not name a file or folder`);
  const to = await destination(source, command.file);
  const progress = openProgress();
  const { route, concurrency, json = false } = command;
  const context: GetContext = { api, network, progress, signal, route, concurrency, json };
  try {
    if (source === path && (await api.stat(source, { signal }))) await getFile(context, source, to);
    else if (await isFolder(api, source, { signal })) await getFolder(context, source, to);
    else throw new TransferError("not-found", `Cannot get "${path}": there is no such file or folder`);
  } finally {
    progress.close();
  }
  signal.throwIfAborted();
}

async function destination(source: string, file: string | undefined): Promise<string> {
  const name = nameIn(source);
  if (file === undefined) return name;
  const folder = await stat(file).then(
    (facts) => facts.isDirectory(),
    () => file.endsWith("/"),
  );
  return folder ? join(file, name) : file;
}
