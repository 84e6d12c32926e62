import { describeFiles, describeStore } from "@naru/core/testing";
import { openS3 } from "./opened-bucket.ts";

describeStore("a bucket of Ceph", () => openS3({ prefix: "in/" }), {
  "parts beyond the count are left out": "Ceph completes with all parts or none",
  "a copy that was refused leaves no receipt": "Ceph 16 copies whatever has the name, and a part cannot be removed",
  readPart: "S3 shows nothing of an upload before it completes",
  prepare: "it signs in a moment, by itself",
  space: "S3 has no call for it",
  "parts by the thousand": "it takes seconds: `s3-pages.long.test.ts` asks",
});
describeFiles("a bucket of Ceph", () => openS3({ prefix: "in/" }));
