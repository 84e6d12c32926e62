import type { Deviations } from "@naru/core/testing";

const grows = "a file on this server grows at its end only, and its size tells what has come";

/** What no store can promise on a server where files only grow. */
export const growingDeviations: Deviations = {
  "parts land in any order": grows,
  "every part that was put has a receipt, in order": grows,
  "a part that is put again replaces the first": grows,
  "a file with a hole never appears": grows,
};
