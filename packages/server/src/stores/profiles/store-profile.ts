import type { Limits } from "@naru/core";

/**
 * Something that is so at a store, and how that is known: `run: PROGRAM VERSION` for what was seen, the URL of a vendor's page,
 * `claim: URL` for what somebody reports, `assumed: ...` for what nobody has said.
 */
export interface Fact<T> {
  readonly is: T;
  readonly source: string;
}

/**
 * What a store does with `If-None-Match: *`: it refuses what would replace a file (`honoured`), takes no notice and replaces it
 * (`ignored`), or refuses the condition itself (`refused`).
 */
export type WriteCondition = "honoured" | "ignored" | "refused" | "unknown";

/** Where CORS rules are written: by the bucket's API, by that of the account, or nowhere but in the operator's settings. */
export type CorsApi = "bucket" | "account" | "none";

/** The checksum of a whole file that a store computes itself and tells who asks. */
export type WholeChecksum = "crc64nvme" | "crc32c";

/** Names within a path that a store does not keep as they are: an empty one (`a//b`), `.`, `..`. */
export type RefusedName = "" | "." | "..";

/** The command line by which a store's operators set it up. */
export type OperatorTool = "aws" | "radosgw" | "mc" | "gcloud" | "swift" | "az";

/** By what a store is recognised without being named. */
export interface StoreSigns {
  /** Of the endpoint's host name; no request is made for one that matches. */
  readonly hosts?: RegExp | undefined;
  /** A header of its answers, in small letters, and what it holds. */
  readonly headers?: Readonly<Record<string, RegExp>> | undefined;
  /** Where it publishes its settings to everybody: a path at its endpoint. */
  readonly settings?: string | undefined;
}

/** What is to be known of one kind of store. Code asks these facts, never the name. */
export interface StoreProfile {
  /** As in `profile=NAME` of a store's URL. */
  readonly name: string;
  readonly title: string;
  /** What it speaks, which is also the scheme of its URL. */
  readonly speaks: "s3" | "azure" | "gcs";
  /** By which command its mends are written; the AWS command line speaks to anything that speaks S3. */
  readonly tool: OperatorTool;
  /** A URL to begin with. */
  readonly example: string;
  /** Where CORS rules are set when that is not by the bucket's API; a sentence. */
  readonly corsElsewhere?: string | undefined;
  /** How it is made to keep unfinished uploads for longer, where it ends them itself; what to do, without a full stop. */
  readonly keepUnfinished?: string | undefined;
  /** What an operator should know beside the facts; a sentence each. */
  readonly notes: readonly string[];
  readonly signs: StoreSigns;
  readonly limits: { readonly [K in keyof Limits]: Fact<Limits[K]> };
  /** The longest key, in bytes of UTF-8. */
  readonly maxKeyBytes: Fact<number>;
  /** The longest name between two slashes, in bytes. */
  readonly maxNameBytes: Fact<number>;
  readonly refusesNames: Fact<readonly RefusedName[]>;
  /** What becomes of a small file that is written in one request with `If-None-Match: *`. */
  readonly conditionalCreate: Fact<WriteCondition>;
  /**
   * The same in a bucket that keeps versions. The condition is sent all the same; where it is ignored, what another program wrote
   * in that instant stays as a version.
   */
  readonly conditionalCreateWithVersions: Fact<WriteCondition>;
  /** The same as `conditionalCreate` when a file of parts is completed. */
  readonly conditionalComplete: Fact<WriteCondition>;
  readonly checksums: Fact<readonly WholeChecksum[]>;
  /** Whether a part is refused whose bytes are not those of its `Content-MD5`. */
  readonly md5: Fact<boolean>;
  readonly corsApi: Fact<CorsApi>;
  /** Which call lists objects. */
  readonly listing: Fact<"v1" | "v2">;
  /** Whether a presigned request with an `x-amz-` header that is not signed is refused. */
  readonly signedHeaders: Fact<boolean>;
  /** After how many days the store itself drops an unfinished upload; `undefined` where it keeps them. */
  readonly unfinishedDays: Fact<number | undefined>;
  /** Whether a lifecycle rule may do so (`AbortIncompleteMultipartUpload`). */
  readonly abortRule: Fact<boolean>;
  /** Whether a file of parts has the MD5 of their MD5s as its etag, or something that says nothing of the bytes. */
  readonly etagForm: Fact<"md5-of-md5s" | "opaque">;
  /** Overwriting a file of parts leaves them behind, where no call reaches them. */
  readonly leavesParts: Fact<boolean>;
  /** For how many seconds a part's address is good: short where a part that comes after completion spoils the file. */
  readonly partLifeSeconds: Fact<number>;
  /** Up to which size a file is copied by one call; a larger one by its parts. */
  readonly maxCopySize: Fact<number>;
  /** Whether a part can be filled from a file that the store has (`UploadPartCopy`). */
  readonly copiesParts: Fact<boolean>;
  /** How the rules of a bucket are written, those of CORS and of lifecycle: as S3 has them, or as Google. */
  readonly corsRules: Fact<"CORSConfiguration" | "CorsConfig">;
  /** Whether a key with a percent sign can be the source of a copy. */
  readonly copiesPercent: Fact<boolean>;
  /** Whether unfinished uploads are listed for the bucket, or only for the exact key that is asked about. */
  readonly listsUploads: Fact<"bucket" | "key">;
}

/** Say a fact. */
export function fact<T>(is: T, source: string): Fact<T> {
  return { is, source };
}

/** The limits of a profile, without where they are from; `given` goes before them. No file is larger than its parts together. */
export function limitsIn({ limits }: StoreProfile, given: Partial<Limits> = {}): Limits {
  const { minPartSize, maxPartSize, maxParts, maxSize, equalParts, maxInFlight } = limits;
  const all = {
    minPartSize: minPartSize.is,
    maxPartSize: maxPartSize.is,
    maxParts: maxParts.is,
    maxSize: maxSize.is,
    equalParts: equalParts.is,
    maxInFlight: maxInFlight.is,
    ...given,
  };
  return { ...all, maxSize: Math.min(all.maxSize, all.maxParts * all.maxPartSize) };
}
