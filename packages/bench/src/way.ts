/** Ways of a file between the near end and the bucket: the peers' and ours. */

import type { Bucket } from "./bucket.ts";
import type { Sample } from "./contest.ts";
import type { Room } from "./room.ts";

/** What is carried: `key` is its name in the bucket and at every server. */
export interface Carried {
  readonly key: string;
  /** Where it is, or will be, at the near end. */
  readonly file: string;
  readonly bytes: number;
}

export interface Way {
  readonly name: string;
  /** Send the file; the time is that until the bucket has it. */
  readonly up?: ((carried: Carried) => Promise<Sample>) | undefined;
  readonly down?: ((carried: Carried) => Promise<Sample>) | undefined;
}

/** What programs of other vendors need to know of the bucket, in the environment. None reads a configuration of this machine's. */
export function bucketEnv({ dir }: Room, { s3, name }: Bucket): Readonly<Record<string, string>> {
  return {
    HOME: dir,
    AWS_ACCESS_KEY_ID: s3.accessKey,
    AWS_SECRET_ACCESS_KEY: s3.secretKey,
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_EC2_METADATA_DISABLED: "true",
    BENCH_ENDPOINT: s3.endpoint,
    BENCH_BUCKET: name,
  };
}
