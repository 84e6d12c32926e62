import { agentSend, agentUpload, startAgent } from "../agent.ts";
import { type Benchmark, MiB } from "../benchmark.ts";
import { contest } from "../contest.ts";
import { startGateway } from "../gateway.ts";

const size = 512 * MiB;
const alone = "agent, file on its disk";

export const agentLoopback: Benchmark = {
  name: "agent-loopback",
  about:
    "512 MiB from Chromium through the agent and the SFTP door to Ceph, against the agent with the file on its disk",
  rounds: 3,
  async run(room) {
    const bucket = await room.bucket();
    const gateway = await startGateway(room);
    const agent = await startAgent(room);
    const file = await room.file("big.bin", size);
    const target = { atMost: 1.08, of: [alone] };
    return [
      await contest(
        "512 MiB by the agent, loopback",
        [
          { name: alone, run: () => bucket.emptiedAfter(agentSend(agent, gateway, file)) },
          {
            name: "Chromium to agent",
            target,
            run: () => bucket.emptiedAfter(agentUpload(room, { gateway, agent, file })),
          },
        ],
        room.options,
      ),
    ];
  },
};
