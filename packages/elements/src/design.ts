/** How Naru looks and speaks, for pages that are not the console: the agent's window. */

export { icon } from "./icons.ts";
export { fromDataTransfer } from "./incoming.ts";
export { agentWords, type WithAgentWords } from "./language/agent-words.ts";
export type { Dictionary } from "./language/dictionary.ts";
export { Format } from "./language/format.ts";
export { dictionaries, type Language } from "./language/language.ts";
export { styleProperties } from "./style-properties.ts";
export { theme } from "./theme.ts";
export { bar } from "./transfer-row.ts";
export { transfersStyle } from "./transfers-style.ts";
