import type { Deviations } from "../testing/index.ts";

const memory = "it is in the memory of one process";

/** What the store in memory leaves to stores that have a use for it. */
export const memoryLacks: Deviations = {
  reopen: memory,
  copyPart: memory,
  readPart: memory,
  prepare: "nothing can be done before a part is there",
  presign: "nobody else reaches it",
  space: memory,
  "complete under onlyNew": "no other program writes there",
  "putFile under onlyNew": "no other program writes there",
  "parts by the thousand": "it lists all parts at once",
};
