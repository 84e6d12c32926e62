/** The vendors' own libraries, signing the URLs of parts: their CPU time in this process, without a server around it. */

import { readFile } from "node:fs/promises";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { Storage } from "@google-cloud/storage";
import { S3Client, UploadPartCommand } from "./aws-sdk.ts";
import type { Sample } from "./contest.ts";

/** Sign `count` parts with the AWS SDK's presigner. */
export async function signWithAws(count: number): Promise<Sample> {
  const client = new S3Client({
    endpoint: "http://127.0.0.1:9",
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId: "key", secretAccessKey: "secret" },
  });
  return measured(count, (PartNumber) => {
    const command = new UploadPartCommand({ Bucket: "bucket", Key: "presign.bin", UploadId: "2~upload", PartNumber });
    return getSignedUrl(client, command, { expiresIn: 3600 });
  });
}

/** Sign `count` parts with `@google-cloud/storage` and a service account's key. */
export async function signWithGoogle(count: number, keyFile: string): Promise<Sample> {
  const { client_email, private_key } = JSON.parse(await readFile(keyFile, "utf8"));
  const file = new Storage({ credentials: { client_email, private_key } }).bucket("bucket").file("presign.bin");
  const expires = Date.now() + 3_600_000;
  return measured(count, (number) => {
    const queryParams = { partNumber: String(number), uploadId: "2~upload" };
    return file.getSignedUrl({ version: "v4", action: "write", expires, queryParams });
  });
}

async function measured(count: number, sign: (number: number) => Promise<unknown>): Promise<Sample> {
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  for (let number = 1; number <= count; number++) await sign(number);
  const { user, system } = process.cpuUsage(cpuBefore);
  const seconds = (performance.now() - start) / 1000;
  return { seconds, cpuSeconds: (user + system) / 1e6, notes: { URLs: count } };
}
