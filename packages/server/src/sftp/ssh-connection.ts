/**
 * One SSH connection: a client signs in, and gets the subsystem "sftp" and two commands. Shells, terminals, forwarding and
 * agents are refused, by nobody listening for them.
 *
 * @module
 */

import type { Socket } from "node:net";
import type { GatewaySession } from "../gateway/gateway-session.ts";
import { noteBytes } from "../young-garbage.ts";
import type { Admitted } from "./admission.ts";
import { channelWindow, type WindowMemory } from "./channel-window.ts";
import { type ChecksumCommand, parseChecksumCommand, runChecksumCommand } from "./checksum-command.ts";
import { fillPackets, takesPackets } from "./full-packets.ts";
import { Lane } from "./order.ts";
import { serveSftp } from "./sftp-session.ts";
import type { SftpSettings } from "./sftp-settings.ts";
import { streamWire } from "./sftp-wire.ts";
import { SignIn } from "./sign-in.ts";
import type { AuthContext, Connection, ServerChannel, Session } from "./ssh2.ts";

/** A client that does not read what it asked for is not read either. */
const maxUnreadBytes = 4 * 1024 * 1024;

export interface SshConnectionOptions {
  readonly connection: Connection;
  readonly socket: Socket;
  readonly address: string;
  readonly admitted: Admitted;
  readonly settings: SftpSettings;
  readonly memory: WindowMemory;
}

export class SshConnection {
  readonly #connection: Connection;
  readonly #socket: Socket;
  readonly #address: string;
  readonly #settings: SftpSettings;
  readonly #memory: WindowMemory;
  readonly #signIn: SignIn;
  readonly #stop = new AbortController();
  readonly #serving = new Set<Promise<void>>();
  readonly #checks = new Lane();
  #sessions = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor({ connection, socket, address, admitted, settings, memory }: SshConnectionOptions) {
    this.#connection = connection;
    this.#socket = socket;
    this.#address = address;
    this.#settings = settings;
    this.#memory = memory;
    this.#signIn = new SignIn(settings, address);
    connection.on("authentication", (ask) => void this.#authenticate(ask));
    connection.on("ready", () => {
      admitted.known();
      this.#rest();
    });
    connection.on("session", (accept, reject) => this.#open(accept, reject));
    connection.on("error", (error) => settings.log.info({ err: error, peer: address }, "an SSH connection failed"));
    socket.on("data", ({ length }: Buffer) => {
      noteBytes(length);
      if (socket.writableLength > maxUnreadBytes) socket.pause();
    });
    socket.on("drain", () => socket.resume());
    socket.once("close", () => this.#lost());
  }

  /** End it if whoever signed in would not be let in any more. */
  async recheck(): Promise<void> {
    const { signedIn } = this.#signIn;
    if (signedIn?.isStillWelcome === undefined || (await signedIn.isStillWelcome())) return;
    this.#settings.log.info({ account: signedIn.account, peer: this.#address }, "an SFTP client is no longer welcome");
    await this.close("What the client signed in with was revoked");
  }

  /** End it, and wait until what it was receiving is kept. */
  async close(why = "The server stops"): Promise<void> {
    this.#stop.abort(new Error(why));
    this.#connection.end();
    this.#socket.destroySoon();
    await this.served();
  }

  /** Wait until everything that it began has ended. */
  async served(): Promise<void> {
    while (this.#serving.size > 0) await Promise.all(this.#serving);
  }

  async #authenticate(ask: AuthContext): Promise<void> {
    const mayTryOn = await this.#signIn.answer(ask).catch((error: unknown) => {
      this.#settings.log.error({ err: error, peer: this.#address }, "a sign-in over SFTP met a fault");
      return false;
    });
    if (!mayTryOn) this.#connection.end();
  }

  #open(accept: () => Session, reject: () => void): void {
    if (this.#sessions >= this.#settings.limits.channels) {
      reject();
      return;
    }
    this.#sessions++;
    const session = accept();
    session.once("close", () => this.#sessions--);
    session.on("subsystem", (take, refuse, { name }) => {
      if (name === "sftp") this.#serve(take(), (channel, files) => this.#sftp(channel, files));
      else refuse?.();
    });
    session.on("exec", (take, refuse, { command }) => {
      const known = parseChecksumCommand(command);
      if (known !== undefined) this.#serve(take(), (channel, files) => this.#command(channel, known, files));
      else refuse?.();
    });
  }

  #serve(
    channel: ServerChannel,
    run: (channel: ServerChannel, files: () => Promise<GatewaySession>) => Promise<void>,
  ): void {
    if (!takesPackets(channel)) {
      this.#settings.log.warn({ peer: this.#address }, "an SFTP client takes no packets of a useful size");
      this.#socket.destroy();
      return;
    }
    const served = run(channel, () => this.#files())
      .catch((error: unknown) => {
        this.#settings.log.warn({ err: error, peer: this.#address }, "an SFTP session ended badly");
        this.#connection.end();
      })
      .finally(() => {
        this.#serving.delete(served);
        this.#rest();
      });
    this.#serving.add(served);
    clearTimeout(this.#idle);
  }

  async #files(): Promise<GatewaySession> {
    const { signedIn } = this.#signIn;
    if (signedIn === undefined) throw new Error("Nobody has signed in");
    return signedIn.session?.() ?? this.#settings.gateway.open(signedIn.account, { door: "sftp" });
  }

  async #sftp(channel: ServerChannel, files: () => Promise<GatewaySession>): Promise<void> {
    const { limits, log, now } = this.#settings;
    // Before anything is awaited: what the client sends at once must find its listeners.
    const window = channelWindow(channel, { memory: this.#memory, onOverrun: () => this.#socket.destroy() });
    fillPackets(channel);
    const wire = streamWire(channel, channel, { window, socket: this.#socket });
    this.#memory.enter();
    try {
      await using session = await files();
      await serveSftp(wire, session, {
        signal: this.#stop.signal,
        maxHandles: limits.handles,
        idleMs: limits.idleMs,
        now,
        onFault: (error) => log.info({ err: error, peer: this.#address, account: session.account }, "a request failed"),
      });
      channel.exit(0);
      channel.end();
    } finally {
      this.#memory.leave();
    }
  }

  async #command(
    channel: ServerChannel,
    command: ChecksumCommand,
    files: () => Promise<GatewaySession>,
  ): Promise<void> {
    const gone = new AbortController();
    channel.resume();
    channel.once("close", () => gone.abort(new Error("The client is gone")));
    await using session = await files();
    // Files are read for them: one after another, as long as somebody waits.
    const signal = AbortSignal.any([this.#stop.signal, gone.signal]);
    const check = this.#checks.run(() => runChecksumCommand(command, session, { signal }));
    // Others of this connection go on when nobody waits for this one any more.
    const told = await check.catch((error: unknown) => {
      if (!gone.signal.aborted) throw error;
    });
    if (told === undefined) return;
    const { out, error } = told;
    if (out !== "") channel.write(out);
    if (error !== "") channel.stderr.write(error);
    channel.exit(error === "" ? 0 : 1);
    channel.end();
  }

  /** What had come is still taken, for a while. */
  #lost(): void {
    clearTimeout(this.#idle);
    const stop = (): void => this.#stop.abort(new Error("The client is gone"));
    setTimeout(stop, this.#settings.limits.drainMs).unref();
  }

  /** Nothing is open: the client may open something, but not wait for ever. */
  #rest(): void {
    clearTimeout(this.#idle);
    if (this.#serving.size > 0 || this.#socket.destroyed) return;
    this.#idle = setTimeout(() => this.#connection.end(), this.#settings.limits.idleMs).unref();
  }
}
