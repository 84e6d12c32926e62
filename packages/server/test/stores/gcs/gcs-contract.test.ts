import { describeFiles, describeStore } from "@naru/core/testing";
import { afterAll } from "vitest";
import { googleFront, keyFile, openGcs } from "./opened-gcs.ts";

const front = await googleFront();
afterAll(() => front[Symbol.asyncDispose]());
const open = () => openGcs(front.endpoint, { serviceAccount: keyFile });

describeStore("a bucket in Google's words, by a service account", open, {
  "parts beyond the count are left out":
    "Ceph, which is behind it, completes with all parts or none; Google takes some",
  copyPart: "Google copies no part",
  readPart: "the XML API shows nothing of an upload before it completes",
  prepare: "it signs in a moment, by itself",
  "complete under onlyNew": "Google documents no preconditions for it; Naru looks just before",
  space: "the XML API has no call for it",
  "parts by the thousand": "it takes seconds, and the same code is asked in `s3-pages.long.test.ts`",
});
describeFiles("a bucket in Google's words, by a service account", open);
