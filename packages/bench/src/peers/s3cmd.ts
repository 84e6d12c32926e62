/** Debian's s3cmd, with its defaults. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { measured } from "../measured.ts";
import type { Room } from "../room.ts";
import { bucketEnv, type Way } from "../way.ts";

export async function s3cmdWay(room: Room): Promise<Way> {
  const bucket = await room.bucket();
  const { host } = new URL(bucket.s3.endpoint);
  const settings = join(room.dir, "s3cfg");
  await writeFile(settings, `[default]\nhost_base = ${host}\nhost_bucket = ${host}\nuse_https = False\n`);
  const options = { prefix: room.options.near, env: bucketEnv(room, bucket) };
  const s3cmd = ["s3cmd", "-c", settings, "--no-progress"];
  const object = (key: string): string => `s3://${bucket.name}/${key}`;
  return {
    name: "s3cmd",
    up: ({ file, key }) => measured([...s3cmd, "put", file, object(key)], options),
    down: ({ file, key }) => measured([...s3cmd, "get", "--force", object(key), file], options),
  };
}
