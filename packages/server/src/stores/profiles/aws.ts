import { GiB, MiB } from "@naru/core";
import { generic } from "./generic.ts";
import { fact, type StoreProfile } from "./store-profile.ts";

const limits = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html";
const complete = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html";
const versioned = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html";
const put = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html";
const part = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html";
const lifecycle =
  "https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html";
const checksums = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html";

/** Amazon S3. */
export const aws: StoreProfile = {
  ...generic,
  name: "aws",
  title: "Amazon S3",
  example: "s3://BUCKET?region=ap-northeast-2",
  notes: ["Add a lifecycle rule that aborts incomplete multipart uploads."],
  signs: { hosts: /(^|\.)amazonaws\.com(\.cn)?$/, headers: { server: /^AmazonS3$/ } },
  limits: {
    ...generic.limits,
    minPartSize: fact(5 * MiB, limits),
    maxPartSize: fact(5 * GiB, limits),
    maxParts: fact(10_000, limits),
    maxSize: fact(10_000 * 5 * GiB, limits),
    equalParts: fact(false, limits),
  },
  maxKeyBytes: fact(1024, "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html"),
  refusesNames: fact([], "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html"),
  conditionalCreate: fact("honoured", put),
  conditionalCreateWithVersions: fact("honoured", versioned),
  conditionalComplete: fact("honoured", complete),
  checksums: fact(["crc64nvme"], checksums),
  md5: fact(true, part),
  corsApi: fact("bucket", "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html"),
  listing: fact("v2", "https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html"),
  signedHeaders: fact(true, "claim: https://github.com/aws/aws-sdk/issues/338"),
  unfinishedDays: fact(undefined, lifecycle),
  abortRule: fact(true, lifecycle),
  etagForm: fact("md5-of-md5s", checksums),
  leavesParts: fact(false, complete),
  copiesPercent: fact(true, "https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html"),
  listsUploads: fact("bucket", "https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html"),
};
