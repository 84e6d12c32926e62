import { createHash } from "node:crypto";
import type { Abortable, Files, StoredFile } from "@naru/core";

/** Tell whether two files hold the same bytes: by what is known of them, and only if that does not tell, by reading both. */
export async function isSameContent(
  files: Pick<Files, "read">,
  one: StoredFile,
  other: StoredFile,
  options: Abortable,
): Promise<boolean> {
  if (one.size !== other.size) return false;
  if (one.crc64 !== undefined && other.crc64 !== undefined) return one.crc64 === other.crc64;
  // Etags differ where a store names a copy anew; those that are the same name the same bytes.
  return one.size === 0 || one.etag === other.etag || readsAlike(files, one, other, options);
}

async function readsAlike(
  files: Pick<Files, "read">,
  one: StoredFile,
  other: StoredFile,
  options: Abortable,
): Promise<boolean> {
  const [left, right] = await Promise.all([one, other].map((file) => sha256Of(files, file, options)));
  return left === right;
}

async function sha256Of(
  files: Pick<Files, "read">,
  { path, etag }: StoredFile,
  { signal }: Abortable,
): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of await files.read(path, { etag, signal })) hash.update(chunk);
  return hash.digest("hex");
}
