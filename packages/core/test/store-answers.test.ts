import { expect, test } from "vitest";
import { failureOfS3, s3CodeIn } from "../src/s3-answers.ts";

/** As the service writes it. */
const azureError = (code: string, detail = ""): string =>
  `\ufeff<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>It was refused.\nRequestId:1</Message>${detail}</Error>`;

function failureOf(status: number, text: string): string {
  return failureOfS3({ status, code: s3CodeIn(text), text });
}

test.each([
  [400, "Md5Mismatch", "checksum-mismatch"],
  [400, "InvalidBlockList", "incomplete"],
  [403, "AuthorizationPermissionMismatch", "forbidden"],
  [404, "BlobNotFound", "not-found"],
  [404, "ContainerNotFound", "not-found"],
  [409, "BlobAlreadyExists", "conflict"],
  [409, "BlobArchived", "unsupported"],
  [412, "ConditionNotMet", "conflict"],
  [413, "RequestBodyTooLarge", "too-large"],
  [500, "OperationTimedOut", "unavailable"],
  [503, "ServerBusy", "throttled"],
])("%i %s of Azure means %s", (status, code, failure) => {
  expect(failureOf(status, azureError(code))).toBe(failure);
});

test("an address of Azure that is too old has expired, and can be signed again", () => {
  const detail =
    "<AuthenticationErrorDetail>Signature not valid in the specified time frame: Start [] - Expiry [Mon, 30 Nov 2026 07:00:00 GMT] - Current [Mon, 30 Nov 2026 08:00:00 GMT]</AuthenticationErrorDetail>";
  expect(failureOf(403, azureError("AuthenticationFailed", detail))).toBe("expired");
  expect(failureOf(403, azureError("AuthenticationFailed"))).toBe("forbidden");
});
