import type { DoorCommand } from "../doors.ts";

/** The options of `naru serve` as the command line gives them. */
export interface ServeCommand extends DoorCommand {
  /** The file of settings, when it is not where it usually is. */
  readonly config?: string | undefined;
  readonly checkConfig?: boolean | undefined;
  readonly host: string;
  readonly port: number;
  /** Folder of accounts and ledger. */
  readonly data: string;
  readonly store?: string | undefined;
  /** For how many days the bin keeps things; 0 for no bin. */
  readonly bin: number;
  readonly adminPassword?: string | undefined;
  /** Where a file of settings says that the password is. */
  readonly adminPasswordEnv?: string | undefined;
  readonly adminPasswordFile?: string | undefined;
  /** Where people reach the server, when that is not where it listens; the first is printed. */
  readonly origin?: readonly string[] | undefined;
  readonly setCors?: string | undefined;
  /** Addresses of proxies in front. */
  readonly trustProxy?: string | undefined;
  /** Pages use the server beside the store for no file. */
  readonly oneRoute?: boolean | undefined;
  /** How many days a link may last. */
  readonly shareDays?: number | undefined;
  /** What the log of a link keeps of addresses. */
  readonly shareAddresses?: "short" | "full" | "none" | undefined;
}
