import { UsageError } from "./exit-code.ts";

/** The keys of one store, where they are not those of the environment. Each kind of store knows some of them. */
export interface StoreKeys {
  readonly accessKey?: string | undefined;
  readonly secretKey?: string | undefined;
  readonly sessionToken?: string | undefined;
  /** The key of an account. */
  readonly key?: string | undefined;
  readonly connectionString?: string | undefined;
  /** A profile of the AWS configuration. */
  readonly profile?: string | undefined;
  readonly file?: string | undefined;
}

/** Refuse keys that a kind of store does not know. @throws {UsageError} */
export function refuseOtherKeys(keys: StoreKeys, store: string, known: readonly (keyof StoreKeys)[]): void {
  // What an object has are its names.
  const stray = (Object.keys(keys) as (keyof StoreKeys)[]).find(
    (name) => keys[name] !== undefined && !known.includes(name),
  );
  if (stray === undefined) return;
  const takes = known.length === 0 ? "it takes none" : `it takes ${known.join(", ")}`;
  throw new UsageError(`Cannot open ${store} with credentials "${stray}": ${takes}`);
}
