import { generic } from "./generic.ts";
import type { StoreProfile } from "./store-profile.ts";

/** KT Cloud's object storage, of which nothing is published that says how it differs. */
export const ktcloud: StoreProfile = {
  ...generic,
  name: "ktcloud",
  title: "KT Cloud Object Storage",
  example: "s3://BUCKET?endpoint=https://ENDPOINT-FROM-THE-CONSOLE&profile=ktcloud",
  notes: [
    "No public documentation was found: every fact is an assumption, until the bucket has been asked.",
    "The endpoint is in the console, and differs by zone.",
  ],
  signs: {},
};
