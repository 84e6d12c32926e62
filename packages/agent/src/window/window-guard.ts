/**
 * Who may use the window's server. Ports of 127.0.0.1 are open to every page and every user of the computer, so: the
 * `Host` must be this very address, what changes something must come from the window's own page, data is only for who
 * exchanged a key (told to this user alone, good for one minute and once) for a cookie, and other users are refused where
 * the system tells who is at the other end.
 *
 * @module
 */

import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { isForeignUser } from "./peer-user.ts";

const keyMs = 60_000;
const mostKeys = 16;
const mostSessions = 16;

/** The keys and sessions of one server. */
export class WindowGuard {
  readonly #keys = new Map<string, number>();
  readonly #sessions: string[] = [];
  readonly #port: () => number;

  constructor(port: () => number) {
    this.#port = port;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port()}`;
  }

  /** Make a key that opens one session within a minute. */
  issueKey(): string {
    const key = randomBytes(24).toString("base64url");
    this.#keys.set(key, Date.now() + keyMs);
    for (const old of [...this.#keys.keys()].slice(0, -mostKeys)) this.#keys.delete(old);
    return key;
  }

  /** Use a key up; the answer is the cookie of its session, `undefined` when the key is void. */
  enter(key: string): string | undefined {
    const known = [...this.#keys.keys()].find((one) => isSame(one, key));
    if (known === undefined) return undefined;
    const isLate = (this.#keys.get(known) ?? 0) < Date.now();
    this.#keys.delete(known);
    if (isLate) return undefined;
    const session = randomBytes(24).toString("base64url");
    this.#sessions.push(session);
    this.#sessions.splice(0, this.#sessions.length - mostSessions);
    return `${this.#cookie}=${session}; Path=/ui; HttpOnly; SameSite=Strict`;
  }

  /** Tell whether a request is the window's at all; who is refused is answered as if nothing were here. */
  async admits(request: IncomingMessage): Promise<boolean> {
    const { headers, rawHeaders, socket } = request;
    const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === "host");
    if (hosts.length !== 1 || headers.host !== `127.0.0.1:${this.#port()}`) return false;
    if (headers.origin !== undefined && headers.origin !== this.origin) return false;
    const isReading = request.method === "GET";
    if (!isReading && headers.origin !== this.origin) return false;
    return !(await isForeignUser(socket));
  }

  /** Tell whether a request comes from a page that has a session. */
  knows({ headers }: IncomingMessage): boolean {
    const site = headers["sec-fetch-site"];
    if (site !== undefined && site !== "same-origin") return false;
    const cookies = (headers.cookie ?? "").split(/;\s*/).map((pair) => pair.split("="));
    const [, session] = cookies.find(([name]) => name === this.#cookie) ?? [];
    return session !== undefined && this.#sessions.some((one) => isSame(one, session));
  }

  /** Cookies do not tell ports apart: the name does. */
  get #cookie(): string {
    return `naru-window-${this.#port()}`;
  }
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
