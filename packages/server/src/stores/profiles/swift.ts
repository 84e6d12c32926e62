import { GiB, MiB } from "@naru/core";
import { generic } from "./generic.ts";
import { fact, type StoreProfile } from "./store-profile.ts";

const run = "run: OpenStack Swift 2.30.1 (s3api)";
const settings = "https://docs.openstack.org/swift/latest/config/proxy_server_config.html";

/** OpenStack Swift by its S3 API. */
export const swift: StoreProfile = {
  ...generic,
  name: "swift",
  title: "OpenStack Swift (s3api)",
  tool: "swift",
  example: "s3://BUCKET?endpoint=https://swift.example.com&region=REGION&profile=swift",
  corsElsewhere: "its operator sets cors_preflight_allow_origin in proxy-server.conf",
  notes: [
    "How many parts a file may have is the operator's to say (max_upload_part_num): set maxParts= where it is not 1,000.",
    "The old file goes just before the new one appears (docs/decisions/015-parts-left-behind.md).",
  ],
  signs: { headers: { "x-openstack-request-id": /^tx/, "x-trans-id": /^tx/ }, settings: "/info" },
  limits: {
    ...generic.limits,
    minPartSize: fact(5 * MiB, run),
    maxPartSize: fact(5 * GiB, settings),
    maxParts: fact(1000, run),
    maxSize: fact(1000 * 5 * GiB, settings),
    equalParts: fact(false, run),
  },
  maxKeyBytes: fact(1024, run),
  maxNameBytes: fact(1024, run),
  refusesNames: fact([], run),
  conditionalCreate: fact("refused", run),
  conditionalComplete: fact("honoured", run),
  checksums: fact([], run),
  md5: fact(true, run),
  corsApi: fact("none", run),
  listing: fact("v2", run),
  signedHeaders: fact(true, run),
  unfinishedDays: fact(undefined, run),
  abortRule: fact(false, run),
  etagForm: fact("md5-of-md5s", run),
  leavesParts: fact(true, run),
  // A part that comes after completion is taken, and the file answers 409 from then on.
  partLifeSeconds: fact(900, run),
  copiesPercent: fact(true, run),
  listsUploads: fact("bucket", run),
};
