/** The one place where destinations become stores. */

import { httpFiles, NaruApi, openNetwork, routeStore } from "@naru/client/node";
import type { Abortable, Files, Store } from "@naru/core";
import { ftpStore } from "../stores/ftp-store.ts";
import { sftpStore } from "../stores/sftp-store.ts";
import type { Destination, NaruDestination, SftpDestination } from "./destination.ts";
import { listens, withReason } from "./reach.ts";

/** A store to send to, until it is disposed. */
export interface OpenedStore extends AsyncDisposable {
  readonly store: Store;
  /** What has arrived there. */
  readonly files: Pick<Files, "stat">;
  /** What the file's path begins with at this store. */
  readonly prefix: string;
  /** Parts at once at the beginning, at most. */
  readonly initialConcurrency?: number | undefined;
  readonly probe?: ((options: Abortable) => Promise<boolean>) | undefined;
}

export interface OpenOptions extends Abortable {
  /** Called with the key of an SFTP server whenever it has proved to be the one of the destination. */
  readonly onTrusted?: ((to: SftpDestination, key: string) => void) | undefined;
}

export type OpenStore = (to: Destination, options: OpenOptions) => Promise<OpenedStore>;

/** Open the store of a destination. @throws {TransferError} `unreachable`, `unauthenticated`, `forbidden` */
export async function openStore(to: Destination, options: OpenOptions): Promise<OpenedStore> {
  if (to.kind === "naru") return openNaru(to, options);
  const store =
    to.kind === "sftp"
      ? sftpStore({ ...to, onTrusted: (key) => options.onTrusted?.(to, key) })
      : ftpStore({ ...to, secure: to.kind === "ftps" ? "explicit" : false });
  return {
    store,
    files: store,
    prefix: "",
    probe: (probing) => listens(to, probing),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

async function openNaru(
  { origin, auth, folder, route, conflict }: NaruDestination,
  options: Abortable,
): Promise<OpenedStore> {
  const network = openNetwork({ connections: 24 });
  try {
    const api = new NaruApi({ origin, auth, fetch: network.fetch });
    const { store: info } = await api.session({ probe: false, ...options });
    const { store } = routeStore(info, { api, send: network.send, route, conflict });
    return {
      store,
      files: httpFiles(api),
      prefix: folder,
      initialConcurrency: network.initialConcurrency(),
      probe: (probing) => api.alive(probing),
      [Symbol.asyncDispose]: () => network[Symbol.asyncDispose](),
    };
  } catch (error) {
    await network[Symbol.asyncDispose]();
    throw withReason(error, origin);
  }
}

/** Learn the key that an SFTP server shows; nobody signs in. @throws {TransferError} `unreachable` */
export async function shownKey({ host, port, user }: SftpDestination, options: Abortable): Promise<string> {
  let shown: string | undefined;
  const verifyHostKey = (key: string): boolean => {
    shown = key;
    return false;
  };
  await using store = sftpStore({ host, port, user, verifyHostKey });
  const refused: unknown = await store.connect(options).catch((error: unknown) => error);
  if (shown === undefined) throw refused;
  return shown;
}
