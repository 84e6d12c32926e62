import { MiB } from "@naru/core";
import { generic } from "./generic.ts";
import { fact, type StoreProfile } from "./store-profile.ts";

const overview = "https://api.ncloud-docs.com/docs/en/storage-objectstorage";
const part = "https://api.ncloud-docs.com/docs/en/storage-objectstorage-uploadpart";
const sizes = "https://api.ncloud-docs.com/docs/en/storage-objectstorage-putobject";
const spec = "https://guide.ncloud-docs.com/docs/en/objectstorage-spec";

/** NAVER Cloud's Object Storage, the older of its two. */
export const naver: StoreProfile = {
  ...generic,
  name: "naver",
  title: "NAVER Cloud Object Storage",
  example: "s3://BUCKET?endpoint=https://kr.object.ncloudstorage.com&region=kr-standard",
  notes: [
    "Unfinished uploads are paid for until they are aborted; Naru aborts its own.",
    "For public institutions: kr.object.gov-ncloudstorage.com; for finance: kr.object.fin-ncloudstorage.com.",
  ],
  signs: { hosts: /(^|\.)object\.((gov-|fin-)?ncloudstorage|ncpstorage)\.com$/ },
  limits: {
    ...generic.limits,
    minPartSize: fact(5 * MiB, `${part} (5 MB; a little more is asked for)`),
    maxPartSize: fact(5_000_000_000, part),
    maxParts: fact(10_000, part),
    maxSize: fact(10_000_000_000_000, sizes),
  },
  maxKeyBytes: fact(1023, `${spec} (less than 1,024)`),
  corsApi: fact("bucket", overview),
  listing: fact("v1", overview),
  unfinishedDays: fact(undefined, part),
  abortRule: fact(false, `${part} (to be aborted by hand)`),
  listsUploads: fact("bucket", overview),
};
