import type { ServedStore } from "@naru/server";
import type { Bucket } from "@naru/server/s3-store";
import { UsageError } from "../exit-code.ts";

import type { CredentialSettings } from "../settings/settings-schema.ts";
import type { RecognisedStores } from "./recognised-stores.ts";

/** A store that may have what only a bucket has. */
export type OpenedStore = ServedStore & Partial<Pick<Bucket, "setCors" | "close">>;

/** What a store's URL says, read. */
export interface StoreAddress {
  readonly kind: string;
}

/** Variables of the environment, by what a mount's credentials call them in `naru.yaml`. */
export type KeyVariables = { readonly [Name in keyof CredentialSettings]?: string };

/** How a store is opened. */
export interface OpenOptions {
  /** Where its keys are looked for. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** It is read, never written: nothing is made where there is nothing. */
  readonly readOnly?: boolean | undefined;
  /** Which stores were recognised earlier; those of this process by default. */
  readonly recognised?: RecognisedStores | undefined;
  /** Called with a sentence on which store it was found to be. */
  readonly note?: ((text: string) => void) | undefined;
}

/** One kind of store URL. Each is a file in this folder, and a line of `store-schemes.ts`. */
export interface StoreScheme {
  /** What such a URL looks like, for messages. */
  readonly form: string;
  /** The variables in which it looks for its keys, by the settings that name others for them. */
  readonly keys: KeyVariables;
  /** @throws {UsageError} that says what is wrong with it */
  read(url: string): StoreAddress;
  /** Open it; what is not used is not loaded. @throws {UsageError} as `read` */
  open(url: string, options?: OpenOptions): Promise<OpenedStore>;
}

/** The error of a URL that cannot be used. What may be a key is left out. */
export function wrongUrl(url: string, why: string): UsageError {
  return new UsageError(`Cannot use the store "${withoutKeys(url)}": ${why}`);
}

/** Keys are put before an `@`, with slashes in them, and into fields that no store URL has. */
function withoutKeys(url: string): string {
  const [place = "", query] = url.split(/\?(.*)/s);
  const shown = place.replace(/^(\w+:(?:\/\/)?).*@/s, "$1");
  if (query === undefined) return shown;
  const fields = query.split("&").map((field) => {
    const [name = "", value] = field.split(/=(.*)/s);
    if (value === undefined || plainFields.has(name)) return field;
    return `${name}=${placeFields.has(name) ? withoutSecrets(value) : "..."}`;
  });
  return `${shown}?${fields.join("&")}`;
}

const plainFields: ReadonlySet<string> = new Set(
  "region style profile account equalParts maxParts leavesParts".split(" "),
);
const placeFields: ReadonlySet<string> = new Set(["endpoint", "publicEndpoint"]);

/** An address without who asks, and without a query, which may be a signature. */
function withoutSecrets(address: string): string {
  return address.replace(/^([^/@]*\/\/)?.*@/s, "$1").replace(/[?#].*$/s, "");
}

/** Refuse fields that are not those of the scheme. */
export function onlyFields(url: string, query: URLSearchParams, fields: readonly string[]): void {
  const stray = [...query.keys()].find((name) => !fields.includes(name));
  if (stray !== undefined) throw wrongUrl(url, `"${stray}" is not one of ${fields.join(", ")}`);
}

/** A field that is `1` or not there. */
export function flagIn(url: string, query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  if (value !== null && value !== "1") throw wrongUrl(url, `${name} is "1" or not there at all, not "${value}"`);
  return value === "1";
}

/** An endpoint, without a slash at its end. */
export function endpointOf(url: string, endpoint: string): string {
  const parsed = URL.parse(endpoint);
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    throw wrongUrl(url, `"${withoutSecrets(endpoint)}" is not an http URL`);
  }
  const { hash, password, search, username } = parsed;
  if (`${username}${password}${search}${hash}` !== "") {
    throw wrongUrl(url, "an endpoint is an address alone, without keys and without a query");
  }
  return endpoint.replace(/\/+$/, "");
}

/** What every key begins with: empty, or with a final `/`. */
export function prefixOf(url: string, { pathname }: URL): string {
  const prefix = decoded(url, pathname).replace(/^\/+|\/+$/g, "");
  return prefix === "" ? "" : `${prefix}/`;
}

function decoded(url: string, pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    throw wrongUrl(url, "its path has a percent sign that encodes nothing; write %25 for one");
  }
}
