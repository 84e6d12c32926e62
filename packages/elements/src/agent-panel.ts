/** The panel of the desktop agent and the way to it: loaded once the page stands. */

export { AgentTransfers } from "@naru/client/agent";
export { NaruAgent } from "./naru-agent.ts";
