import { TransferError } from "@naru/core";
import type { Request } from "./fastify.ts";

/** Where pages of this server come from: the hosts that callers reach it at, and the origins that its operator named. */
export class OwnOrigins {
  readonly #named: readonly string[];

  constructor(named: readonly string[]) {
    this.#named = named;
  }

  /** The origin that the caller sees this server at, as far as that can be known: a proxy may hide both scheme and host. */
  of(request: Request): string {
    const { headers, host, protocol } = request;
    const page = URL.parse(headers.origin ?? "")?.origin;
    if (page !== undefined && this.#includes(page, host)) return page;
    return this.#named.find((origin) => hasHost(origin, host)) ?? this.#named[0] ?? `${protocol}://${host}`;
  }

  /** @throws {TransferError} `forbidden` for a call that changes something and comes from another site */
  refuseForgery({ headers, host, method }: Request): void {
    if (["GET", "HEAD", "OPTIONS"].includes(method)) return;
    const { origin, "sec-fetch-site": site } = headers;
    if (origin === undefined && (site === undefined || site === "same-origin" || site === "none")) return;
    if (origin !== undefined && this.#includes(origin, host)) return;
    throw new TransferError("forbidden", `Cannot accept the call: ${foreign(origin, host)}`);
  }

  /** A proxy in front may have ended TLS, so that the scheme is compared of named origins only. */
  #includes(origin: string, host: string): boolean {
    return this.#named.includes(origin) || hasHost(origin, host);
  }
}

function hasHost(origin: string, host: string): boolean {
  const page = URL.parse(origin);
  // Parsed with the same scheme, so that its default port is written or left out alike.
  return page !== null && page.host !== "" && URL.parse(`${page.protocol}//${host}`)?.host === page.host;
}

function foreign(origin: string | undefined, host: string): string {
  const page = origin === undefined ? undefined : URL.parse(origin)?.origin;
  if (page === undefined || page === "null") return "it comes from another site";
  const remedy = `if both are this server, start it with --origin ${page}`;
  return `it comes from a page of "${page}", which is not "${host}", where it arrived; ${remedy}`;
}
