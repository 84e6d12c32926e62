/** One control call: JSON there and back, with a time limit, and failures as `TransferError`. */

import {
  type Abortable,
  codeOfStatus,
  type FailureCode,
  isFailureCode,
  TransferError,
  type TransferErrorOptions,
} from "@naru/core";
import { retryAfterMs, unreachable } from "./send.ts";

/** How calls say who makes them. A page has its cookie. */
export type Auth =
  | { readonly kind: "cookie" }
  | { readonly kind: "bearer"; readonly token: string }
  | { readonly kind: "basic"; readonly user: string; readonly password: string };

/** What `fetch` is, as far as control calls go. */
export type Fetch = (url: string, init: CallInit) => Promise<Answer>;

/** What they say of a call. */
export interface CallInit extends RequestInit {
  readonly headers?: Record<string, string>;
}

/** What they read of an answer. Whoever asked for it reads it to its end. */
export type Answer = Pick<Response, "ok" | "status" | "body" | "text"> & { readonly headers: Pick<Headers, "get"> };

export interface CallOptions extends Abortable {
  readonly json?: unknown;
  readonly body?: BodyInit | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** A call without an answer for this long has failed; the next try opens its own connection. */
  readonly timeoutMs?: number | undefined;
}

/** Which server is called, and as whom. */
export interface NaruApiOptions {
  /** Where the server is, e.g. `https://naru.example`. */
  readonly origin: string;
  readonly auth?: Auth | undefined;
  readonly fetch?: Fetch | undefined;
}

/** Write the headers that say who calls. */
export function authHeaders(auth: Auth): Record<string, string> {
  if (auth.kind === "bearer") return { authorization: `Bearer ${auth.token}` };
  if (auth.kind === "basic") {
    const bytes = new TextEncoder().encode(`${auth.user}:${auth.password}`);
    return { authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` };
  }
  return {};
}

/** Make the failure that an answer of our server tells about. */
export function failureOf(status: number, headers: Pick<Headers, "get">, text: string, what: string): TransferError {
  const answered = errorIn(text);
  const options = { retryAfterMs: retryAfterMs(headers) };
  if (answered) return new TransferError(answered.code, answered.message, options);
  if (status === 413) return proxyLimit(what, "the server", options);
  return new TransferError(codeOfStatus(status), `Cannot ${what}: the server answered ${status}`, options);
}

/** Make the failure of a body that a proxy does not let through: the one behind it would have said 413 in its own words. */
export function proxyLimit(what: string, behind: string, options: TransferErrorOptions): TransferError {
  const message = `Cannot ${what}: a proxy in front of ${behind} takes no body of this size (413)`;
  return new TransferError("proxy-limit", message, options);
}

function errorIn(text: string): { code: FailureCode; message: string } | undefined {
  const value = jsonIn(text);
  if (typeof value !== "object" || value === null) return undefined;
  if (!("code" in value && "message" in value)) return undefined;
  const { code, message } = value;
  return isFailureCode(code) && typeof message === "string" ? { code, message } : undefined;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Make the caller of a server; without `auth` it is a page that has its cookie. */
export function callerOf({
  origin,
  auth = { kind: "cookie" },
  fetch = (url, init) => globalThis.fetch(url, init),
}: NaruApiOptions): ApiCaller {
  return new ApiCaller(origin.replace(/\/+$/u, ""), auth, fetch);
}

/** Makes calls to one origin as one user. */
export class ApiCaller {
  readonly origin: string;
  readonly auth: Auth;
  readonly #fetch: Fetch;

  constructor(origin: string, auth: Auth, fetch: Fetch) {
    this.origin = origin;
    this.auth = auth;
    this.#fetch = fetch;
  }

  /** Call and give the answer's JSON, undecoded; `undefined` for an empty answer. */
  async json(method: string, path: string, options: CallOptions = {}): Promise<unknown> {
    const response = await this.response(method, path, options);
    const text = await response.text().catch((cause: unknown) => {
      throw unreachable(this.origin, cause, options.signal);
    });
    if (text === "") return undefined;
    const value = jsonIn(text);
    if (value === undefined) {
      throw new TransferError("unavailable", `Cannot ${method} "${path}": the answer is not from a Naru server`);
    }
    return value;
  }

  /** Call and give the answer itself. @throws {TransferError} for every status that is not 2xx */
  async response(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const { json, headers = {}, signal, timeoutMs = 60_000 } = options;
    const body = json === undefined ? options.body : JSON.stringify(json);
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), timeoutMs);
    const response = await this.#fetch(`${this.origin}${path}`, {
      method,
      headers: {
        accept: "application/json",
        ...authHeaders(this.auth),
        ...(json === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      credentials: this.auth.kind === "cookie" ? "same-origin" : "omit",
      cache: "no-store",
      ...(body === undefined ? {} : { body }),
      signal: signal ? AbortSignal.any([signal, limit.signal]) : limit.signal,
    })
      .catch((cause: unknown) => {
        throw unreachable(this.origin, cause, signal);
      })
      .finally(() => clearTimeout(timer));
    if (response.ok) return response;
    const text = await response.text().catch(() => "");
    throw failureOf(response.status, response.headers, text, `${method} "${path}"`);
  }
}
