import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { type Abortable, type StoredFile, TransferError } from "@naru/core";
import type { AccountStore } from "../catalogue/account-store.ts";

/** Digests that can be taken of a file by reading it. */
export const digestNames = ["sha256", "sha512", "sha1", "md5", "crc32"] as const;
export type DigestName = (typeof digestNames)[number];

export interface DigestAsk {
  readonly name: DigestName;
  /** Of a part of the file: from here on. */
  readonly start?: number | undefined;
  /** So many bytes, or to the end. */
  readonly length?: number | undefined;
  /** One digest for every so many bytes, in place of one for all. */
  readonly block?: number | undefined;
}

/** More in one answer fits into no packet. */
const mostBlocks = 2000;

/** Read a finished file and take digests of it, in hex; those of a whole file are remembered. */
export async function readDigests(
  files: AccountStore,
  file: StoredFile,
  { block, length, name, start = 0 }: DigestAsk,
  { signal }: Abortable,
): Promise<readonly string[]> {
  const end = Math.min(file.size, length === undefined ? file.size : start + length);
  const doing = `Cannot compute the checksum of "${file.path}"`;
  if (start > end) throw new TransferError("invalid", `${doing} from ${start} on: it has ${file.size} bytes`);
  const size = Math.max(1, block ?? end - start);
  if ((end - start) / size > mostBlocks) {
    throw new TransferError("invalid", `${doing} by ${size} bytes: ask for at most ${mostBlocks} blocks at once`);
  }
  const found: string[] = [];
  let digest = digester(name);
  let left = size;
  const range = { start, end };
  for await (const chunk of await files.read(file.path, { range, etag: file.etag, signal })) {
    for (let at = 0; at < chunk.length; ) {
      const piece = chunk.subarray(at, at + left);
      digest.update(piece);
      at += piece.length;
      left -= piece.length;
      if (left > 0) continue;
      found.push(digest.hex());
      digest = digester(name);
      left = size;
    }
  }
  if (left < size || found.length === 0) found.push(digest.hex());
  const isWhole = start === 0 && end === file.size && found.length === 1;
  if (isWhole && (name === "md5" || name === "sha256")) await files.noteDigests(file, { [name]: found[0] });
  return found;
}

interface Digester {
  update(bytes: Uint8Array): void;
  hex(): string;
}

function digester(name: DigestName): Digester {
  if (name !== "crc32") {
    const hash = createHash(name);
    return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest("hex") };
  }
  let sum = 0;
  return {
    update: (bytes) => {
      sum = crc32(bytes, sum);
    },
    hex: () => sum.toString(16).padStart(8, "0"),
  };
}
