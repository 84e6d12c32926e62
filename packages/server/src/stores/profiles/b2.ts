import { generic } from "./generic.ts";
import { fact, type StoreProfile } from "./store-profile.ts";

const MB = 1_000_000;
const TB = 1_000_000 * MB;
const large = "https://www.backblaze.com/docs/cloud-storage-create-large-files-with-the-native-api";
const conditions = "claim: https://github.com/sathinduga/obsidian-s3-sync-and-backup/issues/78";
const api = "https://www.backblaze.com/docs/cloud-storage-s3-compatible-api";

/** Backblaze B2 by its S3 API. */
export const b2: StoreProfile = {
  ...generic,
  name: "b2",
  title: "Backblaze B2",
  example: "s3://BUCKET?endpoint=https://s3.REGION.backblazeb2.com&region=REGION",
  notes: ["CORS rules written by B2's own API need the operations s3_put, s3_get and s3_head, and must expose ETag."],
  signs: { hosts: /(^|\.)backblazeb2\.com$/ },
  limits: {
    ...generic.limits,
    minPartSize: fact(5 * 1024 * 1024, `${large} (5 MB; a little more is asked for)`),
    maxPartSize: fact(5000 * MB, large),
    maxParts: fact(10_000, large),
    maxSize: fact(10 * TB, "claim: https://github.com/encryptio/git-annex-remote-b2/issues/10"),
    equalParts: fact(false, large),
  },
  conditionalCreate: fact("refused", conditions),
  conditionalComplete: fact("refused", conditions),
  checksums: fact([], "claim: https://github.com/sathinduga/obsidian-s3-sync-and-backup/pull/84"),
  corsApi: fact("bucket", "https://www.backblaze.com/apidocs/s3-put-bucket-cors"),
  listing: fact("v2", api),
};
