/** What the options of `naru serve` say of what stands in front of it. */

import { isIP } from "node:net";
import type { HttpOptions } from "@naru/server";
import { UsageError } from "./exit-code.ts";

/** As the command line gives them. */
export interface FrontCommand {
  readonly origin?: readonly string[] | undefined;
  /** Addresses, ranges and names of ranges, between commas. */
  readonly trustProxy?: string | undefined;
}

export interface FrontOptions {
  readonly origins: readonly string[];
  readonly trustProxy: NonNullable<HttpOptions["trustProxy"]>;
}

const namedRanges: readonly string[] = ["loopback", "linklocal", "uniquelocal"];

/** Read the options about origins and proxies. @throws {UsageError} */
export function frontOptions({ origin = [], trustProxy }: FrontCommand): FrontOptions {
  return {
    origins: origin.map(originIn),
    trustProxy: trustProxy === undefined ? false : trustProxy.split(",").map((one) => proxyIn(one.trim())),
  };
}

function originIn(text: string): string {
  const url = URL.parse(text);
  const isPage = url?.protocol === "http:" || url?.protocol === "https:";
  if (isPage && url.href === `${url.origin}/`) return url.origin;
  throw new UsageError(`Cannot use --origin "${text}": it is not of the form https://host[:port]`);
}

function proxyIn(text: string): string {
  if (namedRanges.includes(text)) return text;
  const [address = "", bits, ...more] = text.split("/");
  const most = address.includes("%") ? 0 : ({ 4: 32, 6: 128 }[isIP(address)] ?? 0);
  const length = bits === undefined ? most : Number(/^\d{1,3}$/.exec(bits)?.[0] ?? Number.NaN);
  if (most === 0 || more.length > 0 || !(length <= most)) {
    const why = "it is not an address, as 10.0.0.7, a range, as 10.1.0.0/24, or one of";
    throw new UsageError(`Cannot use --trust-proxy "${text}": ${why} ${namedRanges.join(", ")}`);
  }
  if (length > 0) return text;
  const why = "every client could then claim any address; name those of your proxies";
  throw new UsageError(`Cannot use --trust-proxy "${text}": ${why}`);
}
