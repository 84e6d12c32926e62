/** The totals of no rows. */

import type { Totals } from "./transfers.ts";

/** What a page shows until its engine reports. */
export const noTotals: Totals = {
  active: 0,
  elsewhere: 0,
  waiting: 0,
  done: 0,
  failed: 0,
  needsFile: 0,
  size: 0,
  confirmed: 0,
  inFlight: 0,
  speed: 0,
  mayClose: true,
};
