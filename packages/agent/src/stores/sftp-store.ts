import { growingStore } from "./growing-store.ts";
import type { RemoteStore } from "./remote-store.ts";
import { SftpFiles } from "./sftp-files.ts";
import { SftpLink } from "./sftp-link.ts";
import { SftpPlace } from "./sftp-place.ts";
import type { SshTarget } from "./ssh-connection.ts";

/** A server, and the folder on it that is the store. */
export interface SftpStoreOptions extends SshTarget {
  /** Where files are put: absolute, or from where the account starts. */
  readonly folder?: string | undefined;
  /** How many connections the files on their way are spread over; each file keeps to one. */
  readonly connections?: number | undefined;
}

/**
 * Make a store of an SFTP server of any make. It connects at the first call, and again after a connection was lost.
 *
 * Parts come one after another into a file of a temporary name, which is renamed at `complete`; while one is made durable
 * the next may come (`limits.maxInFlight` is 2). What the server has of that file is what has come.
 */
export function sftpStore(options: SftpStoreOptions): RemoteStore {
  const { folder = "", connections = 1 } = options;
  const links = Array.from({ length: connections }, () => new SftpLink(options));
  const place = new SftpPlace(links, folder);
  const files = new SftpFiles(folder, place);
  return {
    limits: place.limits,
    ...growingStore(place),
    stat: (path, how) => files.stat(path, how),
    list: (how) => files.list(how),
    read: (path, how) => files.read(path, how),
    move: (from, to, how) => files.move(from, to, how),
    remove: (path, how) => files.remove(path, how),
    async connect(how) {
      await links[0]?.client(how);
    },
    async [Symbol.asyncDispose]() {
      for (const link of links) await link.close();
    },
  };
}
