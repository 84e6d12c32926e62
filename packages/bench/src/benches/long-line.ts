import { join } from "node:path";
import { agentSend, agentSendDirect, startAgent } from "../agent.ts";
import { type Benchmark, MiB } from "../benchmark.ts";
import { contest, type Sample } from "../contest.ts";
import { startGateway } from "../gateway.ts";
import { secondFarAddress } from "../link.ts";
import { pageUpload } from "../naru-page.ts";
import { peerUpload } from "../peer-page.ts";
import { peerServer } from "../peer-server.ts";
import { secondDoor } from "../second-door.ts";

const size = 128 * MiB;
const of = ["Uppy 5"];
/** 1.3 times the 5.4 s that the bytes alone take at 200 Mbit/s. */
const mostSeconds = 7.02;

export const longLine: Benchmark = {
  name: "long-line",
  about: "128 MiB over 200 Mbit/s, 60 ms round trip, 0.1 % loss: Naru by every way against Uppy 5",
  link: { mbit: 200, delayMs: 30, lossPercent: 0.1 },
  rounds: 3,
  async run(room) {
    const bucket = await room.bucket();
    const { endpoint } = bucket.s3;
    const second = room.keep(await secondDoor(secondFarAddress, endpoint));
    const naru = await room.naruOnBucket();
    const naruOnTwo = await room.naruOnBucket({ endpoints: [endpoint, second.endpoint] });
    const server = room.keep(await peerServer(bucket, { host: room.options.host, dir: join(room.dir, "page") }));
    const page = { room, server, bucket };
    const file = await room.file("long.bin", size);
    const prefix = room.options.near;
    const put = (): Promise<Sample> =>
      bucket.emptiedAfter(naru.command(["put", file, "--route", "direct", "--json"], { prefix }));
    const gateway = await startGateway(room);
    const agent = await startAgent(room);
    const byAgent = (): Promise<Sample> => bucket.emptiedAfter(agentSend(agent, gateway, file));
    return [
      await contest(
        "128 MiB up, 200 Mbit/s, 60 ms, 0.1 % loss",
        [
          { name: "Uppy 5", run: () => bucket.emptiedAfter(peerUpload(page, "uppy", [file])) },
          {
            name: "Chromium, naru",
            target: { atMost: 0.85, of },
            run: () => bucket.emptiedAfter(pageUpload(room, naru, [file])),
          },
          {
            name: "Chromium, naru, two endpoints",
            target: { atMost: 0.5, of },
            run: () => bucket.emptiedAfter(pageUpload(room, naruOnTwo, [file])),
          },
          { name: "agent by SFTP, file on its disk", target: { atMost: 0.35, of }, run: byAgent },
          {
            name: "agent by the direct route, file on its disk",
            target: { atMost: 0.35, of },
            run: () => bucket.emptiedAfter(agentSendDirect(agent, naru, file)),
          },
          { name: "naru put", target: { atMost: mostSeconds, of: "seconds" }, run: put },
        ],
        room.options,
      ),
    ];
  },
};
