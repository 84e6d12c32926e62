/** The one place where destinations become stores. */

import { connect } from "node:net";
import { httpFiles, NaruApi, openNetwork, routeStore } from "@naru/client/node";
import { type Abortable, type Files, isTransferError, type Store, TransferError } from "@naru/core";
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

const probeMs = 5000;

/** Open the store of a destination. @throws {TransferError} `unreachable`, `unauthenticated`, `forbidden` */
export async function openStore(to: Destination, options: Abortable): Promise<OpenedStore> {
  if (to.kind === "naru") return openNaru(to, options);
  const store =
    to.kind === "sftp" ? sftpStore(to) : ftpStore({ ...to, secure: to.kind === "ftps" ? "explicit" : false });
  return {
    store,
    files: store,
    prefix: "",
    probe: (probing) => listens(to, probing),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

/** Tell whether somebody takes connections there; which protocol is spoken is not asked. */
function listens(
  { host, port }: { readonly host: string; readonly port: number },
  { signal }: Abortable,
): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: probeMs });
    const end = (answers: boolean) => (): void => {
      socket.destroy();
      resolve(answers);
    };
    signal?.addEventListener("abort", end(false), { once: true });
    socket.once("connect", end(true)).once("timeout", end(false)).once("error", end(false));
  });
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
    throw withReason(error, origin);
  }
}

/** Say why the server cannot be reached, and tell what passes from what a person has to mend. */
function withReason(error: unknown, origin: string): unknown {
  if (!isTransferError(error) || error.code !== "unreachable") return error;
  const { code, message } = systemError(error);
  if (/CERT|SIGNATURE|ALTNAME/.test(code)) {
    return new TransferError("forbidden", `Cannot trust "${origin}": ${message}`, { cause: error });
  }
  if (/HTTPParserError|WRONG_VERSION_NUMBER|PACKET_LENGTH/.test(code)) {
    const why = `what answers there is no ${new URL(origin).protocol === "https:" ? "HTTPS" : "HTTP"} server`;
    return new TransferError("unsupported", `Cannot use "${origin}": ${why}`, { cause: error });
  }
  if (code === "") return error;
  return new TransferError("unreachable", `Cannot reach "${origin}": ${message}`, { cause: error });
}

/** The innermost cause that the system, TLS or the parser of HTTP has a name for. */
function systemError(error: Error): { readonly code: string; readonly message: string } {
  let found = { code: "", message: error.message };
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause) {
    const { message, name } = cause;
    if ("code" in cause && typeof cause.code === "string") found = { code: cause.code, message };
    else if (name === "HTTPParserError") found = { code: name, message };
  }
  return found;
}

/** Connect to an SFTP server to learn early whether its key is the known one. @throws {TransferError} `forbidden` with the fingerprint */
export async function checkHostKey(to: Destination, options: Abortable): Promise<void> {
  if (to.kind !== "sftp") return;
  await using store = sftpStore(to);
  await store.connect(options);
}
