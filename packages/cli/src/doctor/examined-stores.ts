/** Which stores are examined, and how each is opened. */

import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { UsageError } from "../exit-code.ts";
import { type OpenedStore, openStore } from "../open-store.ts";
import { environmentOf, type MountPlan, planMounts } from "../settings/mounts.ts";
import { findSettings, readSettings } from "../settings/settings-file.ts";

/** A store that is to be examined, and the folder at which people see it. */
export interface NamedStore {
  /** `/`, or `/videos`. */
  readonly name: string;
  /** What its URL says without the options. */
  readonly address: string;
  readonly open: () => Promise<OpenedStore>;
}

export interface StoreChoice {
  readonly store?: string | undefined;
  readonly config?: string | undefined;
  readonly data: string;
  readonly env: NodeJS.ProcessEnv;
}

export interface ChosenStores {
  readonly stores: readonly NamedStore[];
  /** Where the server's settings say that people open the page. */
  readonly origins: readonly string[];
}

/** The store that is named, or those of the server whose settings or data lie here. @throws {UsageError} when there is none */
export async function storesToExamine({ config, store, data, env }: StoreChoice): Promise<ChosenStores> {
  const named = store ?? (config === undefined ? env["NARU_STORE"] || undefined : undefined);
  if (named !== undefined)
    return { stores: [{ name: "/", address: addressIn(named), open: () => openThere(named, env) }], origins: [] };
  const found = config === undefined ? findSettings(data) : { file: config };
  const file = found && (await readSettings(found.file));
  const dataDir = file?.settings.data === undefined ? resolve(data) : resolve(file.folder, file.settings.data);
  const usual = `file:${join(dataDir, "files")}`;
  const plans = planMounts({ file, store: undefined, usual, binDays: 0 });
  const isServed = plans.some(({ url }) => url !== usual) || (await isFolder(join(dataDir, "files")));
  if (!isServed) {
    const how = "name one with --store or NARU_STORE, or the folder of a server with --data";
    throw new UsageError(`Cannot find a store to examine: there is no "${join(dataDir, "files")}"; ${how}`);
  }
  const openOf = (plan: MountPlan) => () => openThere(plan.url, environmentOf(plan, env));
  return {
    stores: plans.map((plan) => ({ name: plan.name, address: addressIn(plan.url), open: openOf(plan) })),
    origins: file?.settings.origins ?? [],
  };
}

function addressIn(url: string): string {
  return url.split("?", 1)[0] ?? url;
}

/** Opening a folder makes it; who only wants to look must not. */
async function openThere(url: string, env: NodeJS.ProcessEnv): Promise<OpenedStore> {
  const folder = /^file:(?:\/\/(?=\/))?(.+)$/.exec(url)?.[1];
  if (folder === undefined || (await isFolder(resolve(folder)))) return openStore(url, { env });
  throw new Error(`Cannot examine "${resolve(folder)}": there is no such folder`);
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ?? false;
}
