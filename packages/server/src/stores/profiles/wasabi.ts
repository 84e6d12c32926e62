import { generic } from "./generic.ts";
import { fact, type StoreProfile } from "./store-profile.ts";

const parts = "https://docs.wasabi.com/docs/how-does-wasabi-handle-multipart-uploads";
const sizes = "claim: https://github.com/pglombardo/PasswordPusher/issues/1895 (quotes Wasabi's support)";
const buckets = "https://docs.wasabi.com/apidocs/operations-on-buckets-1";

/** Wasabi. */
export const wasabi: StoreProfile = {
  ...generic,
  name: "wasabi",
  title: "Wasabi",
  example: "s3://BUCKET?endpoint=https://s3.REGION.wasabisys.com&region=REGION",
  notes: ["Unfinished uploads are paid for as storage until they are aborted, or for 30 days."],
  signs: { hosts: /(^|\.)wasabisys\.com$/, headers: { server: /^WasabiS3/ } },
  limits: { ...generic.limits, maxSize: fact(5_000_000_000_000, sizes) },
  corsApi: fact("bucket", buckets),
  unfinishedDays: fact(30, parts),
  abortRule: fact(true, parts),
};
