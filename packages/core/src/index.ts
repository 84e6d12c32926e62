export { linked, orAborted } from "./abortable.ts";
export { bodyError, chunksOf } from "./body.ts";
export { bytesBudget } from "./budget.ts";
export { Calls } from "./calls.ts";
export { combineCrc32 } from "./crc32.ts";
export { Crc64, combineAllCrc64, crc64 } from "./crc64.ts";
export { wholeDigest } from "./digests.ts";
export { asyncDispose, dispose } from "./disposal.ts";
export { doorName } from "./door-names.ts";
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
export { Fetch, type Fetched } from "./fetch.ts";
export type { FetchJournal, FetchNote } from "./fetch-journal.ts";
export { pageOf } from "./listing.ts";
export { type MigratableDatabase, migrate } from "./migrate.ts";
export {
  existingPath,
  hiddenFolder,
  isHidden,
  isUsablePath,
  maxPathBytes,
  normalizePath,
  type PathFault,
  pathFault,
  renamed,
} from "./path.ts";
export { choosePartSize, countParts, type PlanLimits, partAt, planParts } from "./plan.ts";
export { type PreviewKind, type PreviewType, previewType } from "./preview-type.ts";
export type { RangeReader } from "./range-reader.ts";
export { batchPolicy, patientPolicy, type RetryPolicy } from "./retry-policy.ts";
export { asTransferError, type RetryingOptions, retrying } from "./retrying.ts";
export type { WakeOptions } from "./run-control.ts";
export { failureOfS3, type S3Refusal, s3CodeIn } from "./s3-answers.ts";
export type { Sink } from "./sink.ts";
export type {
  Abortable,
  BegunCopy,
  Body,
  ByteRange,
  ChunksOptions,
  CompleteOptions,
  CopyResume,
  CopySource,
  FilePage,
  Files,
  Folders,
  Limits,
  ListOptions,
  MoveOptions,
  Part,
  PartDigest,
  PartToSign,
  PresignReadOptions,
  PutOptions,
  ReadOptions,
  Receipt,
  SignedPart,
  SignedRead,
  Source,
  SpaceOptions,
  Store,
  StoredFile,
  StoreSpace,
  UnfinishedOptions,
  UnfinishedUpload,
  Upload,
  UploadOwner,
  UploadSpec,
} from "./store.ts";
export { finalName, isTemporaryName, isTemporaryNameOf, type TextDigest, temporaryName } from "./temporary-name.ts";
export { Transfer } from "./transfer.ts";
export { GiB, KiB, MiB, TiB } from "./units.ts";
export { expiryOf, renewalMs, workedOn } from "./upload-life.ts";
export { type WaitQueue, waitQueue } from "./wait-queue.ts";
export { silenceMs } from "./watchdog.ts";
export {
  accountList,
  agentList,
  changePassword,
  createAccount,
  createToken,
  decodeAgents,
  decodeNewToken,
  decodeSession,
  decodeSessions,
  decodeTokens,
  newToken,
  sessionList,
  signIn,
  tokenList,
  type WireAgent,
  type WireSession,
  type WireStoreInfo,
  wireAccount,
  wireSession,
} from "./wire/accounts.ts";
export {
  type AgentFrame,
  agentFrameHead,
  agentFrameHeader,
  agentFrameSize,
  decodeAgentFrame,
} from "./wire/agent-frame.ts";
export {
  type AgentFeed,
  type AgentFile,
  type AgentGrant,
  type AgentProof,
  type AgentTransfer,
  agentKeyHeader,
  agentPorts,
  agentVersion,
  decodeFromAgent,
  decodeToAgent,
  type FromAgent,
  type ToAgent,
} from "./wire/agent-messages.ts";
export {
  type BatchEntry,
  type BatchFile,
  type BatchManifest,
  type BatchResult,
  type BatchResults,
  batchContentType,
  batchManifest,
  batchResults,
  decodeBatchManifest,
  decodeBatchResults,
  decodeCreateBatch,
  decodeKnownResults,
  type KnownResult,
  type KnownResults,
  knownResults,
  type Readable,
} from "./wire/batches.ts";
export * from "./wire/bin.ts";
export { type Decoder, decoder } from "./wire/decoder.ts";
export {
  decodeDetails,
  decodeFolderDetails,
  decodeVersions,
  eitherDetails,
  versionPage,
  versionRequest,
  type WireDetails,
  type WireFolderDetails,
  type WireVersions,
} from "./wire/details.ts";
export { decodeStoreReport, storeReport, type WireStoreCheck, type WireStoreReport } from "./wire/doctor.ts";
export {
  decodeEntries,
  decodeSearchPage,
  entryPage,
  searchPage,
  type WireEntries,
  type WireSearchPage,
} from "./wire/entries.ts";
export { concernsFolder, decodeEvent, type WireEvent, wireEvent } from "./wire/events.ts";
export * from "./wire/experiments.ts";
export { type WireError, wireError } from "./wire/failures.ts";
export {
  completeResults,
  copyRequest,
  decodeDownload,
  decodeFilePage,
  decodeFolder,
  decodeType,
  decodeWireFile,
  downloadRequest,
  filePage,
  formFiles,
  moveRequest,
  type WireDownload,
  type WireFile,
  type WireFilePage,
  type WireFolder,
  wireDownload,
  wireFile,
  wireFolder,
} from "./wire/files.ts";
export { formats } from "./wire/formats.ts";
export * from "./wire/guests.ts";
export type { Decoded, Schema } from "./wire/schema.ts";
export { toReceipt, toStoredFile, toWireFile, toWireReceipt } from "./wire/shapes.ts";
export * from "./wire/shares.ts";
export {
  answerIn,
  decodePartHandle,
  decodePartRequest,
  decodeUploadRequest,
  type PartRequest,
  type UploadReply,
  type UploadRequest,
  uploadExtension,
} from "./wire/ssh.ts";
export { codeOfStatus, fromWireError, statusOf, toWireError } from "./wire/status.ts";
export {
  claimRequest,
  confirmPairing,
  decodeClaim,
  decodeGrant,
  decodePairing,
  decodeTicket,
  decodeTicketWish,
  pairedDevice,
  pairingRequest,
  type RedeemTicket,
  redeemTicket,
  type TicketRoute,
  type TicketWish,
  ticketWish,
  type WireClaim,
  type WireGateway,
  type WireGrant,
  type WirePairing,
  type WireTicket,
  wireClaim,
  wireGrant,
  wirePairing,
  wireTicket,
} from "./wire/tickets.ts";
export {
  type CheckedFile,
  type CheckedUploads,
  checkedUploads,
  checkUploads,
  decodeCheckedUploads,
  decodeCheckUploads,
  type FileToCheck,
} from "./wire/upload-checks.ts";
export {
  type CompleteOne,
  type CompleteUpload,
  type ConflictPolicy,
  type CreateBatch,
  type CreateResult,
  type CreateUpload,
  completeBatch,
  completeUpload,
  createBatch,
  createResults,
  createUpload,
  decodeCompleteUpload,
  decodeCreateResults,
  decodeReceipt,
  decodeSignedParts,
  decodeUploads,
  decodeWireUpload,
  defaultConflict,
  epochHeader,
  maxBatchUploads,
  type Route,
  type SignedParts,
  type SignParts,
  signedParts,
  signParts,
  uploadList,
  type WirePartDigest,
  type WireReceipt,
  type WireSignedPart,
  type WireUpload,
  wireReceipt,
  wireUpload,
} from "./wire/uploads.ts";
export { anySpelling } from "./wrap/any-spelling.ts";
export { type PaceOptions, pace } from "./wrap/pace.ts";
export { throttle } from "./wrap/throttle.ts";
export { type Wrapping, wrapStore } from "./wrap/wrap-store.ts";
export { bytesWithin, type Framing, frame } from "./zip/stored-blocks.ts";
export { ZipLayout, type ZipPiece } from "./zip/zip-layout.ts";
export { ZipNames } from "./zip/zip-names.ts";
export { isFramed, type ZipEntry, type ZipTimes } from "./zip/zip-records.ts";
