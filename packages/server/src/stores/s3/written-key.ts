import { TransferError } from "@naru/core";
import type { StoreProfile } from "../profiles/store-profile.ts";
import type { BucketContext } from "./bucket-context.ts";

/**
 * The key under which to write `path` in the bucket, as the store will keep it.
 *
 * @throws {TransferError} `invalid` if it is empty, absolute, has names that a URL would resolve, or is refused by the store
 */
export function keyOf(path: string, { prefix, facts }: Pick<BucketContext, "prefix" | "facts">): string {
  const key = prefix + path;
  const why = faultOf(path, key, facts.profile);
  if (why === undefined) return key;
  throw new TransferError("invalid", `Cannot use the path "${path.replaceAll("\0", "\\0")}": ${why}`);
}

function faultOf(path: string, key: string, { maxKeyBytes, maxNameBytes }: StoreProfile): string | undefined {
  const names = path.split("/");
  const isResolved = names.some((name) => name === "" || name === "." || name === "..");
  if (path.includes("\0") || isResolved || /\p{Surrogate}/u.test(path)) return "it is not a valid key";
  if (Buffer.byteLength(key) > maxKeyBytes.is) return `the store accepts keys of up to ${maxKeyBytes.is} bytes`;
  const isLong = names.some((name) => Buffer.byteLength(name) > maxNameBytes.is);
  return isLong ? `the store accepts names of up to ${maxNameBytes.is} bytes` : undefined;
}
