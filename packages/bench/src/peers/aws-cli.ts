/** Debian's awscli, with its defaults. */

import { measured } from "../measured.ts";
import type { Room } from "../room.ts";
import { bucketEnv, type Way } from "../way.ts";

export async function awsCliWay(room: Room): Promise<Way> {
  const bucket = await room.bucket();
  const options = { prefix: room.options.near, env: bucketEnv(room, bucket) };
  const copy = ["/usr/bin/aws", "--endpoint-url", bucket.s3.endpoint, "s3", "cp", "--no-progress"];
  const object = (key: string): string => `s3://${bucket.name}/${key}`;
  return {
    name: "aws s3 cp",
    up: ({ file, key }) => measured([...copy, file, object(key)], options),
    down: ({ file, key }) => measured([...copy, object(key), file], options),
  };
}
