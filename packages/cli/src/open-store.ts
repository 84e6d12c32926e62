/** Opens the store that a URL names: with the table of schemes, the one place where concrete stores are known. */

import { schemeOf } from "./store-url.ts";
import type { OpenedStore, OpenOptions } from "./stores/store-scheme.ts";

export type { OpenedStore } from "./stores/store-scheme.ts";

/** Open it; what is not used is not loaded. @throws {UsageError} if the URL is not one of a store */
export function openStore(url: string, options: OpenOptions = {}): Promise<OpenedStore> {
  return schemeOf(url).open(url, options);
}
