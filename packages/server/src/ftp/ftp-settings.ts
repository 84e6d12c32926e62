import type { SecureContext } from "node:tls";
import type { Bans } from "../accounts/bans.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { GatewaySession } from "../gateway/gateway-session.ts";
import type { FtpLimits } from "./ftp-limits.ts";
import type { PassivePorts } from "./passive-ports.ts";

/** Where the door tells what happens, one line each; a pino logger is one. */
export interface FtpLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Who tries to sign in from where. */
export interface FtpCaller {
  readonly address: string;
  /** Whether the password came over TLS. */
  readonly secure: boolean;
}

/** Who has proved to be who. */
export interface FtpSignedIn {
  readonly name: string;
  /** What this one may do, when it is not all that the account may (a one-upload token). */
  readonly session?: (() => GatewaySession) | undefined;
  /** Whether it would be let in once more: what it proved itself by may be revoked meanwhile. */
  readonly isStillWelcome?: (() => Promise<boolean>) | undefined;
}

/**
 * Tell whose name and password these are; `undefined` if nobody's. It takes as long for an unknown name as for a wrong
 * password. Too many attempts are the TransferError `throttled`.
 */
export type FtpAuthenticate = (name: string, password: string, caller: FtpCaller) => Promise<FtpSignedIn | undefined>;

export interface SecureSettings {
  /** One for control and data connections, so that data connections resume the session of the control connection. */
  readonly context: SecureContext;
  /** Refuse names and passwords, and data, that do not come over TLS. */
  readonly required: boolean;
  /** Refuse a data connection that does not resume a TLS session of this server. */
  readonly sessionReuse: boolean;
}

/** What all sessions of a door share. */
export interface FtpSettings {
  readonly gateway: Pick<Gateway, "open">;
  readonly authenticate: FtpAuthenticate;
  readonly secure: SecureSettings | undefined;
  readonly ports: PassivePorts;
  /** What PASV tells instead of our own address, behind address translation. */
  readonly passiveAddress: string | undefined;
  /** Whether the server may connect to the client (PORT, EPRT). */
  readonly active: boolean;
  readonly limits: FtpLimits;
  readonly bans: Bans;
  readonly log: FtpLog;
  readonly now: () => number;
}
