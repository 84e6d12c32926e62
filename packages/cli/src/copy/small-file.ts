/** A small file, read whole: its bytes, all that is known of it, and their digests. */

import { createHash } from "node:crypto";
import { crc64, MiB, type PartDigest, type StoredFile, TransferError } from "@naru/core";
import { escaped } from "../terminal-text.ts";
import { isMd5, whenChanged } from "./copy-comparison.ts";
import type { CopyContext } from "./copy-context.ts";

/** Up to this size a file is held in memory and written in one request. */
export const largestSmall: number = 8 * MiB;

export interface SmallFile {
  readonly file: StoredFile;
  readonly body: Blob;
  readonly digest: PartDigest;
}

/** Read a file as it was listed. @throws {TransferError} `file-changed`; `checksum-mismatch` when its bytes are not those that it should have */
export async function readSmall(context: CopyContext, listed: StoredFile): Promise<SmallFile> {
  const first = await readOnce(context, listed);
  const known = known64(first, listed);
  if (known === true) return first;
  if (known === undefined && (!isMd5(listed.etag) || first.digest.md5 === listed.etag)) return first;
  // Where a store encrypts with keys of its own, an etag only looks like an MD5: then the same bytes come again.
  const second = await readOnce(context, listed);
  const isSame = known === undefined && second.digest.md5 === first.digest.md5;
  const what = `"${escaped(listed.path)}"`;
  if (!isSame)
    throw new TransferError("checksum-mismatch", `Cannot copy ${what}: its bytes are not those of its checksum`);
  context.progress.say(
    `${what.slice(1, -1)}: its etag is not the MD5 of its bytes; they were read twice and are the same`,
  );
  return first;
}

function known64({ file, digest }: SmallFile, listed: StoredFile): boolean | undefined {
  const known = file.crc64 ?? listed.crc64;
  return known === undefined ? undefined : known === digest.crc64;
}

async function readOnce({ from, pass, signal }: CopyContext, listed: StoredFile): Promise<SmallFile> {
  const { path, etag, size } = listed;
  let answered: StoredFile | undefined;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  try {
    const onFile = (file: StoredFile): void => {
      answered = file;
    };
    for await (const chunk of await from.store.read(path, { etag, signal, onFile })) {
      length += chunk.length;
      if (length > size) break;
      await pass(chunk.length, { signal });
      parts.push(chunk);
    }
    // A listing need not tell the type.
    if (answered === undefined && listed.type === undefined) answered = await from.store.stat(path, { signal });
  } catch (error) {
    throw whenChanged(error, path);
  }
  if (length !== size) throw whenChanged(new TransferError("conflict", "it has another size"), path);
  const bytes = Buffer.concat(parts);
  const digest = { md5: createHash("md5").update(bytes).digest("hex"), crc64: crc64(bytes) };
  return { file: { ...listed, ...answered, path }, body: new Blob([bytes]), digest };
}
