/** The one place where destinations become stores. */

import { httpFiles, NaruApi, openNetwork, routeStore } from "@naru/client/node";
import type { Abortable, Files, Store } from "@naru/core";
import { ftpStore } from "../stores/ftp-store.ts";
import { sftpStore } from "../stores/sftp-store.ts";
import type { Destination, NaruDestination } from "./destination.ts";

/** A store to send to, until it is disposed. */
export interface OpenedStore extends AsyncDisposable {
  readonly store: Store;
  /** What has arrived there. */
  readonly files: Pick<Files, "stat">;
  /** What the file's path begins with at this store. */
  readonly prefix: string;
  readonly probe?: ((options: Abortable) => Promise<boolean>) | undefined;
}

export type OpenStore = (to: Destination, options: Abortable) => Promise<OpenedStore>;

/** Open the store of a destination. @throws {TransferError} `unreachable`, `unauthenticated`, `forbidden` */
export async function openStore(to: Destination, options: Abortable): Promise<OpenedStore> {
  if (to.kind === "naru") return openNaru(to, options);
  const store =
    to.kind === "sftp" ? sftpStore(to) : ftpStore({ ...to, secure: to.kind === "ftps" ? "explicit" : false });
  return { store, files: store, prefix: "", [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
}

async function openNaru(
  { origin, auth, folder, route, conflict }: NaruDestination,
  options: Abortable,
): Promise<OpenedStore> {
  const network = openNetwork({ connections: 16 });
  try {
    const api = new NaruApi({ origin, auth, fetch: network.fetch });
    const { store: info } = await api.session({ probe: false, ...options });
    const { store } = routeStore(info, { api, send: network.send, route, conflict });
    return {
      store,
      files: httpFiles(api),
      prefix: folder,
      probe: (probing) => api.alive(probing),
      [Symbol.asyncDispose]: () => network[Symbol.asyncDispose](),
    };
  } catch (error) {
    await network[Symbol.asyncDispose]();
    throw error;
  }
}

/** Connect to an SFTP server to learn early whether its key is the known one. @throws {TransferError} `forbidden` with the fingerprint */
export async function checkHostKey(to: Destination, options: Abortable): Promise<void> {
  if (to.kind !== "sftp") return;
  await using store = sftpStore(to);
  await store.connect(options);
}
