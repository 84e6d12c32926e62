/**
 * The server's calls about what signs in for the caller's account: the sessions of browsers, API tokens, and the password. Desktop agents
 * have calls of their own (`agent-api.ts`).
 *
 * @module
 */

import { type Abortable, decodeNewToken, decodeSessions, decodeTokens } from "@naru/core";
import { type ApiCaller, callerOf, type NaruApiOptions } from "./api-call.ts";

/** What may sign in for an account; never its secret. */
export interface Access {
  readonly id: string;
  readonly name: string;
  readonly created: string;
  /** To the minute. */
  readonly used: string;
}

/** A browser that is signed in; its name is its `User-Agent`. */
export interface BrowserAccess extends Access {
  /** Whether it is the one that asks. */
  readonly current: boolean;
}

/** A token that was just made: the one time that it is told. */
export interface MadeToken {
  readonly id: string;
  readonly name: string;
  readonly token: string;
}

/** Sessions and tokens, as calls. */
export class AccountApi {
  readonly #caller: ApiCaller;

  constructor(options: NaruApiOptions) {
    this.#caller = callerOf(options);
  }

  /** List the browsers in which I am signed in. */
  async sessions(options: Abortable = {}): Promise<readonly BrowserAccess[]> {
    return decodeSessions(await this.#caller.json("GET", "/api/sessions", options)).sessions;
  }

  /** Sign a browser of mine out. @throws {TransferError} `not-found` */
  async endSession(id: string, options: Abortable = {}): Promise<void> {
    await this.#caller.json("DELETE", `/api/sessions/${encodeURIComponent(id)}`, options);
  }

  /** Sign out all browsers of mine but the one that asks. */
  async endOtherSessions(options: Abortable = {}): Promise<void> {
    await this.#caller.json("DELETE", "/api/sessions", options);
  }

  /**
   * Change my password, which has 8 characters or more; my other browsers are signed out.
   *
   * @throws {TransferError} `forbidden` when the old one is wrong, `throttled` after too many wrong ones
   */
  async changePassword(old: string, wanted: string, options: Abortable = {}): Promise<void> {
    await this.#caller.json("POST", "/api/password", { ...options, json: { old, new: wanted } });
  }

  /** List my tokens. */
  async tokens(options: Abortable = {}): Promise<readonly Access[]> {
    return decodeTokens(await this.#caller.json("GET", "/api/tokens", options)).tokens;
  }

  /** Make a token under a name of 1 to 100 characters. */
  async makeToken(name: string, options: Abortable = {}): Promise<MadeToken> {
    return decodeNewToken(await this.#caller.json("POST", "/api/tokens", { ...options, json: { name } }));
  }

  /** Make a token worthless. @throws {TransferError} `not-found` */
  async revokeToken(id: string, options: Abortable = {}): Promise<void> {
    await this.#caller.json("DELETE", `/api/tokens/${encodeURIComponent(id)}`, options);
  }
}
