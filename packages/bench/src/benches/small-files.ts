import type { Benchmark } from "../benchmark.ts";
import { type Contest, contest, type Sample } from "../contest.ts";
import { startGateway } from "../gateway.ts";
import { pageUpload } from "../naru-page.ts";
import { type PagePeer, pageCompetitor, servePeers } from "../peer-page.ts";
import type { Room } from "../room.ts";
import {
  down,
  naruFolderWay,
  otherFolderWays,
  peerFolderWays,
  type SmallFolder,
  smallFolder,
  up,
} from "../small-folder.ts";

const few = 2_000;
const many = 20_000;
const pagePeers: readonly PagePeer[] = ["Uppy 5", "Uppy 6", "lib-storage"];

export const smallFiles: Benchmark = {
  name: "small-files",
  about:
    "2,000 files of 20 KiB to Ceph: naru put and get against rclone, awscli and s3cmd, Chromium against Uppy and lib-storage",
  rounds: 3,
  async run(room) {
    const bucket = await room.bucket();
    const gateway = await startGateway(room);
    const page = await servePeers(room);
    const folder = await smallFolder(room, few);
    const naru = naruFolderWay(gateway);
    const peers = await peerFolderWays(room);
    const others = await otherFolderWays(room, gateway);
    const names = peers.map(({ name }) => name);
    const waysUp = await Promise.all([...peers, ...others].map((way) => up(room, way, folder)));
    const naruUp = { ...(await up(room, naru, folder)), target: { atMost: 0.4, of: names } };
    const sent = await contest("2,000 x 20 KiB by the command line, up", [...waysUp, naruUp], room.options);
    const fetched = await downContest(room, "2,000 x 20 KiB by the command line, down", folder, [naru, ...peers]);
    const inPage = {
      name: "Chromium, naru",
      target: { atMost: 0.4, of: pagePeers },
      run: () => bucket.emptiedAfter(pageUpload(room, gateway.naru, folder.files)),
    };
    const onPages = [...pagePeers.map((name) => pageCompetitor(page, name, folder.files)), inPage];
    return [sent, fetched, await contest("2,000 x 20 KiB from Chromium, loopback", onPages, room.options)];
  },
};

/** Fetching is compared with no target of its own but not to be slower than the best. */
async function downContest(
  room: Room,
  title: string,
  folder: SmallFolder,
  [naru, ...peers]: readonly [ReturnType<typeof naruFolderWay>, ...Awaited<ReturnType<typeof peerFolderWays>>],
): Promise<Contest> {
  const bucket = await room.bucket();
  await naru.up(folder);
  const others = peers.flatMap((way) => down(room, way, folder));
  const of = others.map(({ name }) => name);
  const ours = down(room, naru, folder).map((one) => ({ ...one, target: { atMost: 1, of } }));
  return bucket.emptiedAfter(contest(title, [...others, ...ours], room.options));
}

const perFile = "time of a file / that of 2,000";

export const smallFiles20k: Benchmark = {
  name: "small-files-20k",
  about: "20,000 files of 20 KiB to Ceph and back, each file as fast as one of 2,000",
  rounds: 1,
  async run(room) {
    const bucket = await room.bucket();
    const gateway = await startGateway(room);
    const naru = naruFolderWay(gateway);
    const [rclone, aws] = await peerFolderWays(room);
    const folders = [await smallFolder(room, few), await smallFolder(room, many)] as const;
    const peers = [rclone, aws].filter((way) => way !== undefined);
    const sent = await contest(
      "20,000 x 20 KiB, up",
      [
        ...(await Promise.all(peers.map((way) => up(room, way, folders[1])))),
        ...scaled("naru", folders, (folder) => bucket.emptiedAfter(naru.up(folder))),
        ...scaled("Chromium, naru", folders, ({ files }) => bucket.emptiedAfter(pageUpload(room, gateway.naru, files))),
      ],
      room.options,
    );
    for (const folder of folders) await naru.up(folder);
    const fetched = await contest(
      "20,000 x 20 KiB, down",
      [
        ...peers.flatMap((way) => down(room, way, folders[1])),
        ...scaled("naru", folders, async (folder) => {
          const [one] = down(room, naru, folder);
          if (one === undefined) throw new Error("Cannot fetch: there is no way down");
          return one.run(1);
        }),
      ],
      room.options,
    );
    await bucket.empty();
    return [sent, fetched];
  },
};

/** The same with few files and many: each of many must take no longer than each of few. */
function scaled(
  name: string,
  [small, large]: readonly [SmallFolder, SmallFolder],
  run: (folder: SmallFolder) => Promise<Sample>,
) {
  let each = Number.NaN;
  return [
    {
      name: `${name}, 2,000`,
      run: async (): Promise<Sample> => {
        const sample = await run(small);
        each = sample.seconds / small.files.length;
        return sample;
      },
    },
    {
      name: `${name}, 20,000`,
      target: { atMost: 1.05, of: perFile },
      run: async (): Promise<Sample> => {
        const sample = await run(large);
        return { ...sample, notes: { ...sample.notes, [perFile]: sample.seconds / large.files.length / each } };
      },
    },
  ];
}
