export * from "../index.ts";
export { type AgentPresence, AgentTransfers, type AgentView } from "./agent-transfers.ts";
export {
  saveFile,
  /** @deprecated The old name of `saveFile`: `downloadFile` of `./node` fetches, verifies and resumes. */
  saveFile as downloadFile,
} from "./download.ts";
export type { HistoryEntry, HistoryQuery, TransferHistory } from "./history.ts";
export { noTotals } from "./no-totals.ts";
export { openTransfers } from "./open-transfers.ts";
export type * from "./transfers.ts";
export { Turns } from "./turns.ts";
