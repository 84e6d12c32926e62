import { type Benchmark, MiB } from "../benchmark.ts";
import { type Contest, contest, type Sample } from "../contest.ts";
import { curlPut } from "../curl.ts";
import { pageUpload } from "../naru-page.ts";
import { pageCompetitor, pagePeers, servePeers } from "../peer-page.ts";

/** The source document's own experiment; the two limits are `direct` and `proxy` as multiples of curl's time. */
const sizes = [
  { size: 10 * MiB, direct: 1.1, proxy: 1.1, peers: [] },
  { size: 64 * MiB, direct: 1.02, proxy: 1.03, peers: pagePeers },
  { size: 128 * MiB, direct: 1.02, proxy: 1.03, peers: pagePeers },
];

export const line: Benchmark = {
  name: "line",
  about: "10, 64, 128 MiB over a 100 Mbit/s line to Ceph: naru direct, proxy and Chromium against curl -T; page peers",
  link: { mbit: 100, delayMs: 0, lossPercent: 0 },
  rounds: 3,
  async run(room) {
    const bucket = await room.bucket();
    const naru = await room.naruOnBucket();
    const page = await servePeers(room);
    const prefix = room.options.near;
    const of = ["curl -T, one PUT"];
    const contests: Contest[] = [];
    for (const { size, direct, proxy, peers } of sizes) {
      const name = `${size / MiB}.bin`;
      const file = await room.file(name, size);
      const put = (route: string): Promise<Sample> =>
        bucket.emptiedAfter(naru.command(["put", file, "--route", route, "--json"], { prefix }));
      const runs = [
        {
          name: "curl -T, one PUT",
          run: () => bucket.emptiedAfter(curlPut(file, bucket.presign("PUT", name), { prefix })),
        },
        { name: "naru put, direct", target: { atMost: direct, of }, run: () => put("direct") },
        { name: "naru put, proxy", target: { atMost: proxy, of }, run: () => put("proxy") },
        {
          name: "Chromium, naru direct",
          target: { atMost: direct, of },
          run: () => bucket.emptiedAfter(pageUpload(room, naru, [file])),
        },
        ...peers.map((peer) => pageCompetitor(page, peer, [file])),
      ];
      contests.push(await contest(`${size / MiB} MiB up, 100 Mbit/s`, runs, room.options));
    }
    return contests;
  },
};
