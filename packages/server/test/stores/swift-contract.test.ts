import { describeFiles, describeStore } from "@naru/core/testing";
import { afterAll, beforeAll } from "vitest";
import { type Swift, startSwift } from "../../../../test/peers/swift.ts";
import { swift as profile } from "../../src/stores/profiles/swift.ts";
import { openS3 } from "./opened-bucket.ts";

let swift: Swift;

beforeAll(async () => {
  swift = await startSwift();
});

afterAll(() => swift?.[Symbol.asyncDispose]());

/** This Swift takes parts of any size, so that few bytes are sent. */
const limits = { minPartSize: 1 };
const open = () => openS3({ prefix: "in/", profile, limits }, swift);

describeStore("a bucket of Swift", open, {
  readPart: "S3 shows nothing of an upload before it completes",
  prepare: "it signs in a moment, by itself",
  space: "S3 has no call for it",
  "parts by the thousand": "it takes 1,000 of a file, which is one page",
});
describeFiles("a bucket of Swift", open);
