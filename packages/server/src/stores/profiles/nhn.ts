import { fact, type StoreProfile } from "./store-profile.ts";
import { swift } from "./swift.ts";

const guide = "https://docs.nhncloud.com/en/Storage/Object%20Storage/en/s3-api-guide/";

/** NHN Cloud's Object Storage, which is Swift. */
export const nhn: StoreProfile = {
  ...swift,
  name: "nhn",
  title: "NHN Cloud Object Storage",
  example: "s3://BUCKET?endpoint=https://kr1-api-object-storage.nhncloudservice.com&region=KR1",
  corsElsewhere:
    "NHN Cloud sets cors_preflight_allow_origin on request; the container then needs the metadata X-Container-Meta-Access-Control-Allow-Origin",
  notes: [
    "The keys are EC2 credentials of Keystone.",
    "The old file goes just before the new one appears (docs/decisions/015-parts-left-behind.md).",
  ],
  signs: { hosts: /-api-object-storage\.(gov-)?nhncloudservice\.com$/, settings: "/info" },
  corsApi: fact("none", guide),
};
