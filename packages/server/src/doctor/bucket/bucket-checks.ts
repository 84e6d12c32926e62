import type { BucketCheck } from "./bucket-trial.ts";
import { checksums } from "./checksums.ts";
import { clock } from "./clock.ts";
import { conditionalWrite } from "./conditional-write.ts";
import { cors } from "./cors.ts";
import { listing } from "./listing.ts";
import { md5 } from "./md5.ts";
import { multipart } from "./multipart.ts";
import { names } from "./names.ts";
import { publicEndpoint } from "./public-endpoint.ts";
import { range } from "./range.ts";
import { reachability } from "./reachability.ts";
import { rights } from "./rights.ts";
import { signedHeaders } from "./signed-headers.ts";
import { signedLength } from "./signed-length.ts";
import { tls } from "./tls.ts";
import { lifecycle, unfinishedLife } from "./unfinished.ts";

/** What is found out of a bucket, in the order of the report. */
export const bucketChecks: readonly BucketCheck[] = [
  reachability,
  tls,
  clock,
  rights,
  multipart,
  md5,
  checksums,
  signedLength,
  signedHeaders,
  conditionalWrite,
  range,
  listing,
  names,
  cors,
  publicEndpoint,
  unfinishedLife,
  lifecycle,
];
