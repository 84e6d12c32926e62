import { GiB, MiB } from "@naru/core";
import { generic } from "./generic.ts";
import { fact, type StoreProfile } from "./store-profile.ts";

const run = "run: Ceph RGW 16.2.15";

/** Ceph's RADOS Gateway. */
export const ceph: StoreProfile = {
  ...generic,
  name: "ceph",
  title: "Ceph RADOS Gateway",
  tool: "radosgw",
  example: "s3://BUCKET?endpoint=https://rgw.example.com&profile=ceph",
  notes: [
    "In a bucket that keeps versions, version 16 takes no notice of If-None-Match at all; what is replaced stays as a version.",
    "Version 16 takes no notice of If-None-Match when a file of parts is completed; newer ones may (https://github.com/ceph/ceph/pull/64830).",
    "A file whose name holds a percent sign is copied and moved through the server: Ceph reads the name of the source wrongly.",
  ],
  // Without the three parts after the time it is Swift's.
  signs: { headers: { "x-amz-request-id": /^tx[0-9a-f]{21}-[0-9a-f]{10}-[0-9a-f]+-./ } },
  limits: {
    ...generic.limits,
    minPartSize: fact(5 * MiB, run),
    maxPartSize: fact(5 * GiB, "https://docs.ceph.com/en/latest/radosgw/config-ref/"),
    maxParts: fact(10_000, "https://docs.ceph.com/en/latest/radosgw/config-ref/"),
    equalParts: fact(false, run),
  },
  maxKeyBytes: fact(1024, run),
  maxNameBytes: fact(1024, run),
  refusesNames: fact([], run),
  conditionalCreate: fact("honoured", run),
  conditionalCreateWithVersions: fact("ignored", run),
  conditionalComplete: fact("ignored", run),
  checksums: fact([], run),
  md5: fact(true, run),
  corsApi: fact("bucket", run),
  listing: fact("v2", run),
  signedHeaders: fact(false, run),
  unfinishedDays: fact(undefined, run),
  abortRule: fact(true, run),
  etagForm: fact("md5-of-md5s", run),
  leavesParts: fact(false, run),
  partLifeSeconds: fact(3600, run),
  copiesPercent: fact(false, run),
  listsUploads: fact("bucket", run),
};
