import { describeFiles, describeStore } from "@naru/core/testing";
import { openS3 } from "./s3-place.ts";

describeStore("a bucket of Ceph", () => openS3({ prefix: "in/" }));
describeFiles("a bucket of Ceph", () => openS3({ prefix: "in/" }));
