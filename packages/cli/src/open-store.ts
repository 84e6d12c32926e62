/** Opens the store that a URL names: with the table of schemes, the one place where concrete stores are known. */

import { refuseOtherKeys, type StoreKeys } from "./store-keys.ts";
import { schemeOf } from "./store-url.ts";
import type { OpenedStore } from "./stores/store-scheme.ts";

export type { OpenedStore } from "./stores/store-scheme.ts";

/**
 * Open it; what is not used is not loaded. Its keys are those of the environment, or `keys`.
 *
 * @throws {UsageError} if the URL is not one of a store, or its kind takes no such keys
 */
export async function openStore(url: string, keys: StoreKeys = {}): Promise<OpenedStore> {
  const scheme = schemeOf(url);
  refuseOtherKeys(keys, scheme);
  return scheme.open(url, keys);
}
