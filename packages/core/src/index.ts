export { type LinkedController, linked, orAborted } from "./abortable.ts";
export { bodyError, chunksOf, type ReadBodyOptions, readBody } from "./body.ts";
export { bytesBudget } from "./budget.ts";
export { Crc64, combineAllCrc64, combineCrc64, crc64 } from "./crc64.ts";
export { wholeDigest } from "./digests.ts";
export * from "./door-names.ts";
export type {
  Budget,
  Clock,
  DigestPart,
  FetchOptions,
  FetchProgress,
  FetchState,
  Progress,
  RunOptions,
  RunProgress,
  RunState,
  TransferOptions,
  TransferState,
} from "./engine.ts";
export {
  type FailureCode,
  failureCodes,
  isFailureCode,
  isTransferError,
  TransferError,
  type TransferErrorOptions,
} from "./errors.ts";
export { type ReadExactlyOptions, readExactly } from "./exact-body.ts";
export * from "./fetch.ts";
export * from "./fetch-journal.ts";
export { pageOf } from "./listing.ts";
export * from "./memory-store.ts";
export * from "./migrate.ts";
export { existingPath, hiddenFolder, isHidden, isUsablePath, maxPathBytes, normalizePath, renamed } from "./path.ts";
export { choosePartSize, countParts, type PlanLimits, partAt, planParts } from "./plan.ts";
export * from "./range-reader.ts";
export { batchPolicy, patientPolicy, type RetryPolicy } from "./retry-policy.ts";
export { asTransferError, type RetryingOptions, retrying } from "./retrying.ts";
export { failureOfS3, type S3Refusal, s3CodeIn } from "./s3-answers.ts";
export * from "./sink.ts";
export * from "./store.ts";
export * from "./temporary-name.ts";
export { Transfer } from "./transfer.ts";
export { GiB, KiB, MiB, TiB } from "./units.ts";
export * from "./wire/accounts.ts";
export * from "./wire/agent-frame.ts";
export * from "./wire/agent-messages.ts";
export * from "./wire/batches.ts";
export { type Decoder, decoder } from "./wire/decoder.ts";
export * from "./wire/failures.ts";
export * from "./wire/files.ts";
export { formats } from "./wire/formats.ts";
export type { Decoded, Schema } from "./wire/schema.ts";
export * from "./wire/shapes.ts";
export * from "./wire/ssh.ts";
export * from "./wire/status.ts";
export * from "./wire/tickets.ts";
export * from "./wire/uploads.ts";
export { anySpelling, spellings } from "./wrap/any-spelling.ts";
export { throttle } from "./wrap/throttle.ts";
export { type Wrapping, wrapStore } from "./wrap/wrap-store.ts";
