/** Reads a copy again, and compares it with what was copied. */

import { type Abortable, Crc64, type Files, TransferError } from "@naru/core";
import { escaped } from "../terminal-text.ts";
import type { CopyContext } from "./copy-context.ts";
import type { CopyJob } from "./copy-job.ts";

/** @throws {TransferError} `checksum-mismatch` when the target has other bytes than the source, or than those that were sent */
export async function verifyCopy(
  context: CopyContext,
  { file, path }: CopyJob,
  sent: string | undefined,
): Promise<string> {
  const { from, to, signal } = context;
  const [there, here] = await Promise.all([
    crc64Of(to.store, path, { signal }),
    sent ?? crc64Of(from.store, file.path, { signal, etag: file.etag }),
  ]);
  if (there === here) return there;
  const how = `its CRC-64 is ${there}, that of the source ${here}`;
  throw new TransferError("checksum-mismatch", `Cannot verify "${escaped(path)}": ${how}`);
}

async function crc64Of(
  files: Files,
  path: string,
  options: Abortable & { readonly etag?: string | undefined },
): Promise<string> {
  const crc = new Crc64();
  for await (const chunk of await files.read(path, options)) crc.update(chunk);
  return crc.hex();
}
