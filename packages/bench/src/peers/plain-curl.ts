/** curl straight to the bucket, by one presigned request: the least there is. */

import { measured } from "../measured.ts";
import type { Room } from "../room.ts";
import type { Way } from "../way.ts";

export async function plainCurlWay(room: Room): Promise<Way> {
  const bucket = await room.bucket();
  const curl = ["curl", "-sS", "--fail", "-o"];
  const options = { prefix: room.options.near };
  return {
    name: "curl, one request",
    up: ({ file, key }) => measured([...curl, "/dev/null", "-T", file, bucket.presign("PUT", key)], options),
    down: ({ file, key }) => measured([...curl, file, bucket.presign("GET", key)], options),
  };
}
