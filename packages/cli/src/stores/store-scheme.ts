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

/** The error of a URL that cannot be used. What is before an `@` may be a key, and is left out. */
export function wrongUrl(url: string, why: string): UsageError {
  return new UsageError(`Cannot use the store "${withoutKeys(url)}": ${why}`);
}

function withoutKeys(url: string): string {
  return url.replace(/^(\w+:\/\/)[^/?#]*@/, "$1");
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
    throw wrongUrl(url, `"${endpoint}" is not an http URL`);
  }
  return endpoint.replace(/\/+$/, "");
}

/** What every key begins with: empty, or with a final `/`. */
export function prefixOf({ pathname }: URL): string {
  const prefix = decodeURIComponent(pathname).replace(/^\/+|\/+$/g, "");
  return prefix === "" ? "" : `${prefix}/`;
}
