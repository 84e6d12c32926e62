import { readStoreUrl } from "../store-url.ts";
import type { EffectiveSettings } from "./effective-settings.ts";
import { environmentOf } from "./mounts.ts";

/**
 * Print what the server would run with, and where each setting comes from; secrets only by the names of their variables.
 *
 * @throws {UsageError} for a store that cannot be named so, or keys that are not there
 */
export function checkConfig({ mounts, shown }: EffectiveSettings, env: NodeJS.ProcessEnv): void {
  for (const mount of mounts) {
    readStoreUrl(mount.url);
    environmentOf(mount, env);
  }
  const nameWidth = Math.max(...shown.map(({ name }) => name.length));
  const valueWidth = Math.min(60, Math.max(...shown.map(({ value }) => value.length)));
  for (const { from, name, value } of shown)
    console.log(`${name.padEnd(nameWidth)}  ${value.padEnd(valueWidth)}  ${from}`);
}
