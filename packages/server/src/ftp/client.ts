import type { GatewaySession } from "../gateway/gateway-session.ts";
import type { ControlConnection } from "./control-connection.ts";
import type { DataSource } from "./data-connection.ts";
import type { FtpSettings, FtpSignedIn } from "./ftp-settings.ts";
import type { HashName } from "./hash-names.ts";
import type { FactName } from "./listing-format.ts";

/** A transfer that runs, as STAT tells it and ABOR ends it. */
export interface RunningTransfer {
  readonly verb: string;
  readonly path: string;
  bytes: number;
  abort(): void;
}

/** What a client has set with earlier commands, for later ones. */
export interface ClientState {
  user: string | undefined;
  tries: number;
  files: GatewaySession | undefined;
  folder: string;
  /** From REST, for the next transfer only. */
  restart: number;
  /** From ALLO, for the next transfer only. */
  expectedSize: number | undefined;
  renameFrom: string | undefined;
  hash: HashName;
  facts: ReadonlySet<FactName>;
  bufferAgreed: boolean;
  protectData: boolean;
  /** EPSV ALL: nothing but EPSV from here on. */
  extendedOnly: boolean;
  data: DataSource | undefined;
  transfer: RunningTransfer | undefined;
}

/** One client, as its commands see it. */
export interface Client {
  readonly settings: FtpSettings;
  readonly control: ControlConnection;
  /** The client's address, and the one of ours it came to. */
  readonly peer: string;
  readonly host: string;
  readonly state: ClientState;
  /** The files of the account that has signed in. @throws {FtpFault} 530 */
  readonly files: GatewaySession;
  /** Stop counting the time to sign in. */
  signedIn(files: GatewaySession, account: FtpSignedIn): void;
}
