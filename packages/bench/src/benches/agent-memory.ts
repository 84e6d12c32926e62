import { agentUpload, idleShare, startAgent } from "../agent.ts";
import { type Benchmark, MiB } from "../benchmark.ts";
import { contest } from "../contest.ts";
import { startGateway } from "../gateway.ts";

const idleSeconds = 10;

export const agentMemory: Benchmark = {
  name: "agent-memory",
  about: "the agent's memory while 1 GiB goes from Chromium through it by SFTP, and its CPU when nothing is to be done",
  rounds: 1,
  async run(room) {
    const bucket = await room.bucket();
    const gateway = await startGateway(room);
    const file = await room.file("memory.bin", 1024 * MiB);
    const upload = async () => {
      const sample = await agentUpload(room, { gateway, agent: await startAgent(room), file });
      await bucket.empty();
      return sample;
    };
    return [
      await contest(
        "The agent's own use",
        [
          {
            name: "idle",
            target: { atMost: 1, of: "% of a core" },
            run: async () => idleShare(await startAgent(room), idleSeconds),
          },
          { name: "1 GiB from Chromium", target: { atMost: 200, of: "MiB of the agent" }, run: upload },
        ],
        { ...room.options, rounds: 1 },
      ),
    ];
  },
};
