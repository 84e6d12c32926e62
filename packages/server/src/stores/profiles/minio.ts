import { GiB, MiB } from "@naru/core";
import { generic } from "./generic.ts";
import { fact, type StoreProfile } from "./store-profile.ts";

const limits = "https://min.io/docs/minio/linux/operations/concepts/thresholds.html";
const noCors = "claim: https://github.com/minio/minio/issues/20995";

/**
 * MinIO, and its heirs since its repository was archived in April 2026: SILO (a fork) and RustFS (a new program that keeps its rules for
 * names). None of them could be run here: Debian has no package of theirs.
 */
export const minio: StoreProfile = {
  ...generic,
  name: "minio",
  title: "MinIO, SILO, RustFS",
  tool: "mc",
  example: "s3://BUCKET?endpoint=https://minio.example.com:9000&profile=minio",
  corsElsewhere: "MINIO_API_CORS_ALLOW_ORIGIN, for the whole server; every origin is allowed by default",
  keepUnfinished:
    "set MINIO_API_STALE_UPLOADS_EXPIRY=336h, or run: mc admin config set ALIAS api stale_uploads_expiry=336h",
  notes: [
    "Unfinished uploads are dropped after 24 hours (MINIO_API_STALE_UPLOADS_EXPIRY): a transfer that pauses for longer starts over.",
    "SILO is a maintained fork; RustFS is a new program. All refuse keys with //, . and .. in them.",
  ],
  signs: { headers: { server: /^(MinIO|RustFS|SILO)/i, "x-minio-deployment-id": /./ } },
  limits: {
    ...generic.limits,
    minPartSize: fact(5 * MiB, limits),
    maxPartSize: fact(5 * GiB, limits),
    maxParts: fact(10_000, limits),
    maxSize: fact(10_000 * 5 * GiB, `${limits} (50 TiB; its parts bear a little less)`),
  },
  maxKeyBytes: fact(1024, limits),
  maxNameBytes: fact(255, limits),
  refusesNames: fact(["", ".", ".."], "claim: https://github.com/rustfs/rustfs/pull/7314 (as in MinIO)"),
  conditionalCreate: fact("honoured", "claim: https://github.com/minio/minio/issues/20346"),
  checksums: fact(["crc64nvme"], "claim: https://github.com/minio/minio/issues/21526"),
  corsApi: fact("none", noCors),
  unfinishedDays: fact(1, "claim: https://github.com/minio/minio/issues/20989"),
  abortRule: fact(false, "claim: https://github.com/minio/minio/issues/19115 (the rule is taken and dropped)"),
  listsUploads: fact("key", "claim: https://github.com/minio/minio/issues/7632"),
};
