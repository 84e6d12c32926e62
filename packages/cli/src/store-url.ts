/** Where files are kept, said as a URL: `file:DIR` or `s3://BUCKET[/PREFIX]?endpoint=&region=&style=&publicEndpoint=&equalParts=1&maxParts=&leavesParts=1`. */

import { resolve } from "node:path";
import { UsageError } from "./exit-code.ts";

export interface FolderAddress {
  readonly kind: "file";
  readonly folder: string;
}

export interface S3Address {
  readonly kind: "s3";
  readonly bucket: string;
  /** What every key begins with: empty, or with a final `/`. */
  readonly prefix: string;
  readonly endpoint: string;
  readonly region: string;
  readonly style: "path" | "virtual";
  readonly publicEndpoints: readonly string[];
  /** Every part of a file but the last must have the same size, as Cloudflare R2 wants it. */
  readonly equalParts: boolean;
  /** How many parts the store takes of a file, when it is not what S3 takes. */
  readonly maxParts?: number | undefined;
  /** Overwriting leaves the parts of the old file behind, as OpenStack Swift does. */
  readonly leavesParts: boolean;
}

const s3Fields: readonly string[] = [
  "endpoint",
  "region",
  "style",
  "publicEndpoint",
  "equalParts",
  "maxParts",
  "leavesParts",
];

/** What S3 takes, and no store more. */
const mostParts = 10_000;

/** Read a store URL. @throws {UsageError} that says what is wrong with it */
export function readStoreUrl(text: string): FolderAddress | S3Address {
  if (text.startsWith("file:")) return { kind: "file", folder: folderOf(text) };
  const url = URL.parse(text);
  if (url?.protocol === "s3:" && url.hostname !== "") return s3Address(text, url);
  throw wrong(text, "it is neither file:DIR nor s3://BUCKET?endpoint=...");
}

function folderOf(text: string): string {
  const folder = text.slice("file:".length).replace(/^\/\/(?=\/)/, "");
  if (folder === "") throw wrong(text, "it names no folder");
  return resolve(folder);
}

function s3Address(text: string, url: URL): S3Address {
  if (url.username !== "" || url.password !== "") {
    throw wrong(`s3://${url.host}`, "keys belong into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
  }
  const query = url.searchParams;
  const stray = [...query.keys()].find((name) => !s3Fields.includes(name));
  if (stray !== undefined) throw wrong(text, `"${stray}" is not one of ${s3Fields.join(", ")}`);
  const region = query.get("region") ?? "us-east-1";
  const endpoint = query.get("endpoint");
  const style = query.get("style") ?? (endpoint === null ? "virtual" : "path");
  if (style !== "path" && style !== "virtual") throw wrong(text, `the style is "path" or "virtual", not "${style}"`);
  const prefix = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, "");
  return {
    kind: "s3",
    bucket: url.hostname,
    prefix: prefix === "" ? "" : `${prefix}/`,
    endpoint: endpointOf(text, endpoint ?? `https://s3.${region}.amazonaws.com`),
    region,
    style,
    publicEndpoints: query.getAll("publicEndpoint").map((one) => endpointOf(text, one)),
    equalParts: flagIn(text, query, "equalParts"),
    maxParts: maxPartsIn(text, query.get("maxParts")),
    leavesParts: flagIn(text, query, "leavesParts"),
  };
}

function flagIn(text: string, query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  if (value !== null && value !== "1") throw wrong(text, `${name} is "1" or not there at all, not "${value}"`);
  return value === "1";
}

function maxPartsIn(text: string, value: string | null): number | undefined {
  if (value === null) return undefined;
  const number = /^[0-9]{1,5}$/.test(value) ? Number(value) : 0;
  if (number < 1 || number > mostParts) {
    throw wrong(text, `maxParts is how many parts the store takes of a file, 1 to ${mostParts}, not "${value}"`);
  }
  return number;
}

function endpointOf(text: string, endpoint: string): string {
  const url = URL.parse(endpoint);
  if (url === null || !/^https?:$/.test(url.protocol)) throw wrong(text, `"${endpoint}" is not an http URL`);
  return endpoint.replace(/\/+$/, "");
}

function wrong(text: string, why: string): UsageError {
  return new UsageError(`Cannot use the store "${text}": ${why}`);
}
