import { GiB, MiB, TiB } from "@naru/core";
import { fact, type StoreProfile } from "./store-profile.ts";

const assumed = "assumed: as Amazon S3 documents itself";
const unknown = "assumed: not known, so nothing depends on it";

/** Anything that speaks S3: what Amazon S3 documents, less what many others do not have. */
export const generic: StoreProfile = {
  name: "generic",
  title: "Any other store that speaks S3",
  speaks: "s3",
  tool: "aws",
  example: "s3://BUCKET?endpoint=https://s3.example.com&profile=generic",
  notes: ["Set maxParts=, equalParts=1 or leavesParts=1 where the vendor says so."],
  signs: {},
  limits: {
    minPartSize: fact(5 * MiB, assumed),
    maxPartSize: fact(5 * GiB, assumed),
    maxParts: fact(10_000, assumed),
    maxSize: fact(5 * TiB, "assumed: as Amazon S3 until December 2025"),
    equalParts: fact(false, assumed),
    maxInFlight: fact(64, "assumed: connections of one server"),
  },
  maxKeyBytes: fact(1024, assumed),
  maxNameBytes: fact(1024, assumed),
  refusesNames: fact([], assumed),
  conditionalCreate: fact("unknown", unknown),
  conditionalCreateWithVersions: fact("unknown", unknown),
  conditionalComplete: fact("unknown", unknown),
  checksums: fact(["crc64nvme"], "assumed: asked for, and compared where the store reports it"),
  md5: fact(true, assumed),
  corsApi: fact("bucket", assumed),
  listing: fact("v2", assumed),
  signedHeaders: fact(true, assumed),
  unfinishedDays: fact(undefined, unknown),
  abortRule: fact(true, assumed),
  etagForm: fact("md5-of-md5s", assumed),
  leavesParts: fact(false, assumed),
  partLifeSeconds: fact(3600, "assumed: late parts are refused, as by Amazon S3"),
  maxCopySize: fact(GiB, "assumed: 5 GiB as Amazon S3, but stores answer late where they copy the bytes"),
  copiesParts: fact(true, assumed),
  corsRules: fact("CORSConfiguration", assumed),
  copiesPercent: fact(false, "assumed: where it is so is not known"),
  listsUploads: fact("bucket", assumed),
};
