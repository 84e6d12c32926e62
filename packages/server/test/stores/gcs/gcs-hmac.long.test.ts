import { describeFiles, describeStore } from "@naru/core/testing";
import { ceph } from "../../../../../test/peers/shared-ceph.ts";
import { cephHmac, openGcs } from "./opened-gcs.ts";

const open = () => openGcs(ceph().endpoint, cephHmac());

describeStore("a bucket in Google's words, by an HMAC key", open, {
  "parts beyond the count are left out":
    "Ceph, which is behind it, completes with all parts or none; Google takes some",
  copyPart: "Google copies no part",
  readPart: "the XML API shows nothing of an upload before it completes",
  prepare: "it signs in a moment, by itself",
  "complete under onlyNew": "Google documents no preconditions for it; Naru looks just before",
  "putFile under onlyNew": "by HMAC it would be in the words of S3, of which Google takes no notice",
  space: "the XML API has no call for it",
  "parts by the thousand": "the same code is asked in `s3-pages.long.test.ts`",
});
describeFiles("a bucket in Google's words, by an HMAC key", open);
