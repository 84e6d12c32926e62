/** curl and boto3, the peers of the command line. */

import { join } from "node:path";
import type { Bucket } from "./bucket.ts";
import { type CommandOptions, output, timed } from "./command.ts";
import type { Sample } from "./contest.ts";

const curl = ["curl", "-sS", "--fail", "-o", "/dev/null"];

/** `curl -T` to a URL: the least there is. */
export function curlPut(file: string, url: string, options: CommandOptions = {}): Promise<Sample> {
  return timed([...curl, "-T", file, url], options);
}

/** A multipart upload of pieces cut beforehand, one curl with all of them in flight. Create and complete are timed too. */
export async function curlParts(pieces: readonly string[], bucket: Bucket, key: string): Promise<Sample> {
  const start = performance.now();
  const uploadId = await bucket.createMultipart(key);
  const each = pieces.flatMap((piece, i) => {
    const url = bucket.presign("PUT", key, { partNumber: String(i + 1), uploadId });
    return ["-o", "/dev/null", "-T", piece, url];
  });
  const write = ["-w", "%{urlnum} %header{etag}\\n"];
  const { cpuSeconds, stdout } = await timed([
    "curl",
    "-sS",
    "--fail",
    "--parallel",
    "--parallel-immediate",
    ...write,
    ...each,
  ]);
  const etags: string[] = [];
  for (const line of stdout.trim().split("\n")) {
    const [number = "", etag = ""] = line.split(" ");
    etags[Number(number)] = etag;
  }
  await bucket.completeMultipart(key, uploadId, etags);
  return { seconds: (performance.now() - start) / 1000, cpuSeconds };
}

/** Cut a file into `count` pieces beside it. */
export async function cutFile(file: string, count: number, dir: string): Promise<readonly string[]> {
  const prefix = join(dir, "piece-");
  await output(["split", "-d", "-n", String(count), file, prefix]);
  return Array.from({ length: count }, (_, i) => `${prefix}${String(i).padStart(2, "0")}`);
}

const boto3Script = `
import sys, boto3
from botocore.config import Config
call, endpoint, access, secret, bucket, key, file = sys.argv[1:]
client = boto3.client("s3", endpoint_url=endpoint, aws_access_key_id=access, aws_secret_access_key=secret,
                      region_name="us-east-1", config=Config(s3={"addressing_style": "path"}))
getattr(client, call)(*([file, bucket, key] if call == "upload_file" else [bucket, key, file]))
`;

/** boto3's `upload_file` (Debian: python3-boto3), with its defaults. */
export function boto3Put(file: string, bucket: Bucket, key: string, options: CommandOptions = {}): Promise<Sample> {
  return boto3("upload_file", { file, bucket, key }, options);
}

/** boto3's `download_file`, likewise. */
export function boto3Get(bucket: Bucket, key: string, file: string, options: CommandOptions = {}): Promise<Sample> {
  return boto3("download_file", { file, bucket, key }, options);
}

interface Boto3Call {
  readonly file: string;
  readonly bucket: Bucket;
  readonly key: string;
}

/** What `boto3Put` and `boto3Get` run. */
export function boto3Command(
  call: "upload_file" | "download_file",
  { file, bucket, key }: Boto3Call,
): readonly string[] {
  const { s3, name } = bucket;
  const where = [call, s3.endpoint, s3.accessKey, s3.secretKey, name, key, file];
  return ["/usr/bin/python3", "-c", boto3Script, ...where];
}

function boto3(call: "upload_file" | "download_file", what: Boto3Call, options: CommandOptions): Promise<Sample> {
  return timed(boto3Command(call, what), options);
}
