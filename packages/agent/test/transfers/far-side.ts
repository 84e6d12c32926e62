/** OpenSSH's server as a destination, and waiting for what a transfer becomes. */

import { join } from "node:path";
import type { SftpDestination } from "../../src/transfers/destination.ts";
import type { TransferQueue } from "../../src/transfers/transfer-queue.ts";
import type { TransferView } from "../../src/transfers/transfer-view.ts";
import { type OpenSshServer, openSsh } from "../stores/open-ssh.ts";

export interface FarSide extends AsyncDisposable {
  readonly server: OpenSshServer;
  readonly to: SftpDestination & { readonly hostKey: string; readonly privateKey: string };
  readonly url: string;
  /** Where a file lies that has arrived. */
  fileOf(path: string): string;
}

export async function openFarSide(): Promise<FarSide> {
  const server = await openSsh();
  const { host, port, user, privateKey, hostKey } = server.target;
  if (hostKey === undefined) throw new Error("Cannot say which key the server has");
  return {
    server,
    to: {
      kind: "sftp",
      host,
      port: port ?? 22,
      user,
      privateKey: String(privateKey),
      hostKey,
      folder: `${server.files}/`,
    },
    url: `sftp://${user}@${host}:${port}${encodeURI(server.files)}/`,
    fileOf: (path) => join(server.files, path),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** Wait until a transfer is as wished. */
export function when(queue: TransferQueue, id: string, isSo: (view: TransferView) => boolean): Promise<TransferView> {
  return new Promise((resolve) => {
    const look = (view: TransferView | undefined): void => {
      if (view === undefined || view.id !== id || !isSo(view)) return;
      stop();
      resolve(view);
    };
    const stop = queue.onEvent(({ transfer }) => look(transfer));
    look(queue.get(id));
  });
}

export function inState(...states: readonly TransferView["state"][]): (view: TransferView) => boolean {
  return ({ state }) => states.includes(state);
}
