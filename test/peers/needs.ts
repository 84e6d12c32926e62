/**
 * What a test file, or a module that it imports, cannot do without: `needs("lftp")` at its top. `npm test` reads these lines
 * before it runs anything (`test/left-out.ts`) and leaves such a file out, by name, where the program is missing; a file
 * that is run by itself says so.
 */

import { missing, type Need, packagesOf } from "./programs.ts";

/** @throws when one of them is missing */
export function needs(...needed: readonly [Need, ...Need[]]): void {
  const absent = missing(needed);
  if (absent.length === 0) return;
  const names = packagesOf(absent);
  const advice = names.length === 0 ? "" : ` (apt-get install ${names.join(" ")})`;
  throw new Error(`Cannot run these tests: they need ${absent.join(", ")}${advice}`);
}
