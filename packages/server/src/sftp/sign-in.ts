/**
 * Signing in to a connection: passwords and public keys (RFC 4252), a few tries of them.
 *
 * @module
 */

import { setTimeout as wait } from "node:timers/promises";
import type { SftpSettings, SignedIn } from "./sftp-settings.ts";
import { type AuthContext, isProven } from "./ssh2.ts";

const methods = ["password" as const, "publickey" as const];
/** An agent shows its keys one after another; that is no guessing. */
const maxShownKeys = 20;

/** The tries of one connection. */
export class SignIn {
  readonly #settings: SftpSettings;
  readonly #address: string;
  #failures = 0;
  #shownKeys = 0;
  #signedIn: SignedIn | undefined;

  constructor(settings: SftpSettings, address: string) {
    this.#settings = settings;
    this.#address = address;
  }

  get signedIn(): SignedIn | undefined {
    return this.#signedIn;
  }

  /** Answer a try. False when there were too many: the connection should end. */
  async answer(ask: AuthContext): Promise<boolean> {
    if (ask.method !== "password" && ask.method !== "publickey") {
      ask.reject([...methods]);
      return true;
    }
    if (ask.method === "publickey" && ask.signature === undefined) return this.#showKey(ask);
    const found = await this.#check(ask);
    if (found !== undefined) {
      this.#signedIn = found;
      this.#settings.log.info(
        { account: found.account, peer: this.#address, by: ask.method },
        "a client signed in over SFTP",
      );
      ask.accept();
      return true;
    }
    return this.#fail(ask);
  }

  async #showKey(ask: Extract<AuthContext, { method: "publickey" }>): Promise<boolean> {
    this.#shownKeys++;
    const found = await this.#byKey(ask);
    if (found !== undefined) ask.accept();
    else ask.reject([...methods]);
    return this.#shownKeys <= maxShownKeys;
  }

  async #check(ask: Extract<AuthContext, { method: "password" | "publickey" }>): Promise<SignedIn | undefined> {
    const { authenticate, bans, log } = this.#settings;
    // Banned while it was connected.
    if (await bans.isBanned(this.#address)) return undefined;
    try {
      if (ask.method === "password") return await authenticate.password(ask.username, ask.password, this.#address);
      const { signature, blob, hashAlgo: hash, key } = ask;
      const proof = signature && blob && { signature, signed: blob, hash };
      if (!isProven({ algorithm: key.algo, blob: key.data, proof })) return undefined;
      return await this.#byKey(ask);
    } catch (error) {
      log.warn({ err: error, account: ask.username, peer: this.#address }, "a sign-in over SFTP could not be checked");
      return undefined;
    }
  }

  #byKey({ username, key }: Extract<AuthContext, { method: "publickey" }>): Promise<SignedIn | undefined> {
    return this.#settings.authenticate.key(username, { algorithm: key.algo, blob: key.data });
  }

  async #fail(ask: AuthContext): Promise<boolean> {
    const { bans, limits, log } = this.#settings;
    this.#failures++;
    await bans.fail(this.#address);
    log.warn({ account: ask.username, peer: this.#address, by: ask.method }, "a sign-in over SFTP failed");
    await wait(limits.failureDelayMs, undefined, { ref: false });
    if (this.#failures >= limits.loginTries) return false;
    ask.reject([...methods]);
    return true;
  }
}
