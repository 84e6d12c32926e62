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

/** A kind of store, as far as its keys are concerned. */
interface Keyed {
  readonly form: string;
  readonly keys: readonly (keyof StoreKeys)[];
}

/** Which settings name the keys. */
const settingOf: Readonly<Record<keyof StoreKeys, string>> = {
  accessKey: "accessKeyEnv",
  secretKey: "secretKeyEnv",
  sessionToken: "sessionTokenEnv",
  key: "keyEnv",
  connectionString: "connectionStringEnv",
  profile: "profile",
  file: "file",
};

/** Refuse keys that a kind of store does not know. @throws {UsageError} */
export function refuseOtherKeys(keys: StoreKeys, { form, keys: known }: Keyed): void {
  // What a table has are its names.
  const names = Object.keys(settingOf) as (keyof StoreKeys)[];
  const stray = names.find((name) => keys[name] !== undefined && !known.includes(name));
  if (stray === undefined) return;
  const takes = known.length === 0 ? "no credentials" : known.map((name) => settingOf[name]).join(", ");
  throw new UsageError(`Cannot use the credentials "${settingOf[stray]}" for ${form}: it takes ${takes}`);
}
