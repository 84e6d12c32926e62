/** `naru get`: files, and folders with all that is in them. */

import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { NaruApi, type RouteWish } from "@naru/client/node";
import { TransferError } from "@naru/core";
import { downloadsAtOnce } from "./downloads-at-once.ts";
import { eachOf } from "./each-of.ts";
import { UsageError } from "./exit-code.ts";
import { fetchArchive, type GetContext, getFile } from "./get-file.ts";
import { getFolder } from "./get-folder.ts";
import { interruptSignal } from "./interrupt.ts";
import { networkOf } from "./limited-network.ts";
import { LocalChecksums } from "./local-same.ts";
import { openProgress } from "./progress.ts";
import type { Remote } from "./remote.ts";
import { isFolder, nameIn, plainPath } from "./remote-path.ts";
import type { SpeedLimit } from "./speed-limit.ts";

export interface GetCommand {
  /** The folder on this machine; for one path also the name of its file. */
  readonly to?: string | undefined;
  /** All that is named, as one ZIP file. */
  readonly zip?: boolean | undefined;
  readonly route: RouteWish;
  readonly concurrency: number;
  readonly limit?: SpeedLimit;
  readonly json?: boolean | undefined;
  readonly remote: Remote;
}

/** Fetch what `names` name. One that fails does not stop the others; the first failure sets the exit code. */
export async function get(names: readonly string[], command: GetCommand): Promise<void> {
  const { paths, to } = placesOf(names, command.to);
  const { route, concurrency, limit, zip = false, json = false } = command;
  if (zip && route === "direct") throw new UsageError("Cannot get a ZIP file by --route direct: the server makes it");
  const into = await intoFolder(to, { several: paths.length > 1 && !zip });
  const targets = zip ? new Map<string, string>() : targetsOf(paths, { to, into });
  if (into !== undefined) await mkdir(into, { recursive: true });
  const signal = interruptSignal();
  await using network = networkOf(limit);
  await using checksums = new LocalChecksums();
  const { origin, auth } = command.remote;
  const api = new NaruApi({ origin, auth, fetch: network.fetch });
  const progress = openProgress();
  const atOnce = downloadsAtOnce(limit, concurrency);
  const context: GetContext = { api, network, checksums, progress, signal, route, json, ...atOnce };
  const say = (text: string): void => progress.say(text);
  try {
    if (zip) await getZip(context, paths, { to, into });
    else await eachOf([...targets.keys()], (path) => getOne(context, path, targets.get(path) ?? ""), { signal, say });
  } finally {
    progress.close();
  }
  signal.throwIfAborted();
}

async function getZip(
  context: GetContext,
  names: readonly string[],
  { to, into }: { readonly to: string | undefined; readonly into: string | undefined },
): Promise<void> {
  const { api, signal } = context;
  const paths: string[] = [];
  for (const name of new Set(names)) {
    const path = plainPath(name);
    if (path === name && (await api.stat(path, { signal }))) paths.push(path);
    else if (path === "/" || (await isFolder(api, path, { signal }))) paths.push(path === "/" ? path : `${path}/`);
    else throw new TransferError("not-found", `Cannot get "${name}": there is no such file or folder`);
  }
  const name = paths.length === 1 ? nameIn(plainPath(paths[0] ?? "")) : "";
  const file = `${name === "" ? "files" : name}.zip`;
  await fetchArchive(context, paths, into === undefined ? (to ?? file) : join(into, file));
}

async function getOne(context: GetContext, path: string, to: string): Promise<void> {
  const { api, signal } = context;
  const source = plainPath(path);
  const file = source === path ? await api.stat(source, { signal }) : undefined;
  if (file !== undefined) await getFile(context, file, to);
  else if (await isFolder(api, source, { signal })) await getFolder(context, source, to);
  else throw new TransferError("not-found", `Cannot get "${path}": there is no such file or folder`);
}

/** Which of the arguments are paths at the server: of two, the second is a place on this machine. */
export function placesOf(
  names: readonly string[],
  to: string | undefined,
): { readonly paths: readonly string[]; readonly to: string | undefined } {
  const [first = "", second] = names;
  if (to !== undefined || second === undefined) return { paths: names, to };
  if (names.length === 2) return { paths: [first], to: second };
  const last = names.at(-1);
  throw new UsageError(`Cannot tell whether "${last}" is on this machine: name the folder with --to, as in --to .`);
}

/** Where each of `paths` goes on this machine. */
function targetsOf(
  paths: readonly string[],
  { to, into }: { readonly to: string | undefined; readonly into: string | undefined },
): ReadonlyMap<string, string> {
  const targets = new Map<string, string>();
  for (const path of new Set(paths)) {
    const name = nameIn(plainPath(path));
    if (name === "") throw new UsageError(`Cannot get "${path}": it does not name a file or folder`);
    const target = into === undefined ? (to ?? name) : join(into, name);
    const other = [...targets].find(([, taken]) => taken === target)?.[0];
    if (other !== undefined) throw new UsageError(`Cannot get "${path}": "${other}" goes to "${target}" too`);
    targets.set(path, target);
  }
  return targets;
}

/** The folder that things go into under their own names, if that is what was meant. */
async function intoFolder(
  to: string | undefined,
  { several }: { readonly several: boolean },
): Promise<string | undefined> {
  if (to === undefined) return several ? "." : undefined;
  const isFolderHere = await stat(to).then(
    (facts) => facts.isDirectory(),
    () => several || to.endsWith("/"),
  );
  if (several && !isFolderHere) throw new UsageError(`Cannot get several paths to "${to}": it is not a folder`);
  return isFolderHere ? to : undefined;
}
