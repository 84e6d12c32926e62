export { type AgentPresence, AgentTransfers, type AgentView } from "./agent-transfers.ts";
export { downloadFile } from "./download.ts";
export { openTransfers } from "./open-transfers.ts";
export type * from "./transfers.ts";
