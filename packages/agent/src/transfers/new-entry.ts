/** Entries of transfers that begin. */

import { randomUUID } from "node:crypto";
import { stat } from "node:fs/promises";
import { choosePartSize, GiB, MiB, normalizePath, TiB, TransferError } from "@naru/core";
import { defaultLargeSize } from "../stores/sftp-store.ts";
import type { Destination } from "./destination.ts";
import type { SendRequest } from "./transfer-queue.ts";
import type { TransferEntry } from "./transfer-table.ts";

const mostOfPart = 8 * MiB;

/** What is the same for files that are read here and files that are fed. */
export function newEntry(
  { to, path, owner, type, upload }: Omit<SendRequest, "file">,
  name: string,
): Omit<TransferEntry, "size" | "modifiedMs" | "way"> {
  return {
    id: randomUUID(),
    state: "go",
    name,
    path: normalizePath(path ?? name),
    to,
    type,
    owner,
    upload: upload?.id,
    partSize: upload?.partSize,
    created: Date.now(),
    confirmed: 0,
  };
}

/** Look at a file on this computer. @throws {TransferError} `not-found`, or `invalid` for what is not a file */
export async function factsOf(file: string): Promise<Pick<TransferEntry, "size" | "modifiedMs">> {
  const facts = await stat(file).catch((cause: unknown) => {
    throw new TransferError("not-found", `Cannot send "${file}": there is no such file`, { cause });
  });
  if (!facts.isFile()) throw new TransferError("invalid", `Cannot send "${file}": it is not a regular file`);
  return { size: facts.size, modifiedMs: Math.trunc(facts.mtimeMs) };
}

/** Choose the size of parts, which is that of segments: small enough that several fit into the spool's limit. */
export function partSizeFor(size: number, to: Destination, spoolLimit: number = Number.MAX_SAFE_INTEGER): number {
  // Buckets take 10,000 parts of 5 MiB or more; a file on a plain server takes any.
  const most = { maxPartSize: 5 * GiB, maxSize: 48 * TiB };
  const inBucket = { minPartSize: 1, maxParts: 10_000, ...most };
  // As many parts as a long line may have connections, where the file is large enough for that.
  const usualPart = size < defaultLargeSize ? mostOfPart : Math.min(mostOfPart, choosePartSize(size, inBucket));
  if (to.kind === "naru") return choosePartSize(size, inBucket, usualPart);
  const wish = Math.min(usualPart, Math.max(MiB, Math.floor(spoolLimit / 4 / MiB) * MiB));
  return choosePartSize(size, { minPartSize: 1, maxParts: 100_000, ...most }, wish);
}
