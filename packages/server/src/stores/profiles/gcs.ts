import { GiB, MiB, TiB } from "@naru/core";
import { generic } from "./generic.ts";
import { fact, type StoreProfile } from "./store-profile.ts";

const parts = "https://cloud.google.com/storage/docs/multipart-uploads";
const quotas = "https://cloud.google.com/storage/quotas";
const headers = "https://cloud.google.com/storage/docs/xml-api/reference-headers";
const cors = "https://cloud.google.com/storage/docs/xml-api/put-bucket-cors";

/** Google Cloud Storage by its XML API. */
export const gcs: StoreProfile = {
  ...generic,
  name: "gcs",
  title: "Google Cloud Storage",
  speaks: "gcs",
  example: "gcs://BUCKET",
  notes: [
    "With an HMAC key, nothing keeps Naru from replacing a file that another program has just written.",
    "Give the bucket a lifecycle rule that aborts incomplete multipart uploads: they are kept indefinitely.",
  ],
  signs: { hosts: /(^|\.)storage\.googleapis\.com$/, headers: { server: /^UploadServer$/ } },
  limits: {
    ...generic.limits,
    minPartSize: fact(5 * MiB, quotas),
    maxPartSize: fact(5 * GiB, quotas),
    maxParts: fact(10_000, quotas),
    maxSize: fact(5 * TiB, quotas),
    equalParts: fact(false, parts),
  },
  maxKeyBytes: fact(1024, "https://cloud.google.com/storage/docs/objects#naming"),
  conditionalCreate: fact("honoured", `${headers}#xgoogifgenerationmatch`),
  conditionalComplete: fact("ignored", `${parts} (preconditions are not supported)`),
  checksums: fact(["crc32c"], parts),
  md5: fact(true, "https://cloud.google.com/storage/docs/xml-api/put-object-multipart"),
  corsApi: fact("bucket", cors),
  listing: fact("v2", "https://cloud.google.com/storage/docs/xml-api/get-bucket-list"),
  unfinishedDays: fact(undefined, parts),
  abortRule: fact(true, "https://cloud.google.com/storage/docs/lifecycle#abort-mpu"),
  etagForm: fact("opaque", parts),
  maxCopySize: fact(5 * TiB, "https://cloud.google.com/storage/docs/xml-api/put-object-copy"),
  copiesParts: fact(false, `${headers} (it has no range of a copy's source)`),
  corsRules: fact("CorsConfig", cors),
  listsUploads: fact("bucket", "https://cloud.google.com/storage/docs/xml-api/get-bucket-uploads"),
};
