import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { decodeRecognised, type Recognised } from "@naru/server/s3-store";
import { profiles } from "@naru/server/store-profiles";

/** Which stores were recognised, by their URLs, so that they are not asked again. */
export interface RecognisedStores {
  get(url: string): Recognised | undefined;
  /** Keep it; that it cannot be kept is no failure. */
  keep(url: string, recognised: Recognised): void;
}

/** Remember as long as this process runs. */
export function rememberHere(): RecognisedStores {
  const known = new Map<string, Recognised>();
  return { get: (url) => known.get(url), keep: (url, recognised) => void known.set(url, recognised) };
}

/** Remember in a file, too: one entry for each URL, which hold no keys. A later version that knows more stores asks again. */
export function rememberIn(file: string): RecognisedStores {
  const here = rememberHere();
  return {
    get: (url) => here.get(url) ?? decodeRecognised(entriesIn(file)[url]),
    keep(url, recognised) {
      here.keep(url, recognised);
      const entries = { ...entriesIn(file), [url]: recognised };
      try {
        mkdirSync(dirname(file), { recursive: true });
        const draft = `${file}.new`;
        writeFileSync(draft, `${JSON.stringify({ profiles: profiles.length, stores: entries }, undefined, 2)}\n`);
        renameSync(draft, file);
      } catch {
        // The next start asks again.
      }
    },
  };
}

function entriesIn(file: string): Readonly<Record<string, unknown>> {
  try {
    const kept: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof kept !== "object" || kept === null || !("profiles" in kept) || !("stores" in kept)) return {};
    const { profiles: count, stores } = kept;
    return count === profiles.length && typeof stores === "object" && stores !== null ? { ...stores } : {};
  } catch {
    return {};
  }
}
