import { MiB } from "@naru/core";
import { generic } from "./generic.ts";
import { fact, type StoreProfile } from "./store-profile.ts";

const block = "https://learn.microsoft.com/en-us/rest/api/storageservices/put-block";
const list = "https://learn.microsoft.com/en-us/rest/api/storageservices/put-block-list";
const limits = "https://learn.microsoft.com/en-us/azure/storage/blobs/scalability-targets";
const names =
  "https://learn.microsoft.com/en-us/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata";
const run = "run: Azurite 3.37.0";

/** Azure Blob Storage: parts are the blocks of a block blob. */
export const azure: StoreProfile = {
  ...generic,
  name: "azure",
  title: "Azure Blob Storage",
  speaks: "azure",
  example: "azure://CONTAINER?account=NAME",
  notes: ["CORS rules belong to the whole account.", "Uncommitted blocks are dropped a week after the last one came."],
  signs: {
    hosts: /\.blob\.core\.(windows\.net|usgovcloudapi\.net|chinacloudapi\.cn)$/,
    headers: { server: /^(Windows-)?Azure/ },
  },
  limits: {
    minPartSize: fact(1, block),
    maxPartSize: fact(4000 * MiB, block),
    maxParts: fact(50_000, limits),
    maxSize: fact(50_000 * 4000 * MiB, limits),
    equalParts: fact(false, block),
    maxInFlight: generic.limits.maxInFlight,
  },
  maxKeyBytes: fact(1024, names),
  conditionalCreate: fact("honoured", run),
  conditionalComplete: fact("honoured", run),
  checksums: fact([], run),
  md5: fact(true, run),
  corsApi: fact("account", "https://learn.microsoft.com/en-us/rest/api/storageservices/set-blob-service-properties"),
  unfinishedDays: fact(7, block),
  abortRule: fact(false, list),
  etagForm: fact("opaque", list),
  leavesParts: fact(false, run),
  copiesPercent: fact(true, run),
  listsUploads: fact("bucket", "https://learn.microsoft.com/en-us/rest/api/storageservices/list-blobs"),
};
