import { type Abortable, anySpelling } from "@naru/core";
import type { FtpTarget } from "./ftp-connection.ts";
import { FtpFiles } from "./ftp-files.ts";
import { FtpPool } from "./ftp-pool.ts";
import { FtpRemote } from "./ftp-remote.ts";
import { growingStore } from "./growing-store.ts";
import type { RemoteStore } from "./remote-store.ts";

/** A server, and the folder on it that is the store. */
export interface FtpStoreOptions extends FtpTarget {
  /** Where files are put: absolute, or from where the account starts. */
  readonly folder?: string | undefined;
  /** Sessions at most; each does one thing at a time. */
  readonly connections?: number | undefined;
}

/**
 * Make a store of an FTP server of any make, by default only over TLS. It connects at the first call, and again after a
 * connection was lost.
 *
 * Parts come one after another (`Limits.maxInFlight` is 1) into a file of a temporary name, which is renamed at
 * `complete`. What the server has of that file is what has come. A part that has come can be written again only if it is
 * the first, since FTP cannot shorten a file.
 */
export function ftpStore(options: FtpStoreOptions): RemoteStore {
  const { folder = "", connections = 4 } = options;
  const pool = new FtpPool(options, connections);
  const remote = new FtpRemote(pool, folder);
  const files = anySpelling(new FtpFiles(pool, folder, remote));
  return {
    direct: false,
    limitsFor: () => remote.limits,
    ...growingStore(remote),
    stat: (path, how) => files.stat(path, how),
    list: (how) => files.list(how),
    read: (path, how) => files.read(path, how),
    move: (from, to, how) => files.move(from, to, how),
    remove: (path, how) => files.remove(path, how),
    connect: (how: Abortable = {}) => pool.use(async () => undefined, how),
    async [Symbol.asyncDispose]() {
      pool.close();
    },
  };
}
