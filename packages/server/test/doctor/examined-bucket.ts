/** Buckets to be examined, and what is found of them. */

import { ListObjectVersionsCommand, PutBucketPolicyCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Bucket } from "../../../../test/harness/bucket.ts";
import { examineStore, type Report, reportOf } from "../../src/doctor/doctor.ts";
import type { ExamineOptions } from "../../src/doctor/examination.ts";
import { ceph as cephProfile } from "../../src/stores/profiles/ceph.ts";
import { type S3StoreOptions, s3Store } from "../../src/stores/s3/s3-store.ts";

export const appOrigin = "https://app.example.com";

/** A store over a bucket of the Ceph of this run. */
export function storeOn(bucket: Bucket, more: Partial<S3StoreOptions> = {}): ReturnType<typeof s3Store> {
  const { endpoint, accessKey, secretKey } = bucket.place;
  return s3Store({
    bucket: bucket.name,
    endpoint,
    region: "us-east-1",
    style: "path",
    profile: cephProfile,
    credentials: async () => ({ accessKeyId: accessKey, secretAccessKey: secretKey }),
    ...more,
  });
}

/** Examine a bucket as the doctor does; what each check found, by its id. */
export async function examined(
  bucket: Bucket,
  more: Partial<S3StoreOptions> = {},
  options: Partial<ExamineOptions> = {},
): Promise<Found> {
  const store = storeOn(bucket, more);
  try {
    const signal = new AbortController().signal;
    return foundIn(reportOf(await examineStore(store, { origins: [], uploadDays: 7, signal, ...options }), "en"));
  } finally {
    await store.close();
  }
}

export interface Found {
  readonly report: Report;
  readonly failures: readonly string[];
  status(id: string): string | undefined;
  message(id: string): string;
  fix(id: string): string;
}

export function foundIn(report: Report): Found {
  const at = (id: string) => report.checks.find((check) => check.id === id);
  return {
    report,
    failures: report.checks.filter(({ status }) => status === "failure").map(({ id }) => id),
    status: (id) => at(id)?.status,
    message: (id) => at(id)?.message ?? "",
    fix: (id) => at(id)?.fix ?? "",
  };
}

/** Calls that only the bucket's owner makes. */
export async function ownerOf(bucket: Bucket) {
  const { endpoint, accessKey: accessKeyId, secretKey: secretAccessKey } = bucket.place;
  const client = new S3Client({
    endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
  return {
    put: (key: string, body: string) =>
      client.send(new PutObjectCommand({ Bucket: bucket.name, Key: key, Body: body })),
    /** Say who may or may not do what. */
    policy: (...statements: readonly object[]) => {
      const Policy = JSON.stringify({ Version: "2012-10-17", Statement: statements });
      return client.send(new PutBucketPolicyCommand({ Bucket: bucket.name, Policy }));
    },
    /** How many versions and marks of removals there are. */
    versions: async (): Promise<number> => {
      const { Versions = [], DeleteMarkers = [] } = await client.send(
        new ListObjectVersionsCommand({ Bucket: bucket.name }),
      );
      return Versions.length + DeleteMarkers.length;
    },
    [Symbol.dispose]: () => client.destroy(),
  };
}

/** A statement about everybody. */
export function everybody(bucket: Bucket, effect: "Allow" | "Deny", ...actions: readonly string[]): object {
  const resources = [`arn:aws:s3:::${bucket.name}`, `arn:aws:s3:::${bucket.name}/*`];
  return { Effect: effect, Principal: "*", Action: actions, Resource: resources };
}
