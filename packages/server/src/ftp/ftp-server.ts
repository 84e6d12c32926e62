import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { createSecureContext } from "node:tls";
import { TransferError } from "@naru/core";
import { type Bans, memoryBans } from "../accounts/bans.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { defaultFtpLimits, type FtpLimits } from "./ftp-limits.ts";
import { FtpSession } from "./ftp-session.ts";
import type { FtpAuthenticate, FtpLog, FtpSettings } from "./ftp-settings.ts";
import { PassivePorts, type PassiveRange } from "./passive-ports.ts";
import { plainAddress } from "./peer-address.ts";
import { formatReply, reply } from "./reply.ts";

/** A certificate with its chain and its key, as PEM. */
export interface FtpTls {
  readonly cert: string | Uint8Array;
  readonly key: string | Uint8Array;
  /** Let clients sign in, and send data, without TLS; they are refused otherwise. */
  readonly allowPlain?: boolean | undefined;
}

export interface FtpServerOptions {
  readonly gateway: Pick<Gateway, "open">;
  readonly authenticate: FtpAuthenticate;
  /** Without it everything goes in the clear. */
  readonly tls?: FtpTls | undefined;
  /** Ports for data connections; `address` is what PASV tells instead of our own, behind address translation. */
  readonly passive: PassiveRange & { readonly address?: string | undefined };
  readonly log: FtpLog;
  readonly limits?: Partial<FtpLimits> | undefined;
  /** Shared with other doors, so that who is banned at one is banned at all. */
  readonly bans?: Bans | undefined;
  /** Let the server connect to clients (PORT, EPRT). */
  readonly active?: boolean | undefined;
  /** Refuse data connections that do not resume the TLS session of a control connection. */
  readonly requireSessionReuse?: boolean | undefined;
  readonly now?: (() => number) | undefined;
}

/** An FTP server. */
export interface FtpServer extends AsyncDisposable {
  /** Begin to let clients in; 0 is any free port. Returns where. */
  listen(at: { readonly host: string; readonly port: number }): Promise<{ readonly port: number }>;
  /** End the sessions of those who would not be let in any more, and keep what they were sending. */
  recheck(): Promise<void>;
  /** Let nobody in any more, end every session, and keep what it was receiving. */
  close(): Promise<void>;
}

/** Make an FTP and FTPS (AUTH TLS) server over a gateway. */
export function ftpServer(options: FtpServerOptions): FtpServer {
  const listener = new Listener(settingsOf(options));
  return {
    listen: (at) => listener.listen(at),
    recheck: () => listener.recheck(),
    close: () => listener.close(),
    [Symbol.asyncDispose]: () => listener.close(),
  };
}

function settingsOf(options: FtpServerOptions): FtpSettings {
  const {
    active = false,
    authenticate,
    gateway,
    limits,
    log,
    now = Date.now,
    passive,
    requireSessionReuse,
    tls,
  } = options;
  const bans = options.bans ?? memoryBans({ now });
  const secure = tls && {
    context: createSecureContext({ cert: asPem(tls.cert), key: asPem(tls.key), minVersion: "TLSv1.2" }),
    required: tls.allowPlain !== true,
    sessionReuse: requireSessionReuse === true,
  };
  return {
    active,
    authenticate,
    bans,
    gateway,
    log,
    now,
    secure,
    ports: new PassivePorts(passive),
    passiveAddress: passive.address,
    limits: { ...defaultFtpLimits, ...limits },
  };
}

function asPem(pem: string | Uint8Array): string {
  return typeof pem === "string" ? pem : Buffer.from(pem).toString("utf8");
}

class Listener {
  readonly #settings: FtpSettings;
  readonly #server: Server;
  readonly #sessions = new Map<FtpSession, Promise<void>>();

  constructor(settings: FtpSettings) {
    this.#settings = settings;
    this.#server = createServer((socket) => {
      socket.on("error", () => undefined);
      this.#enter(socket).catch((error: unknown) => {
        this.#settings.log.error({ err: error }, "an FTP client could not be let in");
        socket.destroy();
      });
    });
  }

  async listen(at: { readonly host: string; readonly port: number }): Promise<{ readonly port: number }> {
    const listening = once(this.#server, "listening");
    this.#server.listen({ host: at.host, port: at.port });
    await listening;
    const address = this.#server.address();
    if (address === null || typeof address === "string")
      throw new TransferError("internal", "Cannot determine the port of the FTP door");
    return { port: address.port };
  }

  async close(): Promise<void> {
    this.#server.close();
    for (const session of this.#sessions.keys()) session.close();
    await Promise.all(this.#sessions.values());
  }

  async recheck(): Promise<void> {
    await Promise.all([...this.#sessions.keys()].map((session) => session.recheck()));
  }

  async #enter(socket: Socket): Promise<void> {
    const peer = plainAddress(socket.remoteAddress);
    const isBanned = await this.#settings.bans.isBanned(peer);
    // Nothing is awaited from here on: those who come at once are counted.
    const refusal = isBanned
      ? "Cannot accept the connection: too many failed attempts from your address"
      : this.#refusal(peer);
    if (refusal !== undefined) {
      socket.end(formatReply(reply(421, refusal)), () => socket.destroy());
      return;
    }
    if (socket.destroyed || !this.#server.listening) {
      socket.destroy();
      return;
    }
    const session = new FtpSession(socket, this.#settings);
    const served = session.serve().catch((error: unknown) => {
      this.#settings.log.error({ err: error, peer: session.peer }, "an FTP session ended badly");
    });
    this.#sessions.set(session, served);
    void served.finally(() => this.#sessions.delete(session));
  }

  #refusal(peer: string): string | undefined {
    const { limits } = this.#settings;
    if (this.#sessions.size >= limits.connections)
      return "Cannot accept the connection: too many clients are connected";
    const same = [...this.#sessions.keys()].filter((session) => session.peer === peer).length;
    if (same >= limits.connectionsPerAddress) return "Cannot accept the connection: too many come from your address";
    return undefined;
  }
}
