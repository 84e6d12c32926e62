import { agentSend, startAgent } from "../agent.ts";
import { type Benchmark, MiB } from "../benchmark.ts";
import { contest } from "../contest.ts";
import { curlPut } from "../curl.ts";
import { startGateway } from "../gateway.ts";

const size = 64 * MiB;
const curl = "curl -T, one PUT";

/** The browser is no part of it: between page and agent there is no line. */
export const agentLine: Benchmark = {
  name: "agent-line",
  about: "64 MiB from the agent by SFTP over a 100 Mbit/s line, against curl -T straight to Ceph",
  link: { mbit: 100, delayMs: 0, lossPercent: 0 },
  rounds: 3,
  async run(room) {
    const bucket = await room.bucket();
    const gateway = await startGateway(room);
    const agent = await startAgent(room);
    const file = await room.file("line.bin", size);
    const prefix = room.options.near;
    const target = { atMost: 1.05, of: [curl] };
    return [
      await contest(
        "64 MiB by the agent, 100 Mbit/s",
        [
          { name: curl, run: () => bucket.emptiedAfter(curlPut(file, bucket.presign("PUT", "curl.bin"), { prefix })) },
          { name: "agent, file on its disk", target, run: () => bucket.emptiedAfter(agentSend(agent, gateway, file)) },
        ],
        room.options,
      ),
    ];
  },
};
