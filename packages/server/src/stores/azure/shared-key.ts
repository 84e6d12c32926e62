/**
 * Requests signed with the account's key, in a header:
 * https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key
 *
 * @module
 */

import { createHmac } from "node:crypto";

/** A request as it is signed: its whole URL and every header that goes along. */
export interface RequestToSign {
  readonly method: string;
  readonly url: string;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Whose key it is. The key is base64, as the portal shows it. */
export interface SharedKey {
  readonly account: string;
  readonly key: string;
}

/** Of the standard headers, in this order; the date is in `x-ms-date`. */
const signedHeaders = [
  "content-encoding",
  "content-language",
  "content-length",
  "content-md5",
  "content-type",
  "date",
  "if-modified-since",
  "if-match",
  "if-none-match",
  "if-unmodified-since",
  "range",
] as const;

/** The value of `Authorization`. */
export function sharedKeyHeader(request: RequestToSign, { account, key }: SharedKey): string {
  return `SharedKey ${account}:${hmac(key, stringToSign(request, account))}`;
}

/** HMAC-SHA256 of a text, in base64. */
export function hmac(key: string, text: string): string {
  return createHmac("sha256", Buffer.from(key, "base64")).update(text, "utf8").digest("base64");
}

function stringToSign({ method, url, headers }: RequestToSign, account: string): string {
  const standard = signedHeaders.map((name) => {
    const value = headers[name] ?? "";
    return name === "content-length" && value === "0" ? "" : value;
  });
  const own = Object.keys(headers)
    .filter((name) => name.startsWith("x-ms-"))
    .sort()
    .map((name) => `${name}:${headers[name]?.trim()}\n`);
  return `${[method, ...standard].join("\n")}\n${own.join("")}${resourceOf(url, account)}`;
}

/** The account, the path as it is sent, and the query with its values decoded. Not by `new URL`, which resolves dots. */
function resourceOf(url: string, account: string): string {
  const [address = "", query = ""] = url.split("?", 2);
  const path = address.slice(address.indexOf("/", address.indexOf("://") + 3));
  const pairs = [...new URLSearchParams(query.replaceAll("+", "%2B"))]
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `/${account}${path}${pairs.map(([name, value]) => `\n${name}:${value}`).join("")}`;
}
