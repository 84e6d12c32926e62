/** What a schema cannot say of mounts: names that are folders, each once, none inside another; which keys go together. */

import { isHidden, pathFault } from "@naru/core";
import type { SettingPath, SettingProblem } from "./settings-check.ts";
import type { CredentialSettings, MountSettings, Settings } from "./settings-schema.ts";

type Placed = readonly [SettingPath, string | MountSettings];

/** Find what is wrong with the stores of a file that its schema allows. */
export function checkMounts({ mounts = {}, store }: Settings): readonly SettingProblem[] {
  const problems: SettingProblem[] = [];
  const names = Object.keys(mounts);
  if (store !== undefined && Object.hasOwn(mounts, "/"))
    problems.push({ path: ["mounts", "/"], why: 'it is the same as "store"; leave one of them out' });
  const seen = new Map<string, string>();
  for (const name of names) {
    const path = ["mounts", name];
    const why = faultOf(name) ?? clashOf(name, seen);
    if (why !== undefined) problems.push({ path, why });
    else seen.set(folderOf(name), name);
  }
  const stores = Object.entries(mounts).map(([name, one]): Placed => [["mounts", name], one]);
  const all: readonly Placed[] = store === undefined ? stores : [...stores, [["store"], store]];
  for (const [path, one] of all) {
    if (typeof one === "string" || one.credentials === undefined) continue;
    const why = credentialsFault(one.credentials);
    if (why !== undefined) problems.push({ path: [...path, "credentials"], why });
  }
  return problems;
}

/** The folder that a mount's name says: `""` for `/`. */
export function folderOf(name: string): string {
  return name.replace(/^\/|\/$/gu, "");
}

/** A mount as the longer form says it. */
export function mountOf(given: string | MountSettings): MountSettings {
  return typeof given === "string" ? { store: given } : given;
}

function faultOf(name: string): string | undefined {
  if (name === "/") return undefined;
  if (!name.startsWith("/")) return `a mount begins with a slash; write "/${name}"`;
  const composed = name.normalize("NFC");
  if (composed !== name) return `its letters are not composed (NFC); write "${composed}"`;
  const folder = folderOf(name);
  if (isHidden(folder)) return '".naru" is the store\'s own; choose another folder';
  const fault = pathFault(folder);
  return fault === undefined ? undefined : `it is no name of a folder (${fault}); write one such as "/videos"`;
}

function clashOf(name: string, seen: ReadonlyMap<string, string>): string | undefined {
  const folder = folderOf(name);
  const same = seen.get(folder);
  if (same !== undefined) return `"${same}" is the same folder; leave one of them out`;
  if (folder === "") return undefined;
  for (const [other, otherName] of seen) {
    if (other === "") continue;
    const isInside = folder.startsWith(`${other}/`);
    if (!isInside && !other.startsWith(`${folder}/`)) continue;
    const [inner, outer] = isInside ? [name, otherName] : [otherName, name];
    const instead = `/${folderOf(inner)
      .slice(folderOf(outer).length + 1)
      .replaceAll("/", "-")}`;
    return `"${inner}" lies inside the mount "${outer}"; write it beside it, as "${instead}"`;
  }
  return undefined;
}

function credentialsFault(credentials: CredentialSettings): string | undefined {
  const { accessKeyEnv, connectionStringEnv, file, keyEnv, profile, secretKeyEnv, sessionTokenEnv } = credentials;
  if ((accessKeyEnv === undefined) !== (secretKeyEnv === undefined))
    return '"accessKeyEnv" and "secretKeyEnv" go together; write both';
  if (sessionTokenEnv !== undefined && accessKeyEnv === undefined)
    return '"sessionTokenEnv" needs "accessKeyEnv" and "secretKeyEnv"';
  const ways = [accessKeyEnv, keyEnv, connectionStringEnv, profile ?? file].filter((way) => way !== undefined);
  if (ways.length === 1) return undefined;
  return ways.length === 0
    ? 'it names no keys; write "accessKeyEnv" and "secretKeyEnv", "keyEnv", "connectionStringEnv", "profile" or "file"'
    : "it names keys in more than one way; leave all but one out";
}
