/** What one client, one address and all of them may take. */
export interface FtpLimits {
  readonly connections: number;
  readonly connectionsPerAddress: number;
  /** From the connection to the right password. */
  readonly loginGraceMs: number;
  readonly loginTries: number;
  /** How long the answer to a wrong password waits. */
  readonly failureDelayMs: number;
  /** Between commands; a running transfer is activity. */
  readonly idleMs: number;
  /** Without a byte on a data connection, or without reading an answer. */
  readonly stallMs: number;
  /** For a data connection to come, and again for its TLS. */
  readonly acceptMs: number;
  /** How long the data of a client whose control connection is gone is still taken in, to be kept. */
  readonly drainMs: number;
  /** How long the end of the data waits for news that the control connection died with it. */
  readonly settleMs: number;
  readonly lineBytes: number;
  /** Commands that may wait for the one that runs. */
  readonly queuedCommands: number;
}

/** Limits that clients on a bad line can live with. */
export const defaultFtpLimits: FtpLimits = {
  connections: 1000,
  connectionsPerAddress: 20,
  loginGraceMs: 60_000,
  loginTries: 6,
  failureDelayMs: 1000,
  idleMs: 15 * 60_000,
  stallMs: 15 * 60_000,
  acceptMs: 30_000,
  drainMs: 2000,
  settleMs: 20,
  lineBytes: 4096,
  queuedCommands: 64,
};
