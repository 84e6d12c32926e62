/** Where files are kept, said as a URL: `file:DIR` or `s3://BUCKET[/PREFIX]?endpoint=&region=&style=&publicEndpoint=&equalParts=1`. */

import { resolve } from "node:path";
import { UsageError } from "./exit-code.ts";

export interface FilePlace {
  readonly kind: "file";
  readonly folder: string;
}

export interface S3Place {
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
}

const s3Fields: readonly string[] = ["endpoint", "region", "style", "publicEndpoint", "equalParts"];

/** Read a store URL. @throws {UsageError} that says what is wrong with it */
export function readStoreUrl(text: string): FilePlace | S3Place {
  if (text.startsWith("file:")) return { kind: "file", folder: folderOf(text) };
  const url = URL.parse(text);
  if (url?.protocol === "s3:" && url.hostname !== "") return s3Place(text, url);
  throw wrong(text, "it is neither file:DIR nor s3://BUCKET?endpoint=...");
}

function folderOf(text: string): string {
  const folder = text.slice("file:".length).replace(/^\/\/(?=\/)/, "");
  if (folder === "") throw wrong(text, "it names no folder");
  return resolve(folder);
}

function s3Place(text: string, url: URL): S3Place {
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
  const equalParts = query.get("equalParts");
  if (equalParts !== null && equalParts !== "1") {
    throw wrong(text, `equalParts is "1" or not there at all, not "${equalParts}"`);
  }
  const prefix = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, "");
  return {
    kind: "s3",
    bucket: url.hostname,
    prefix: prefix === "" ? "" : `${prefix}/`,
    endpoint: endpointOf(text, endpoint ?? `https://s3.${region}.amazonaws.com`),
    region,
    style,
    publicEndpoints: query.getAll("publicEndpoint").map((one) => endpointOf(text, one)),
    equalParts: equalParts === "1",
  };
}

function endpointOf(text: string, endpoint: string): string {
  const url = URL.parse(endpoint);
  if (url === null || !/^https?:$/.test(url.protocol)) throw wrong(text, `"${endpoint}" is not an http URL`);
  return endpoint.replace(/\/+$/, "");
}

function wrong(text: string, why: string): UsageError {
  return new UsageError(`Cannot use the store "${text}": ${why}`);
}
