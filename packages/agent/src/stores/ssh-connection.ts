/**
 * One SSH connection with an SFTP channel, by ssh2. Nothing of ssh2 but its transport is used.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { once } from "node:events";
import { Socket } from "node:net";
import { type Abortable, TransferError } from "@naru/core";
import { gatherWrites } from "@naru/core/node";
import { Client, type ClientChannel, type ConnectConfig } from "ssh2";
import { noteGarbage } from "../young-garbage.ts";

/** Who to talk to, and how to know them. */
export interface SshTarget {
  readonly host: string;
  readonly port?: number | undefined;
  readonly user: string;
  readonly password?: string | undefined;
  /** In OpenSSH's format or PEM. */
  readonly privateKey?: string | Uint8Array | undefined;
  readonly passphrase?: string | undefined;
  /** The fingerprint that the server's key must have, as OpenSSH prints it: `SHA256:...`. */
  readonly hostKey?: string | undefined;
  /** Asked when no `hostKey` is known; without either nobody is trusted. */
  readonly verifyHostKey?: ((fingerprint: string) => boolean | Promise<boolean>) | undefined;
  /** Called with the key when it is the one that the server must have. */
  readonly onTrusted?: ((fingerprint: string) => void) | undefined;
  /** How long connecting and signing in may take. */
  readonly timeoutMs?: number | undefined;
}

/** The channel on which SFTP is spoken. */
export interface SftpWire {
  /** What the server sends; ends with the connection. */
  readonly incoming: AsyncIterable<Uint8Array>;
  /** Resolves once there is room for more. `onSent` is called when the bytes may be overwritten; never, if it ends before. */
  send(bytes: Uint8Array, onSent?: () => void): Promise<void>;
  close(): void;
}

/**
 * Connect, check the host's key, sign in and start SFTP.
 *
 * @throws {TransferError} `unreachable`; `forbidden` if the host key is not the known one, with its fingerprint in the
 *   message; `unauthenticated`; `unsupported` if there is no SFTP
 */
export async function connectSsh(target: SshTarget, { signal }: Abortable = {}): Promise<SftpWire> {
  signal?.throwIfAborted();
  const client = new Client();
  const keys = new HostKeyCheck(target);
  const stop = (): void => void client.destroy();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    await ready(client, target, keys);
    return wireOf(client, await openSftp(client, target));
  } catch (cause) {
    client.destroy();
    signal?.throwIfAborted();
    throw keys.fault ?? asConnectError(target, cause);
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

/** Where `target` is, for messages; without secrets. */
export function addressOf({ host, port = 22 }: Pick<SshTarget, "host" | "port">): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

class HostKeyCheck {
  readonly #target: SshTarget;
  /** Why the host was not trusted. */
  fault: TransferError | undefined;

  constructor(target: SshTarget) {
    this.#target = target;
  }

  async trusts(key: Uint8Array): Promise<boolean> {
    const found = `SHA256:${createHash("sha256").update(key).digest("base64").replaceAll("=", "")}`;
    const { hostKey, verifyHostKey, onTrusted } = this.#target;
    const known = hostKey?.replaceAll("=", "");
    if (known === undefined ? await verifyHostKey?.(found) : known === found) {
      onTrusted?.(found);
      return true;
    }
    const why = known === undefined ? `its host key ${found} is not known` : `its host key is ${found}, not ${known}`;
    this.fault = new TransferError("forbidden", `Cannot trust "${addressOf(this.#target)}": ${why}`);
    return false;
  }
}

async function ready(client: Client, target: SshTarget, keys: HostKeyCheck): Promise<void> {
  const { host, port = 22, user, password, privateKey, passphrase, timeoutMs = 20_000 } = target;
  // Packets are small and wait for each other's answers.
  const sock = new Socket().setNoDelay(true);
  const config: ConnectConfig = {
    sock,
    username: user,
    readyTimeout: timeoutMs,
    keepaliveInterval: 15_000,
    keepaliveCountMax: 3,
    // One pass over each packet; without it OpenSSH and ssh2 settle on slower ones.
    algorithms: {
      cipher: [
        "aes128-gcm@openssh.com",
        "aes256-gcm@openssh.com",
        "aes128-gcm",
        "aes256-gcm",
        "aes128-ctr",
        "aes192-ctr",
        "aes256-ctr",
      ],
      compress: ["none"],
    },
    hostVerifier: (key: Buffer, verify: (valid: boolean) => void) => {
      keys.trusts(key).then(verify, () => verify(false));
    },
    ...(password !== undefined && { password, tryKeyboard: true }),
    ...(privateKey !== undefined && { privateKey: Buffer.from(privateKey) }),
    ...(passphrase !== undefined && { passphrase }),
  };
  // What matters of later errors is that the channel ends.
  client.on("error", () => undefined);
  client.on("keyboard-interactive", (_name, _instructions, _language, prompts, finish) => {
    finish(prompts.map(() => password ?? ""));
  });
  const settled = once(client, "ready");
  // A connection that closes early emits no error by itself.
  const closed = once(client, "close").then(() => {
    throw new Error("the server closed the connection");
  });
  closed.catch(() => undefined);
  try {
    sock.connect({ host, port });
    gatherWrites(sock);
    client.connect(config);
  } catch (cause) {
    sock.destroy();
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TransferError("invalid", `Cannot sign in to "${addressOf(target)}": ${why}`, { cause });
  }
  await Promise.race([settled, closed]);
}

async function openSftp(client: Client, target: SshTarget): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.subsys("sftp", (cause, channel) => {
      if (cause === undefined || cause === null) resolve(channel);
      else {
        const message = `Cannot use "${addressOf(target)}": it has no SFTP`;
        reject(new TransferError("unsupported", message, { cause }));
      }
    });
  });
}

function wireOf(client: Client, channel: ClientChannel): SftpWire {
  // Errors of a connection end its channel; whoever waits for an answer is told then.
  client.on("error", () => channel.destroy());
  channel.on("error", () => undefined);
  channel.stderr.resume();
  return {
    incoming: channel,
    async send(bytes, onSent) {
      if (!channel.writable) throw new TransferError("unreachable", "Cannot send: the connection is closed");
      // ssh2 copies them, which it has done when it calls back, and encrypts the copy into another.
      noteGarbage(2 * bytes.length);
      if (channel.write(bytes, (error) => error ?? onSent?.())) return;
      const heard = new AbortController();
      const first = ["drain", "close"].map((event) => once(channel, event, { signal: heard.signal }));
      await Promise.race(first).finally(() => heard.abort());
    },
    close() {
      client.end();
    },
  };
}

function asConnectError(target: SshTarget, cause: unknown): TransferError {
  if (cause instanceof TransferError) return cause;
  const where = addressOf(target);
  const level = cause instanceof Error && "level" in cause ? cause.level : undefined;
  if (level === "client-authentication") {
    const why = `the user "${target.user}" or the secret is refused`;
    return new TransferError("unauthenticated", `Cannot sign in to "${where}": ${why}`, { cause });
  }
  const why = cause instanceof Error ? cause.message : String(cause);
  return new TransferError("unreachable", `Cannot reach "${where}": ${why}`, { cause });
}
