/** The stores of a server: each with its folder, the keys that are its own, and the days of its bin. */

import { resolve } from "node:path";
import { UsageError } from "../exit-code.ts";
import { schemeOf } from "../store-url.ts";
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

/**
 * Make the environment in which a store looks for its keys: the one that there is, or with the keys that the mount names in
 * place of it.
 *
 * @throws {UsageError} for a variable that is not set, and for credentials that such a store does not take
 */
export function environmentOf(
  { credentials, name, place, url }: Pick<MountPlan, "credentials" | "name" | "place" | "url">,
  env: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const scheme = schemeOf(url);
  if (credentials === undefined) return env;
  const where = `the mount "${name}" (${place})`;
  const own: NodeJS.ProcessEnv = { ...env };
  for (const variable of Object.values(scheme.keys)) delete own[variable];
  for (const [key, value] of Object.entries(credentials)) {
    const variable = new Map(Object.entries(scheme.keys)).get(key);
    if (variable === undefined) {
      const known = Object.keys(scheme.keys).join(", ") || "none";
      throw new UsageError(`Cannot open ${where}: ${scheme.form} takes no "${key}"; its credentials are ${known}`);
    }
    own[variable] = key.endsWith("Env") ? env[value] : value;
    if (!own[variable]) throw new UsageError(`Cannot open ${where}: the environment variable ${value} is not set`);
  }
  // A file alone is of its usual profile, and not that of the machine's other keys.
  if (credentials.file !== undefined && credentials.profile === undefined && scheme.keys.profile !== undefined)
    own[scheme.keys.profile] = "default";
  return own;
}
