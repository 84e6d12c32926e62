/** An agent as its own process, to be killed: prints its port; its administrator allowed one origin. */
import { startAgent } from "../../src/agent.ts";

const [dataDir = "", origin = ""] = process.argv.slice(2);
const agent = await startAgent({
  dataDir,
  headless: true,
  log: () => undefined,
  pages: { ports: [0], allowedOrigins: [origin] },
});
await agent.transfers.change({ bytesPerSecond: 1 });
process.stdout.write(`${agent.pages.port}\n`);
