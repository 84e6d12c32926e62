import type { StoreAddress, StoreScheme } from "./stores/store-scheme.ts";
import { wrongUrl } from "./stores/store-scheme.ts";
import { storeSchemes } from "./stores/store-schemes.ts";

/** Read a store URL. @throws {UsageError} that says what is wrong with it */
export function readStoreUrl(url: string): StoreAddress {
  return schemeOf(url).read(url);
}

/** Which kind of store a URL names. @throws {UsageError} if none */
export function schemeOf(url: string): StoreScheme {
  const scheme = storeSchemes[/^(\w+):/.exec(url)?.[1]?.toLowerCase() ?? ""];
  if (scheme !== undefined) return scheme;
  const forms = Object.values(storeSchemes).map(({ form }) => form);
  throw wrongUrl(url, `it is neither ${forms.join(" nor ")}`);
}
