/**
 * SSH on one port, in front of a gateway.
 *
 * @module
 */

import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { TransferError } from "@naru/core";
import { type Bans, memoryBans } from "../accounts/bans.ts";
import { Admission, type Admitted } from "./admission.ts";
import { WindowMemory } from "./channel-window.ts";
import type { HostKey } from "./host-keys.ts";
import {
  defaultSftpLimits,
  type SftpAuthenticate,
  type SftpGateway,
  type SftpLimits,
  type SftpLog,
  type SftpSettings,
} from "./sftp-settings.ts";
import { SshConnection } from "./ssh-connection.ts";
import { type Connection, type SshTransport, sshTransport } from "./ssh2.ts";

export interface SftpServerOptions {
  readonly gateway: SftpGateway;
  readonly authenticate: SftpAuthenticate;
  /** From `hostKeys()`. */
  readonly hostKeys: readonly HostKey[];
  readonly log: SftpLog;
  readonly limits?: Partial<SftpLimits> | undefined;
  /** Shared with other doors, so that who is banned at one is banned at all. */
  readonly bans?: Bans | undefined;
  readonly now?: (() => number) | undefined;
}

/** An SFTP server. */
export interface SftpServer extends AsyncDisposable {
  /** Begin to let clients in; 0 is any free port. Returns where. */
  listen(at: { readonly host: string; readonly port: number }): Promise<{ readonly port: number }>;
  /** End the connections of those who would not be let in any more, and keep what they were sending. */
  recheck(): Promise<void>;
  /** Let nobody in any more, end every connection, and keep what they were sending. */
  close(): Promise<void>;
}

/** Make an SFTP server over a gateway. */
export function sftpServer(options: SftpServerOptions): SftpServer {
  const listener = new Listener(options);
  return {
    listen: (at) => listener.listen(at),
    recheck: () => listener.recheck(),
    close: () => listener.close(),
    [Symbol.asyncDispose]: () => listener.close(),
  };
}

/** A socket that was let in, before and after it turns out to speak SSH. */
interface Guest {
  readonly socket: Socket;
  readonly address: string;
  readonly admitted: Admitted;
}

class Listener {
  readonly #settings: SftpSettings;
  readonly #server: Server;
  readonly #transport: SshTransport;
  readonly #admission: Admission;
  readonly #memory: WindowMemory;
  readonly #guests = new Map<string, Guest>();
  readonly #connections = new Set<SshConnection>();

  constructor({
    gateway,
    authenticate,
    hostKeys,
    log,
    limits: given,
    bans: shared,
    now = Date.now,
  }: SftpServerOptions) {
    const limits = { ...defaultSftpLimits, ...given };
    const bans = shared ?? memoryBans({ now });
    this.#settings = { gateway, authenticate, bans, limits, log, now };
    this.#admission = new Admission({ bans, perAddress: limits.connectionsPerAddress, startups: limits.startups });
    this.#memory = new WindowMemory(limits.windowBytes);
    const { keepaliveMs, keepaliveTries } = limits;
    this.#transport = sshTransport(
      { hostKeys: hostKeys.map(({ pem }) => pem), keepaliveMs, keepaliveTries },
      (connection, far) => this.#begin(connection, guestKey(far.ip, far.port)),
    );
    this.#server = createServer({ noDelay: true }, (socket) => {
      socket.on("error", () => undefined);
      this.#enter(socket).catch((error: unknown) => {
        this.#settings.log.error({ err: error }, "an SFTP client could not be let in");
        socket.destroy();
      });
    });
  }

  async listen({ host, port }: { readonly host: string; readonly port: number }): Promise<{ readonly port: number }> {
    const listening = once(this.#server, "listening");
    this.#server.listen({ host, port });
    await listening;
    const address = this.#server.address();
    if (address === null || typeof address === "string")
      throw new TransferError("internal", "Cannot determine the port of the SFTP door");
    return { port: address.port };
  }

  async close(): Promise<void> {
    this.#server.close();
    const closing = [...this.#connections].map((connection) => connection.close());
    await Promise.all(closing);
    for (const { socket } of this.#guests.values()) socket.destroy();
  }

  async recheck(): Promise<void> {
    await Promise.all([...this.#connections].map((connection) => connection.recheck()));
  }

  async #enter(socket: Socket): Promise<void> {
    const { remoteAddress: address, remotePort: port } = socket;
    // A client may be gone before it is looked at.
    if (address === undefined || port === undefined) {
      socket.destroy();
      return;
    }
    const admitted = await this.#admission.enter(address);
    if (typeof admitted === "string") {
      this.#settings.log.warn({ peer: address, why: admitted }, "an SFTP connection was turned away");
      socket.destroy();
      return;
    }
    // It may be gone, or the door be closed, since it was asked whether the address is banned.
    if (socket.destroyed || !this.#server.listening) {
      admitted.left();
      socket.destroy();
      return;
    }
    const key = guestKey(address, port);
    const grace = setTimeout(() => socket.destroy(), this.#settings.limits.loginMs).unref();
    const known = (): void => {
      clearTimeout(grace);
      admitted.known();
    };
    socket.once("close", () => {
      clearTimeout(grace);
      admitted.left();
      this.#guests.delete(key);
    });
    this.#guests.set(key, { socket, address, admitted: { ...admitted, known } });
    this.#transport.begin(socket);
  }

  #begin(connection: Connection, key: string): void {
    const guest = this.#guests.get(key);
    if (guest === undefined) return;
    const ssh = new SshConnection({ ...guest, connection, settings: this.#settings, memory: this.#memory });
    this.#connections.add(ssh);
    guest.socket.once("close", () => void ssh.served().then(() => this.#connections.delete(ssh)));
  }
}

function guestKey(address: string, port: number): string {
  return `${address} ${port}`;
}
