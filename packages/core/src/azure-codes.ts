import type { FailureCode } from "./errors.ts";

/**
 * What the codes of Azure Blob Storage mean, which come in the same XML as S3's and in `x-ms-error-code`:
 * https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes and .../common-rest-api-error-codes
 */
export const azureCodes: Readonly<Record<string, FailureCode>> = {
  AccountIsDisabled: "forbidden",
  AuthenticationFailed: "forbidden",
  AuthorizationFailure: "forbidden",
  AuthorizationPermissionMismatch: "forbidden",
  AuthorizationProtocolMismatch: "forbidden",
  BlobAlreadyExists: "conflict",
  // Its bytes are not there before somebody has it restored.
  BlobArchived: "unsupported",
  BlobImmutableDueToPolicy: "forbidden",
  BlobNotFound: "not-found",
  BlobOverwritten: "conflict",
  BlockCountExceedsLimit: "too-large",
  BlockListTooLong: "too-large",
  ConditionNotMet: "conflict",
  ContainerBeingDeleted: "unavailable",
  ContainerNotFound: "not-found",
  Crc64Mismatch: "checksum-mismatch",
  InsufficientAccountPermissions: "forbidden",
  InvalidBlockList: "incomplete",
  InvalidMd5: "checksum-mismatch",
  LeaseIdMissing: "conflict",
  Md5Mismatch: "checksum-mismatch",
  NoAuthenticationInformation: "forbidden",
  OperationTimedOut: "unavailable",
  PendingCopyOperation: "conflict",
  RequestBodyTooLarge: "too-large",
  ResourceNotFound: "not-found",
  ServerBusy: "throttled",
  SnapshotsPresent: "conflict",
  SourceConditionNotMet: "conflict",
  TargetConditionNotMet: "conflict",
};
