/** Debian's rclone: straight to the bucket, and as an SFTP server in front of it. Debian builds it without `serve ftp`. */

import { startRclone } from "../gateway.ts";
import { measured } from "../measured.ts";
import type { Room } from "../room.ts";
import { bucketEnv, type Way } from "../way.ts";
import { sftpWay } from "./sftp.ts";

export async function rcloneWay(room: Room): Promise<Way> {
  const { remote, env } = await rcloneBucket(room);
  const copy = (from: string, to: string): readonly string[] => ["rclone", "copyto", from, to];
  const options = { prefix: room.options.near, env };
  return {
    name: "rclone copyto",
    up: ({ file, key }) => measured(copy(file, `${remote}/${key}`), options),
    down: ({ file, key }) => measured(copy(`${remote}/${key}`, file), options),
  };
}

/** OpenSSH's `sftp` to `rclone serve sftp` at the site. */
export async function rcloneSftpWay(room: Room): Promise<Way> {
  const server = await startRclone(room);
  return sftpWay("sftp to rclone serve", { room, server, pid: server.pid });
}

async function rcloneBucket(room: Room): Promise<{ readonly remote: string; readonly env: Record<string, string> }> {
  const bucket = await room.bucket();
  const { endpoint } = bucket.s3;
  const remote = `:s3,provider=Ceph,env_auth=true,endpoint="${endpoint}":${bucket.name}`;
  // With a bundle of certificates rclone 1.60 does not start at all.
  return { remote, env: { ...bucketEnv(room, bucket), AWS_CA_BUNDLE: "" } };
}
