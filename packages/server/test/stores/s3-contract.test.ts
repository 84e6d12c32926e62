import { describeFiles, describeStore } from "@naru/core/testing";
import { ceph } from "../../src/stores/profiles/ceph.ts";
import { fact, type StoreProfile } from "../../src/stores/profiles/store-profile.ts";
import { openS3 } from "./opened-bucket.ts";

/** A store that knows only the older call, as NAVER Cloud's Object Storage does. */
const listsAsBefore: StoreProfile = { ...ceph, listing: fact("v1", "run: this test") };

describeStore("a bucket of Ceph", () => openS3({ prefix: "in/", profile: ceph }), {
  "parts beyond the count are left out": "Ceph completes with all parts or none",
  "a copy that was refused leaves no receipt": "Ceph 16 copies whatever has the name, and a part cannot be removed",
  readPart: "S3 shows nothing of an upload before it completes",
  prepare: "it signs in a moment, by itself",
  space: "S3 has no call for it",
  "complete under onlyNew":
    "Ceph 16 takes no notice of If-None-Match when a file of parts is completed; Naru looks just before",
  "parts by the thousand": "it takes seconds: `s3-pages.long.test.ts` asks",
});
describeFiles("a bucket of Ceph", () => openS3({ prefix: "in/", profile: ceph }));
describeFiles("a bucket of Ceph, listed by version 1", () => openS3({ prefix: "in/", profile: listsAsBefore }));
