import { GiB, MiB, TiB } from "@naru/core";
import { generic } from "./generic.ts";
import { fact, type StoreProfile } from "./store-profile.ts";

const limits = "https://developers.cloudflare.com/r2/platform/limits/";
const api = "https://developers.cloudflare.com/r2/api/s3/api/";
const parts = "https://developers.cloudflare.com/r2/objects/multipart-objects/";
const lifecycles = "https://developers.cloudflare.com/r2/buckets/object-lifecycles/";

/** Cloudflare R2. */
export const r2: StoreProfile = {
  ...generic,
  name: "r2",
  title: "Cloudflare R2",
  example: "s3://BUCKET?endpoint=https://ACCOUNT.r2.cloudflarestorage.com&region=auto",
  notes: ["Appending to a file sends its bytes through the server: parts must be equal."],
  signs: { hosts: /(^|\.)r2\.cloudflarestorage\.com$/ },
  limits: {
    ...generic.limits,
    minPartSize: fact(5 * MiB, parts),
    maxPartSize: fact(5 * GiB - 5 * MiB, limits),
    maxParts: fact(10_000, limits),
    maxSize: fact(5 * TiB - 5 * GiB, limits),
    equalParts: fact(true, parts),
  },
  maxKeyBytes: fact(1024, limits),
  conditionalCreate: fact("honoured", api),
  checksums: fact(["crc64nvme"], api),
  md5: fact(true, api),
  corsApi: fact("bucket", api),
  listing: fact("v2", api),
  unfinishedDays: fact(7, lifecycles),
  abortRule: fact(true, lifecycles),
  etagForm: fact("md5-of-md5s", parts),
  listsUploads: fact("bucket", api),
};
