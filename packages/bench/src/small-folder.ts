/** A folder of small files, there and back: by Naru, and by programs that people would take for it. */

import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { finished } from "./command.ts";
import type { Competitor, Sample } from "./contest.ts";
import type { Gateway } from "./gateway.ts";
import { measured, withServer } from "./measured.ts";
import type { Room } from "./room.ts";
import { bucketEnv } from "./way.ts";

export const smallSize: number = 20 * 1024;

export interface SmallFolder {
  /** On the disk; its last name is also that of its folder in the bucket. */
  readonly dir: string;
  readonly files: readonly string[];
}

/** Write a folder of so many files. */
export async function smallFolder(room: Room, count: number): Promise<SmallFolder> {
  const name = `small-${count}`;
  const files: string[] = [];
  for (let i = 0; i < count; i++) files.push(await room.file(`${name}/${String(i).padStart(5, "0")}.bin`, smallSize));
  return { dir: join(room.dir, name), files };
}

/** A program that sends a folder, and one that fetches it into another. */
export interface FolderWay {
  readonly name: string;
  up(folder: SmallFolder): Promise<Sample>;
  readonly down?: ((folder: SmallFolder, to: string) => Promise<Sample>) | undefined;
}

const nameOf = ({ dir }: SmallFolder): string => dir.slice(dir.lastIndexOf("/") + 1);

/** Naru's own way. */
export function naruFolderWay({ naru }: Gateway): FolderWay {
  const run = (args: readonly string[]): Promise<Sample> =>
    withServer(naru.pid, () => measured(naru.commandLine(args), { env: naru.clientEnv }));
  return {
    name: "naru",
    up: ({ dir }) => run(["put", dir]),
    down: (folder, to) => run(["get", nameOf(folder), to]),
  };
}

/** Debian's rclone, awscli and s3cmd, straight to the bucket. */
export async function peerFolderWays(room: Room): Promise<readonly FolderWay[]> {
  const bucket = await room.bucket();
  const { accessKey, endpoint, secretKey } = bucket.s3;
  const options = { env: bucketEnv(room, bucket) };
  const remote = `:s3,provider=Ceph,env_auth=true,endpoint="${endpoint}":${bucket.name}`;
  const rclone = ["env", "-u", "AWS_CA_BUNDLE", "rclone", "copy", "--transfers", "32"];
  const aws = ["/usr/bin/aws", "--endpoint-url", endpoint, "s3", "cp", "--recursive", "--only-show-errors"];
  const { host } = new URL(endpoint);
  const keys = [`--access_key=${accessKey}`, `--secret_key=${secretKey}`];
  const s3cmd = ["s3cmd", `--host=${host}`, "--host-bucket=", "--no-ssl", ...keys, "--quiet", "sync"];
  const there = (folder: SmallFolder): string => `s3://${bucket.name}/${nameOf(folder)}`;
  return [
    {
      name: "rclone copy --transfers 32",
      up: (folder) => measured([...rclone, folder.dir, `${remote}/${nameOf(folder)}`], options),
      down: (folder, to) => measured([...rclone, `${remote}/${nameOf(folder)}`, to], options),
    },
    {
      name: "aws s3 cp --recursive",
      up: (folder) => measured([...aws, folder.dir, there(folder)], options),
      down: (folder, to) => measured([...aws, there(folder), to], options),
    },
    { name: "s3cmd sync", up: (folder) => measured([...s3cmd, `${folder.dir}/`, `${there(folder)}/`], options) },
  ];
}

/** Other kinds of things, to see: a backup, the SFTP door, and the bare PUTs that any program has to make. */
export async function otherFolderWays(room: Room, { sftp }: Gateway): Promise<readonly FolderWay[]> {
  const bucket = await room.bucket();
  const env = { ...bucketEnv(room, bucket), RESTIC_PASSWORD: "bench" };
  const restic = ["restic", "--quiet", "-r", `s3:${bucket.s3.endpoint}/${bucket.name}/restic`];
  const door = `:sftp,host=${sftp.host},port=${sftp.port},user=${sftp.user},key_file="${sftp.key}",shell_type=none:`;
  return [
    {
      name: "restic backup",
      up: async ({ dir }) => {
        await finished([...restic, "init"], { env });
        return measured([...restic, "backup", dir], { env });
      },
    },
    {
      name: "rclone copy to naru by SFTP",
      up: (folder) =>
        measured(["rclone", "copy", "--transfers", "8", folder.dir, `${door}${nameOf(folder)}`], {
          env: { ...env, AWS_CA_BUNDLE: "" },
        }),
    },
    {
      name: "curl, presigned PUTs, 16 at once",
      up: async ({ files }) => {
        const puts = files.flatMap((file, index) => [
          `upload-file = "${file}"`,
          `url = "${bucket.presign("PUT", `plain/${index}`)}"`,
          `output = "/dev/null"`,
        ]);
        const config = join(room.dir, "curl-puts");
        await writeFile(config, puts.join("\n"));
        return measured(["curl", "-sS", "--fail", "--parallel", "--parallel-max", "16", "-K", config]);
      },
    },
  ];
}

/** A competitor that sends the folder into an empty bucket. */
export async function up(room: Room, way: FolderWay, folder: SmallFolder): Promise<Competitor> {
  const bucket = await room.bucket();
  return { name: way.name, run: () => bucket.emptiedAfter(way.up(folder)) };
}

/** A competitor that fetches the folder, which is there. */
export function down(room: Room, way: FolderWay, folder: SmallFolder): Competitor[] {
  const { down: fetch } = way;
  if (fetch === undefined) return [];
  const to = join(room.dir, "back", nameOf(folder));
  const run = async (): Promise<Sample> => {
    await mkdir(dirname(to), { recursive: true });
    try {
      return await fetch(folder, to);
    } finally {
      await rm(to, { recursive: true, force: true });
    }
  };
  return [{ name: way.name, run }];
}
