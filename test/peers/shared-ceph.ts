import { randomBytes } from "node:crypto";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { needs } from "./needs.ts";
import { ofCeph } from "./programs.ts";

needs(...ofCeph);

/** An S3 server and the key of someone who may make buckets there. */
export interface CephAccess {
  readonly endpoint: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

/** The Ceph that `npm test` started. */
export function ceph(): CephAccess {
  const { NARU_TEST_S3: text } = process.env;
  if (text === undefined) {
    const example = '{"endpoint":"http://127.0.0.1:7480","accessKey":"testkey","secretKey":"testsecret"}';
    throw new Error(`Cannot reach a Ceph: run "npm test", or set NARU_TEST_S3 to the like of ${example}`);
  }
  return JSON.parse(text) as CephAccess;
}

/** Make a bucket of its own for a test file; returns its name. */
export async function makeBucket({ endpoint, accessKey, secretKey }: CephAccess = ceph()): Promise<string> {
  const bucket = `naru-${randomBytes(6).toString("hex")}`;
  const client = new S3Client({
    endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
  });
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
  } finally {
    client.destroy();
  }
  return bucket;
}
