/**
 * Data connections (RFC 959 3.2, RFC 2428): one socket for one transfer, from the address of the control connection and
 * from nowhere else, so that nobody is served another's file and no third host is attacked through us ("bounce").
 *
 * @module
 */

import { once } from "node:events";
import { connect, type Server, type Socket } from "node:net";
import { type Abortable, TransferError } from "@naru/core";
import type { PassivePorts } from "./passive-ports.ts";
import { plainAddress } from "./peer-address.ts";
import { FtpFault } from "./reply.ts";

/** Where the next transfer's data connection comes from. */
export interface DataSource {
  /** Wait for the connection. @throws {FtpFault} 425 if none comes in time, or a stranger's does */
  open(options: Abortable): Promise<Socket>;
  /** Give up the port, if the connection has not been opened. */
  close(): void;
}

export interface PassiveSource extends DataSource {
  readonly port: number;
}

export interface PassiveOptions {
  /** The address of ours that the control connection came to. */
  readonly host: string;
  /** The only address that may connect. */
  readonly peer: string;
  readonly acceptMs: number;
}

/** Listen for the one data connection of `peer`. */
export async function passiveSource(
  ports: PassivePorts,
  { host, peer, acceptMs }: PassiveOptions,
): Promise<PassiveSource> {
  const server = await ports.listen(host);
  const address = server.address();
  if (address === null || typeof address === "string")
    throw new TransferError("internal", "Cannot determine the port of a data connection");
  const accepted = firstFrom(server, peer, acceptMs);
  // It may fail before a command asks for it, or no command ever does.
  accepted.catch(() => undefined);
  return {
    port: address.port,
    open: async ({ signal }) => {
      const stop = (): void => {
        server.emit("error", new FtpFault(426, "Transfer aborted"));
      };
      signal?.addEventListener("abort", stop, { once: true });
      try {
        return await accepted;
      } finally {
        signal?.removeEventListener("abort", stop);
      }
    },
    close: () => {
      server.close();
      accepted.then((socket) => socket.destroy()).catch(() => undefined);
    },
  };
}

/** Take one connection of `peer`, turn strangers away, and close the port. */
async function firstFrom(server: Server, peer: string, acceptMs: number): Promise<Socket> {
  const first = new Promise<Socket>((resolve, reject) => {
    let taken = false;
    server.on("connection", (socket: Socket) => {
      // An error before a transfer listens is told by the transfer, as its reads fail.
      socket.on("error", () => undefined);
      if (taken || plainAddress(socket.remoteAddress) !== peer) {
        socket.destroy();
        return;
      }
      taken = true;
      resolve(socket);
    });
    server.on("error", reject);
    // The port was given up: another PASV, ABOR, the end of the session.
    server.on("close", () => reject(new FtpFault(425, "Cannot open a data connection: it was cancelled")));
  });
  const late = setTimeout(() => {
    server.emit("error", new FtpFault(425, `Cannot open a data connection: none arrived within ${acceptMs / 1000} s`));
  }, acceptMs);
  try {
    return await first;
  } finally {
    clearTimeout(late);
    server.close();
  }
}

export interface ActiveOptions {
  readonly host: string;
  readonly port: number;
  readonly acceptMs: number;
}

/** Connect to where the client listens; the caller has checked that it is the client. */
export function activeSource({ host, port, acceptMs }: ActiveOptions): DataSource {
  return {
    open: async ({ signal }) => {
      const socket = connect({ host, port });
      socket.pause();
      const until = AbortSignal.any([AbortSignal.timeout(acceptMs), ...(signal === undefined ? [] : [signal])]);
      try {
        await once(socket, "connect", { signal: until });
      } catch {
        socket.on("error", () => undefined);
        socket.destroy();
        throw new FtpFault(425, `Cannot open a data connection to port ${port}`);
      }
      socket.on("error", () => undefined);
      return socket;
    },
    close: () => undefined,
  };
}
