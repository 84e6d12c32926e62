/** Where the packaged program starts; in the repository `bin/naru-agent.js` does this. */

import { main } from "../src/main.ts";

// Node 22 calls its SQLite experimental at each start: nothing that a user of this program can act on.
process.removeAllListeners("warning");
process.on("warning", (warning) => {
  if (warning.name !== "ExperimentalWarning") console.error(`naru-agent: ${warning.message}`);
});

main().catch((error: unknown) => {
  console.error(`naru-agent: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
