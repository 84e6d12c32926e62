import { type Abortable, anySpelling, MiB, uploadExtension } from "@naru/core";
import { isGrowingId, unknownUpload } from "./growing-id.ts";
import { growingStore } from "./growing-store.ts";
import type { RemoteStore } from "./remote-store.ts";
import { SftpFiles } from "./sftp-files.ts";
import { SftpLink } from "./sftp-link.ts";
import { SftpRemote } from "./sftp-remote.ts";
import { sftpUploads } from "./sftp-uploads.ts";
import type { SshTarget } from "./ssh-connection.ts";

/** From this size on, in bytes, a file goes to a server of ours over several connections. */
export const defaultLargeSize: number = 128 * MiB;

/** A server, and the folder on it that is the store. */
export interface SftpStoreOptions extends SshTarget {
  /** Where files are put: absolute, or from where the account starts. */
  readonly folder?: string | undefined;
  /** How many connections the files on their way are spread over; each file keeps to one. */
  readonly connections?: number | undefined;
  /** Over how many a large file goes where the server is ours and near. */
  readonly partConnections?: number | undefined;
  /** Over how many where it is far. */
  readonly farConnections?: number | undefined;
  /** How large that is. Bytes. */
  readonly largeSize?: number | undefined;
}

/**
 * Make a store of an SFTP server of any make. It connects at the first call, and again after a connection was lost.
 *
 * Parts come one after another into a file of a temporary name, which is renamed at `complete`; while one is made durable
 * the next may come (`Limits.maxInFlight` is 2). What the server has of that file is what has come. A large file goes to
 * a server of ours by numbered parts, over several connections at once.
 */
export function sftpStore(options: SftpStoreOptions): RemoteStore {
  const {
    folder = "",
    connections = 1,
    partConnections = 4,
    farConnections = 16,
    largeSize = defaultLargeSize,
  } = options;
  const more = (count: number): readonly SftpLink[] => Array.from({ length: count }, () => new SftpLink(options));
  const first = new SftpLink(options);
  const links = [first, ...more(connections - 1)];
  const partLinks = [first, ...more(Math.max(partConnections, farConnections) - 1)];
  const remote = new SftpRemote(links, folder);
  const files = anySpelling(new SftpFiles(folder, remote));
  const growing = growingStore(remote);
  const byParts = sftpUploads({ links: partLinks, near: partConnections, limits: remote.limits, folder });
  const isOurs = async (how: Abortable): Promise<boolean> => (await first.client(how)).has(uploadExtension.control);
  return {
    direct: false,
    limitsFor: () => remote.limits,
    async create(spec, how = {}) {
      const isLarge = partConnections > 1 && spec.size !== undefined && spec.size >= largeSize;
      return (isLarge && (await isOurs(how)) ? byParts : growing).create(spec, how);
    },
    async resume(id, how = {}) {
      if (isGrowingId(id)) return growing.resume(id, how);
      if (!(await isOurs(how))) throw unknownUpload(id);
      return byParts.resume(id, how);
    },
    stat: (path, how) => files.stat(path, how),
    list: (how) => files.list(how),
    read: (path, how) => files.read(path, how),
    move: (from, to, how) => files.move(from, to, how),
    remove: (path, how) => files.remove(path, how),
    async connect(how) {
      await first.client(how);
    },
    async [Symbol.asyncDispose]() {
      for (const link of new Set([...links, ...partLinks])) await link.close();
    },
  };
}
