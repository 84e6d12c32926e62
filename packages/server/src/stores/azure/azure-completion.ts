import {
  type Abortable,
  type CompleteOptions,
  isTransferError,
  type StoredFile,
  TransferError,
  type UploadSpec,
} from "@naru/core";
import { checkCoverage, wholeCrc64 } from "../part-coverage.ts";
import type { BlobHead } from "./blob-answers.ts";
import { metadataOf, stagedMetadata, storedFile, tokenName } from "./blob-metadata.ts";
import { nameOf } from "./blob-name.ts";
import type { BlobFacts } from "./blob-service.ts";
import type { ContainerContext } from "./container-context.ts";
import { copyBlob } from "./copy-blob.ts";
import type { StagedReceipt } from "./staged-blocks.ts";

export interface StagedUpload {
  readonly id: string;
  readonly spec: UploadSpec;
  /** The blob that has its blocks. */
  readonly stage: string;
}

/**
 * Commit the blocks in the upload's own blob, copy that to its name, look at what is there, and let the upload's blob go. Each
 * step may be done again after a cut.
 *
 * @throws {TransferError} `incomplete`; `conflict` if under `onlyNew` another file has the name; `checksum-mismatch` if size or CRC-64 are not those of the parts
 */
export async function finish(
  context: ContainerContext,
  upload: StagedUpload,
  receipts: readonly StagedReceipt[],
  { onlyNew, ...options }: Pick<CompleteOptions, "onlyNew" | "signal">,
): Promise<StoredFile> {
  const { service, prefix } = context;
  const { id, spec, stage } = upload;
  const size = checkCoverage(receipts, spec);
  const name = nameOf(spec.path, prefix);
  const crc64 = wholeCrc64(receipts.map(({ part, digest }) => ({ size: part.size, digest })));
  const facts = { type: spec.type, metadata: metadataOf({ modified: spec.modified, token: id, crc64 }), onlyNew };
  try {
    if (size === 0) await service.putEmpty(name, facts, options);
    else await publish(context, { ...upload, name, size, facts }, receipts, options);
  } catch (error) {
    // What has the name may be this upload's file, when the answer to an earlier try was lost.
    if (!isTransferError(error) || error.code !== "conflict") throw error;
    if ((await finished(context, upload, options)) === undefined) throw error;
  }
  const head = await service.head(name, options);
  checkStored(head, { path: spec.path, size, token: id });
  // The file is there; a blob that stays behind is found by the janitor.
  await service.remove(stage, options).catch(() => undefined);
  return storedFile(spec.path, head);
}

/** What an upload became, when the service has it under its name; `undefined` when that is not this upload's file. */
export async function finished(
  { service, prefix }: ContainerContext,
  { id, spec }: Pick<StagedUpload, "id" | "spec">,
  options: Abortable,
): Promise<StoredFile | undefined> {
  const head = await service.headIfThere(nameOf(spec.path, prefix), options);
  const same = head?.metadata[tokenName] === id && (spec.size ?? head.size) === head.size;
  return same ? storedFile(spec.path, head) : undefined;
}

interface Publication extends StagedUpload {
  readonly name: string;
  readonly size: number;
  readonly facts: BlobFacts;
}

async function publish(
  context: ContainerContext,
  { id, spec, stage, name, size, facts }: Publication,
  receipts: readonly StagedReceipt[],
  options: Abortable,
): Promise<void> {
  const { service } = context;
  const ids = receipts.map((receipt) => receipt.id);
  // Only while it is there: another process may have aborted it.
  const staged = {
    type: spec.type,
    metadata: stagedMetadata(spec, id, { owner: context.owner.current, begun: new Date(context.clock.now()) }),
    ifThere: true,
  };
  // By its etag the copy is of these blocks, whatever comes late.
  const etag = await service.commit(stage, ids, staged, options).catch(gone);
  // The service says the CRC-64 of each piece that it copies.
  const pieces = receipts.map(({ part, digest }) => ({ start: part.offset, size: part.size, crc64: digest?.crc64 }));
  await copyBlob(context, { from: stage, to: name, size, etag, pieces, ...facts }, options);
}

/** Its own blob is written by nobody else: what it may not meet is that it is there. */
function gone(error: unknown): never {
  if (!isTransferError(error) || error.code !== "conflict") throw error;
  throw new TransferError("not-found", error.message, { cause: error });
}

interface Expected {
  readonly path: string;
  readonly size: number;
  readonly token: string;
}

function checkStored(head: BlobHead, { path, size, token }: Expected): void {
  if (head.metadata[tokenName] !== token) {
    throw new TransferError("conflict", `Cannot complete "${path}": another file has taken its name`);
  }
  if (head.size === size) return;
  const fault = `the store has ${head.size} bytes instead of ${size}`;
  throw new TransferError("checksum-mismatch", `Cannot complete "${path}": ${fault}`);
}
