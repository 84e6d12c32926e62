/**
 * The folders that experiments of this browser send to, remembered until they are removed: a page that is killed removes
 * nothing. Nobody but whoever is asked removes them, since another tab may still send to one.
 *
 * @module
 */

import type { NaruApi } from "../../api.ts";
import { removeSent } from "./remove-sent.ts";

const key = "naru-experiment-folders";
const mostKept = 20;
const ownName = /^naru-bench-[0-9a-f]{8}$/u;

/** Remember a folder, by its name. */
export function keepFolder(name: string): void {
  keep([...kept().filter((one) => one !== name), name].slice(-mostKept));
}

export function forgetFolder(name: string): void {
  keep(kept().filter((one) => one !== name));
}

/** List those that are still at the server, or have unfinished uploads there. */
export async function leftFolders(api: NaruApi): Promise<readonly string[]> {
  const names = kept();
  if (names.length === 0) return [];
  const uploads = await api.mine();
  const left: string[] = [];
  for (const name of names) {
    if (uploads.some(({ path }) => path.startsWith(`${name}/`)) || (await api.hasFolder(name))) left.push(name);
    else forgetFolder(name);
  }
  return left;
}

/** Remove one with all that is in it, and what was being sent to it. @throws {TransferError} */
export async function removeLeftFolder(api: NaruApi, name: string): Promise<void> {
  await removeSent(api, name);
  forgetFolder(name);
}

function kept(): readonly string[] {
  try {
    const names: unknown = JSON.parse(localStorage.getItem(key) ?? "[]");
    if (!Array.isArray(names)) return [];
    return names.filter((name) => typeof name === "string" && ownName.test(name));
  } catch {
    return [];
  }
}

function keep(names: readonly string[]): void {
  try {
    if (names.length === 0) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(names));
  } catch {
    // A page without storage forgets; its folders can be seen in the list of files.
  }
}
