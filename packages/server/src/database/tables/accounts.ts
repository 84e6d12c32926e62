import type { Generated } from "../kysely.ts";

export interface AccountRow {
  readonly name: string;
  readonly password: string;
  readonly admin: number;
  readonly created: number;
}

/** Sessions, tokens (of the API, of agents, for one upload) and one-time links differ in `kind` only: a secret, kept as its SHA-256, that stands for an account. */
export interface SecretRow {
  readonly id: string;
  readonly kind: "session" | "token" | "link" | "agent" | "upload";
  readonly hash: string;
  readonly account: string;
  readonly name: string;
  readonly created: number;
  readonly used: number;
  readonly expires: number | null;
  /** The paired agent that it was given to, for one upload. */
  readonly agent: string | null;
}

export interface PublicKeyRow {
  readonly account: string;
  readonly fingerprint: string;
  readonly algorithm: string;
  /** In base64. */
  readonly blob: string;
  readonly comment: string;
  readonly created: number;
}

/** A failed sign-in, or one that is being looked at. */
interface AttemptRow {
  readonly id: Generated<number>;
  /** What was attempted. */
  readonly name: string;
  /** For whom, or from where. */
  readonly key: string;
  readonly at: number;
}

/** The tables of accounts, and by what they sign in. */
export interface AccountTables {
  readonly accounts: AccountRow;
  readonly public_keys: PublicKeyRow;
  readonly secrets: SecretRow;
  readonly attempts: AttemptRow;
}
