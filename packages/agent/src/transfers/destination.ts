/**
 * Where a file goes. Secrets are part of it, so a destination is kept in the data folder (0600) and shown only by
 * `shownDestination`.
 *
 * @module
 */

import type { Auth, RouteWish } from "@naru/client";
import type { ConflictPolicy } from "@naru/core";

interface Granted {
  /** A paired server's grant: its secret is for one file. */
  readonly granted?: true | undefined;
}

export interface SftpDestination extends Granted {
  readonly kind: "sftp";
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password?: string | undefined;
  /** In OpenSSH's format or PEM. */
  readonly privateKey?: string | undefined;
  /** `SHA256:...`; without it nobody is trusted. */
  readonly hostKey?: string | undefined;
  /** Empty, or with a final `/`. An absolute folder begins with `/`. */
  readonly folder: string;
}

export interface FtpDestination extends Granted {
  readonly kind: "ftp" | "ftps";
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly folder: string;
}

export interface NaruDestination extends Granted {
  readonly kind: "naru";
  /** E.g. `https://files.example.com`. */
  readonly origin: string;
  readonly auth: Auth;
  /** Empty, or with a final `/`. */
  readonly folder: string;
  readonly route: RouteWish;
  readonly conflict?: ConflictPolicy | undefined;
}

export type Destination = SftpDestination | FtpDestination | NaruDestination;
