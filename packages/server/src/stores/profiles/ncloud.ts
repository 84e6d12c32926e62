import { generic } from "./generic.ts";
import { fact, type StoreProfile } from "./store-profile.ts";

const overview = "https://api.ncloud-docs.com/docs/en/storage-ncloudstorage";
const part = "https://api.ncloud-docs.com/docs/en/ncloudstorage-uploadpart";

/** NAVER Cloud's Ncloud Storage, the newer of its two. */
export const ncloud: StoreProfile = {
  ...generic,
  name: "ncloud",
  title: "NAVER Cloud Ncloud Storage",
  example: "s3://BUCKET?endpoint=https://kr.ncloudstorage.com&region=kr&style=virtual",
  notes: ["Its documentation says nothing of conditions and checksums."],
  signs: { hosts: /(^|\.)kr\.(gov-)?ncloudstorage\.com$/ },
  limits: { ...generic.limits, maxParts: fact(10_000, part) },
  corsApi: fact("bucket", "https://api.ncloud-docs.com/docs/en/ncloudstorage-putbucketcors"),
  listing: fact("v2", `${overview} (compatible with Amazon S3)`),
};
