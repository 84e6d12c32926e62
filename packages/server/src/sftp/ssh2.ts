/**
 * The one place that meets ssh2, which we use as the SSH transport (RFC 4253, 4252, 4254): its SFTP classes hold no client
 * back and tell of no extensions, so they are not used.
 *
 * @module
 */

import { createSecretKey } from "node:crypto";
import type { Socket } from "node:net";
import { gatherWrites } from "@naru/core/node";
import type { Algorithms, AuthContext, Connection, ParsedKey, ServerChannel, Session } from "ssh2";
import ssh2 from "ssh2";

export type { AuthContext, Connection, ServerChannel, Session };

/** What is spoken: nothing with SHA-1, CBC or compression. GCM first, which costs least. */
const algorithms: Algorithms = {
  kex: [
    "curve25519-sha256",
    "curve25519-sha256@libssh.org",
    "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp521",
    "diffie-hellman-group16-sha512",
    "diffie-hellman-group14-sha256",
  ],
  serverHostKey: ["ssh-ed25519", "rsa-sha2-512", "rsa-sha2-256"],
  cipher: ["aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes192-ctr", "aes256-ctr"],
  hmac: ["hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512"],
  compress: ["none"],
};

export interface SshTransportOptions {
  /** PEM, OpenSSH's own form. */
  readonly hostKeys: readonly string[];
  readonly keepaliveMs: number;
  readonly keepaliveTries: number;
}

/** Speaks SSH over sockets that it is given. */
export interface SshTransport {
  /** Begin on a socket; `onConnection` is told once the far side has said that it speaks SSH. */
  begin(socket: Socket): void;
}

/** Make a transport. Connections are told apart by the address and port of their far side. */
export function sshTransport(
  { hostKeys, keepaliveMs, keepaliveTries }: SshTransportOptions,
  onConnection: (connection: Connection, far: { readonly ip: string; readonly port: number }) => void,
): SshTransport {
  const config = {
    hostKeys: hostKeys.flatMap(offeredKeys),
    algorithms,
    ident: "Naru",
    keepaliveInterval: keepaliveMs,
    keepaliveCountMax: keepaliveTries,
  };
  const server = new ssh2.Server(config, (connection, far) => {
    keepKeyObjects(connection);
    onConnection(connection, far);
  });
  const begin = (socket: Socket): void => {
    gatherWrites(socket);
    server.injectSocket(socket);
  };
  return { begin };
}

/**
 * A key as it is offered to clients. ssh2 would offer an RSA key with SHA-1 too, whatever the list says: it only leaves
 * that out for keys that are not called "ssh-rsa", so there is one for each of the names that we do offer.
 */
function offeredKeys(pem: string): { readonly key: ParsedKey }[] {
  const key = ssh2.utils.parseKey(pem);
  if (key instanceof Error) throw key;
  if (key.type !== "ssh-rsa") return [{ key }];
  return ["rsa-sha2-512", "rsa-sha2-256"].map((type) => ({ key: Object.create(key, { type: { value: type } }) }));
}

/** Where ssh2 keeps the ciphers of a connection, and where they keep their keys. */
const keyPlaces = [
  ["_decipher", ["_decipherKey", "_macKey"]],
  ["_cipher", ["_encKey", "_macKey"]],
] as const;

/**
 * ssh2 makes a new cipher for each packet of AES-GCM, and with other ciphers a new HMAC, from the bytes of the key. Out of
 * bytes Node makes a key object first, in a way that takes longer than the work itself; so it is given one that is made once.
 */
function keepKeyObjects(connection: object): void {
  const protocol: unknown = Reflect.get(connection, "_protocol");
  if (typeof protocol !== "object" || protocol === null) return;
  for (const [place, keysOf] of keyPlaces) {
    let cipher: unknown = Reflect.get(protocol, place);
    // Assigned anew whenever keys are exchanged.
    Object.defineProperty(protocol, place, {
      get: () => cipher,
      set: (next: unknown) => {
        cipher = next;
        if (typeof next !== "object" || next === null) return;
        for (const keyPlace of keysOf) {
          const key: unknown = Reflect.get(next, keyPlace);
          if (key instanceof Uint8Array) Reflect.set(next, keyPlace, createSecretKey(key));
        }
      },
    });
  }
}

/** A public key that a client shows, and what it has signed to prove that it is its own. */
export interface ShownKey {
  readonly algorithm: string;
  readonly blob: Uint8Array;
  /** Without it the client only asks whether the key would do. */
  readonly proof?:
    | { readonly signature: Buffer; readonly signed: Buffer; readonly hash: string | undefined }
    | undefined;
}

/** Tell whether a key's owner signed what was to be signed; RSA with SHA-1 is no proof. */
export function isProven({ algorithm, blob, proof }: ShownKey): boolean {
  const key = ssh2.utils.parseKey(`${algorithm} ${Buffer.from(blob).toString("base64")}`);
  if (key instanceof Error || proof === undefined) return false;
  if (algorithm === "ssh-rsa" && proof.hash === undefined) return false;
  return key.verify(proof.signed, proof.signature, proof.hash) === true;
}

/** Make a private key, as PEM in OpenSSH's form. */
export async function makeHostKey(kind: "ed25519" | "rsa"): Promise<string> {
  for (;;) {
    const pem = await generate(kind);
    // Of 256 Ed25519 keys the library writes one, whose public half begins with a zero byte, so that nobody can read it.
    if (!(ssh2.utils.parseKey(pem) instanceof Error)) return pem;
  }
}

function generate(kind: "ed25519" | "rsa"): Promise<string> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, pair: { readonly private: string }): void => {
      if (error) reject(error);
      else resolve(pair.private);
    };
    if (kind === "rsa") ssh2.utils.generateKeyPair("rsa", { bits: 3072 }, done);
    else ssh2.utils.generateKeyPair("ed25519", done);
  });
}

/** The public half of a private key: its algorithm and its blob. @throws {Error} when it is not a private key */
export function publicHalf(pem: string): { readonly algorithm: string; readonly blob: Buffer } {
  const parsed: ParsedKey | Error = ssh2.utils.parseKey(pem);
  if (parsed instanceof Error) throw parsed;
  if (!parsed.isPrivateKey()) throw new Error("It is not a private key");
  return { algorithm: parsed.type, blob: parsed.getPublicSSH() };
}
