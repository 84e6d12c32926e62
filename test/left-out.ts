/** Test files that need what is not here, told from their `needs(...)` and those of the modules that they import. */

import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { missing, type Need, ofCeph } from "./peers/programs.ts";

export interface LeftOut {
  readonly file: string;
  readonly needs: readonly Need[];
}

export interface LeftOutOptions {
  /** The repository. */
  readonly root: string;
  /** What cannot be had although its programs are here. */
  readonly broken?: readonly Need[];
}

/** Find the test files that cannot run here. */
export function leftOut({ root, broken = [] }: LeftOutOptions): readonly LeftOut[] {
  const files = globSync(["packages/*/test/**/*.test.ts", "test/**/*.test.ts"], { cwd: root });
  const known = new Map<string, ReadonlySet<Need>>();
  return files.toSorted().flatMap((file) => {
    const needed = [...needsOf(join(root, file), known)];
    const absent = [...new Set([...missing(needed), ...needed.filter((need) => broken.includes(need))])];
    return absent.length > 0 ? [{ file, needs: absent }] : [];
  });
}

/** Write why a file is left out; Ceph is seven programs and one thing. */
export function whyLeftOut({ file, needs }: LeftOut): string {
  const others = needs.filter((need) => !ofCeph.some((one) => one === need));
  const named = others.length < needs.length ? ["Ceph", ...others] : others;
  return `${file} needs ${named.join(", ")}`;
}

function needsOf(file: string, known: Map<string, ReadonlySet<Need>>): ReadonlySet<Need> {
  const before = known.get(file);
  if (before !== undefined) return before;
  const found = new Set<Need>();
  // Also for those that import each other.
  known.set(file, found);
  const text = readFileSync(file, "utf8");
  for (const [, words = ""] of text.matchAll(/^needs\(([^)]*)\);/gm)) {
    // `needs` takes no others.
    for (const [, word = ""] of words.matchAll(/"([^"]+)"/g)) found.add(word as Need);
    if (words.includes("...ofCeph")) for (const one of ofCeph) found.add(one);
  }
  for (const [, target = ""] of text.matchAll(/^(?:import (?!type)|export|\}).* from "(\.[^"]+\.ts)";$/gm)) {
    const imported = join(dirname(file), target);
    // What is tested needs nothing of the kind.
    if (!imported.includes("/test/")) continue;
    for (const need of needsOf(imported, known)) found.add(need);
  }
  return found;
}
