/** Which stores are examined, and how each is opened. */

import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { UsageError } from "../exit-code.ts";
import { type OpenedStore, openStore } from "../open-store.ts";

/** A store that is to be examined, and the folder at which people see it. */
export interface NamedStore {
  /** `/`, or `/videos`. */
  readonly name: string;
  readonly open: () => Promise<OpenedStore>;
}

export interface StoreChoice {
  readonly store?: string | undefined;
  readonly data: string;
  readonly env: NodeJS.ProcessEnv;
}

/** The store that is named, or those of the server whose data lie here. @throws {UsageError} when there is none */
export async function storesToExamine({ store, data, env }: StoreChoice): Promise<readonly NamedStore[]> {
  const named = store ?? (env["NARU_STORE"] || undefined);
  if (named !== undefined) return [{ name: "/", open: () => openThere(named) }];
  const folder = join(resolve(data), "files");
  if (!(await isFolder(folder))) {
    const how = "name one with --store or NARU_STORE, or the folder of a server with --data";
    throw new UsageError(`Cannot find a store to examine: there is no "${folder}"; ${how}`);
  }
  return [{ name: "/", open: () => openThere(`file:${folder}`) }];
}

/** Opening a folder makes it; who only wants to look must not. */
async function openThere(url: string): Promise<OpenedStore> {
  const folder = /^file:(?:\/\/(?=\/))?(.+)$/.exec(url)?.[1];
  if (folder === undefined || (await isFolder(resolve(folder)))) return openStore(url);
  throw new Error(`Cannot examine "${resolve(folder)}": there is no such folder`);
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ?? false;
}
