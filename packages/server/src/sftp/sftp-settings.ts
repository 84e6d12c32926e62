import { MiB } from "@naru/core";
import type { Bans } from "../accounts/bans.ts";
import type { GatewaySession } from "../gateway/gateway-session.ts";
import type { Startups } from "./admission.ts";

/** Where the door tells what happens, one line each; a pino logger is one. */
export interface SftpLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Who has proved to be who. */
export interface SignedIn {
  readonly account: string;
  /** What this one may do, when it is not all that the account may (a one-upload token). */
  readonly session?: (() => GatewaySession | Promise<GatewaySession>) | undefined;
  /** Whether it would be let in once more: what it proved itself by may be revoked meanwhile. */
  readonly isStillWelcome?: (() => Promise<boolean>) | undefined;
}

/** Tells clients from strangers. Takes as long for an unknown name as for a wrong password; both are `undefined`. */
export interface SftpAuthenticate {
  password(user: string, password: string, address: string): Promise<SignedIn | undefined>;
  /** Whose public key this is, as SSH's blob; that the client has its private half is checked by the door. */
  key(user: string, key: { readonly algorithm: string; readonly blob: Uint8Array }): Promise<SignedIn | undefined>;
}

/** What of the gateway the door needs: a session for whoever has signed in. */
export interface SftpGateway {
  open(account: string, options: { readonly door: "sftp" }): GatewaySession | Promise<GatewaySession>;
}

export interface SftpLimits {
  /** From the connection to the end of signing in. */
  readonly loginMs: number;
  readonly loginTries: number;
  /** How long a wrong password waits for its answer. */
  readonly failureDelayMs: number;
  readonly connectionsPerAddress: number;
  readonly startups: Startups;
  /** Of one connection. */
  readonly channels: number;
  readonly handles: number;
  /** Without a request, and with none being answered. */
  readonly idleMs: number;
  readonly keepaliveMs: number;
  readonly keepaliveTries: number;
  /** How long what a lost client had sent may take to find its room. */
  readonly drainMs: number;
  /** What the windows of all channels may come to. */
  readonly windowBytes: number;
}

export const defaultSftpLimits: SftpLimits = {
  loginMs: 60_000,
  loginTries: 6,
  failureDelayMs: 1000,
  connectionsPerAddress: 200,
  startups: { begin: 30, share: 0.3, full: 100 },
  channels: 10,
  handles: 100,
  idleMs: 15 * 60_000,
  keepaliveMs: 15_000,
  keepaliveTries: 3,
  drainMs: 30_000,
  windowBytes: 16 * MiB,
};

/** What all connections of a door share. */
export interface SftpSettings {
  readonly gateway: SftpGateway;
  readonly authenticate: SftpAuthenticate;
  readonly bans: Bans;
  readonly limits: SftpLimits;
  readonly log: SftpLog;
  readonly now: () => number;
}
