/** The stores of a server: each with its folder, the keys that are its own, and the days of its bin. */

import { resolve } from "node:path";
import { UsageError } from "../exit-code.ts";
import type { StoreKeys } from "../store-keys.ts";
import { folderOf, mountOf } from "./mount-check.ts";
import { daysOf } from "./serve-settings.ts";
import type { SettingPath } from "./settings-check.ts";
import type { SettingsFile } from "./settings-file.ts";
import type { CredentialSettings } from "./settings-schema.ts";

/** One store, not yet opened. */
export interface MountPlan {
  /** `/`, or `/videos`. */
  readonly name: string;
  /** `""`, or a folder with its final `/`. */
  readonly prefix: string;
  readonly url: string;
  /** The names of its keys, when they are not those of the environment. */
  readonly credentials?: CredentialSettings | undefined;
  readonly binDays?: number | undefined;
  /** Where this was said: `naru.yaml:3`, `--store`, `default`. */
  readonly place: string;
}

export interface MountSources {
  readonly file?: SettingsFile | undefined;
  /** What `--store` says. */
  readonly store?: string | undefined;
  /** The store at `/` when nobody says one. */
  readonly usual: string;
  /** Of stores that say nothing themselves. */
  readonly binDays: number;
}

/** Put together what file and flag say: the flag is the store at `/`. */
export function planMounts({ binDays, file, store, usual }: MountSources): readonly MountPlan[] {
  const root = store === undefined ? undefined : { name: "/", prefix: "", url: store, binDays, place: "--store" };
  const said = file === undefined ? [] : plansIn(file, binDays);
  const others = said.filter(({ prefix }) => prefix !== "");
  const first = root ?? said.find(({ prefix }) => prefix === "");
  return [first ?? { name: "/", prefix: "", url: usual, binDays, place: "default" }, ...others];
}

function plansIn(file: SettingsFile, binDays: number): readonly MountPlan[] {
  const { mounts = {}, store } = file.settings;
  const said: [string, SettingPath][] = Object.keys(mounts).map((name) => [name, ["mounts", name]]);
  if (store !== undefined) said.push(["/", ["store"]]);
  return said.map(([name, path]) => {
    const given = name === "/" ? (store ?? mounts[name]) : mounts[name];
    const { bin, credentials, store: url } = mountOf(given ?? "");
    const folder = folderOf(name);
    return {
      name: folder === "" ? "/" : `/${folder}`,
      prefix: folder === "" ? "" : `${folder}/`,
      url: urlFrom(file.folder, url),
      credentials:
        credentials?.file === undefined
          ? credentials
          : { ...credentials, file: resolve(file.folder, credentials.file) },
      binDays: daysOf(bin) ?? binDays,
      place: file.placeOf(path),
    };
  });
}

/** A folder in a file starts from where the file lies. */
function urlFrom(folder: string, url: string): string {
  const relative = /^file:(?!\/)(.+)$/u.exec(url)?.[1];
  return relative === undefined ? url : `file:${resolve(folder, relative)}`;
}

/** Take the keys of a store from the environment. @throws {UsageError} that names the variable which is not set, and its mount */
export function keysOf(
  { credentials = {}, name, place }: Pick<MountPlan, "credentials" | "name" | "place">,
  env: NodeJS.ProcessEnv,
): StoreKeys {
  const read = (variable: string | undefined): string | undefined => {
    if (variable === undefined) return undefined;
    const value = env[variable];
    if (value) return value;
    throw new UsageError(`Cannot open the mount "${name}" (${place}): the environment variable ${variable} is not set`);
  };
  return {
    accessKey: read(credentials.accessKeyEnv),
    secretKey: read(credentials.secretKeyEnv),
    sessionToken: read(credentials.sessionTokenEnv),
    key: read(credentials.keyEnv),
    connectionString: read(credentials.connectionStringEnv),
    profile: credentials.profile,
    file: credentials.file,
  };
}
