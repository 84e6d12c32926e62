import { TransferError } from "@naru/core";

/** Where a bucket is, and how it is spelt in a URL. */
export interface BucketAddress {
  readonly bucket: string;
  readonly style: "path" | "virtual";
}

/** Host and path of an object at one endpoint. The path is percent-encoded, and signed as it is. */
export interface ObjectAddress {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
}

/** Spell the address of `key` in a bucket; of the bucket itself when `key` is empty, of the service when both are. */
export function objectAddress(endpoint: URL, { bucket, style }: BucketAddress, key: string): ObjectAddress {
  const base = endpoint.pathname.replace(/\/$/, "");
  const folder = style === "path" && bucket !== "" ? `${base}/${bucket}` : base;
  return {
    protocol: endpoint.protocol,
    hostname: style === "path" ? endpoint.hostname : `${bucket}.${endpoint.hostname}`,
    ...(endpoint.port !== "" && { port: Number(endpoint.port) }),
    path: `${folder}/${encodeKey(key)}`,
  };
}

/** Percent-encode as SigV4 does: all but letters, digits and `-_.~`, and the `/` between names. */
export function encodeKey(key: string): string {
  return key.split("/").map(encodeText).join("/");
}

/** Percent-encode text, also `!'()*`, which `encodeURIComponent` leaves. */
export function encodeText(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

/**
 * The key of an object that is there, whoever named it: what a listing gives is a key as it is, also with empty names, dots
 * or control characters in it. Only what climbs is refused, since a store behind a folder might follow it.
 *
 * @throws {TransferError} `invalid`
 */
export function existingKeyOf(path: string, prefix: string): string {
  const key = prefix + path;
  const bad =
    path === "" || path.split("/").includes("..") || /\p{Surrogate}/u.test(path) || Buffer.byteLength(key) > 1024;
  if (!bad) return key;
  throw new TransferError("invalid", `Cannot use the path "${path.replaceAll("\0", "\\0")}": it is not a valid key`);
}
