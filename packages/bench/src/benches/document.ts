/**
 * The source document's experiment: its three ways as it describes them, ours, and what people would choose instead. MB are
 * millions of bytes. Three networks differ in where the store is: beside the site's servers, so that the second leg of the
 * document's two server ways costs nearly nothing; behind 1 Gbit/s; and behind 400 Mbit/s, which is what the document's own
 * figures say: of the 1.16, 7.29 and 14.4 s through Django, 0.85, 5.44 and 10.9 s are the first leg at the line's rate.
 */

import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Benchmark } from "../benchmark.ts";
import {
  type Competitor,
  type Contest,
  type ContestOptions,
  contest,
  type RatioTarget,
  type Sample,
} from "../contest.ts";
import { startGateway } from "../gateway.ts";
import type { LinkSpec } from "../link.ts";
import { ourWays } from "../our-ways.ts";
import { awsCliWay } from "../peers/aws-cli.ts";
import { boto3Way, connectedBoto3Way } from "../peers/boto3.ts";
import { djangoWay } from "../peers/django.ts";
import { type FtpUploadWay, ftpUploadWay } from "../peers/ftp-upload.ts";
import { plainCurlWay } from "../peers/plain-curl.ts";
import { rcloneSftpWay, rcloneWay } from "../peers/rclone.ts";
import { s3cmdWay } from "../peers/s3cmd.ts";
import type { Room } from "../room.ts";
import type { Carried, Way } from "../way.ts";

const MB = 1_000_000;
const usualSizes = [10, 64, 128];
const line: LinkSpec = { mbit: 100, delayMs: 0, lossPercent: 0 };

/** Each at most so many times the document's own way of the same kind. */
const throughServer = 0.85;
const directTargets: Readonly<Record<number, number>> = { 10: 1.1, 64: 1, 128: 1 };

export const document: Benchmark = laboratory("document", line);
export const documentGigabit: Benchmark = laboratory("document-gigabit", { ...line, storeMbit: 1000 });
export const documentStore: Benchmark = laboratory("document-store", { ...line, storeMbit: 400 });

interface Ways {
  readonly all: readonly Way[];
  readonly ftp: FtpUploadWay;
  /** What the document's ways are called. */
  readonly django: string;
  readonly boto3: string;
}

function laboratory(name: string, link: LinkSpec): Benchmark {
  const where =
    link.storeMbit === undefined ? "with the store at the site" : `with the store behind ${link.storeMbit} Mbit/s`;
  return {
    name,
    about: `the document's experiment over 100 Mbit/s, ${where}: its ways, ours, and what people would choose`,
    link,
    rounds: 3,
    peers: [
      ...(["curl", "Django", "django-storages", "gunicorn", "pyftpdlib", "boto3", "rclone", "awscli"] as const),
      ...(["s3cmd", "OpenSSH", "lftp", "Chromium", "Ceph"] as const),
    ],
    async run(room) {
      const ways = await everyWay(room);
      await warmUp(room, ways);
      const contests: Contest[] = [];
      for (const size of room.options.megabytes ?? usualSizes) {
        const leg = { ways, size, carried: await makeFile(room, size) };
        contests.push(await uploads(room, leg, room.options), await downloads(room, leg));
      }
      return contests.filter(({ standings }) => standings.length > 0);
    },
  };
}

async function everyWay(room: Room): Promise<Ways> {
  const django = await djangoWay(room);
  const ftp = await ftpUploadWay(room);
  const boto3 = await connectedBoto3Way(room);
  const all = [
    await plainCurlWay(room),
    django,
    ftp,
    boto3,
    await boto3Way(room),
    ...ourWays(room, await startGateway(room)),
    await rcloneWay(room),
    await rcloneSftpWay(room),
    await awsCliWay(room),
    await s3cmdWay(room),
  ];
  return { all, ftp, django: django.name, boto3: boto3.name };
}

async function makeFile(room: Room, size: number): Promise<Carried> {
  const key = `${size}MB.bin`;
  return { key, file: await room.file(key, size * MB), bytes: size * MB };
}

/** Send a file by every way before the first is measured: servers have loaded their code, and are connected. */
async function warmUp(room: Room, ways: Ways): Promise<void> {
  const [size, { only }] = [1, room.options];
  await uploads(room, { ways, size, carried: await makeFile(room, size) }, { rounds: 1, only });
}

interface Leg {
  readonly ways: Ways;
  readonly carried: Carried;
  readonly size: number;
}

async function uploads(room: Room, { ways, carried, size }: Leg, options: ContestOptions): Promise<Contest> {
  const bucket = await room.bucket();
  const arrived = async (way: Way, sample: Sample): Promise<Sample> => {
    const stored = await bucket.size(carried.key);
    if (stored !== carried.bytes) throw new Error(`Cannot send by "${way.name}": the bucket has ${stored} bytes`);
    return sample;
  };
  const competitors = ways.all.flatMap((way): Competitor[] => {
    const { name, up } = way;
    if (up === undefined) return [];
    const run = (): Promise<Sample> => bucket.emptiedAfter(up(carried).then((sample) => arrived(way, sample)));
    return [{ name, run, target: targetOf(way, { ways, size }) }];
  });
  return contest(`${size} MB up, 100 Mbit/s`, competitors, options);
}

/** The floor of this network is `curl, one request`; where it is above a target, no way can reach that. */
function targetOf({ name }: Way, { ways, size }: Pick<Leg, "ways" | "size">): RatioTarget | undefined {
  if (name === "naru direct") return { atMost: directTargets[size] ?? 1, of: [ways.boto3] };
  if (name.startsWith("naru proxy")) return { atMost: throughServer, of: [ways.django] };
  if (/^naru S?FTP/.test(name)) return { atMost: throughServer, of: [ways.ftp.name] };
  return undefined;
}

async function downloads(room: Room, { ways, carried, size }: Leg): Promise<Contest> {
  const bucket = await room.bucket();
  const [floor] = ways.all;
  await floor?.up?.(carried);
  await ways.ftp.hold(carried.file, carried.key);
  const saved = { ...carried, file: join(room.dir, "saved.bin") };
  const competitors = ways.all.flatMap(({ name, down }): Competitor[] => {
    if (down === undefined) return [];
    const run = (): Promise<Sample> => down(saved).finally(() => rm(saved.file, { force: true }));
    return [{ name, run }];
  });
  return bucket.emptiedAfter(contest(`${size} MB down, 100 Mbit/s`, competitors, room.options));
}
