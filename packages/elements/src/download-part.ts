import type { TransferRow } from "@naru/client/browser";
import type { DownloadPart } from "./download-row.ts";
import { loadPart } from "./load-part.ts";

let part: DownloadPart | undefined;
let loading: Promise<void> | undefined;

/** What rows of downloads say and do otherwise, once it is loaded. */
export function downloadPart({ direction }: TransferRow): DownloadPart | undefined {
  return direction === "down" ? part : undefined;
}

/** Load that with the first download among `rows`; `loaded` is called when they can be drawn with it. */
export function needDownloadPart(rows: readonly TransferRow[], loaded: () => void): void {
  if (loading !== undefined || !rows.some(({ direction }) => direction === "down")) return;
  loading = loadPart(() => import("./download-row.ts")).then((module) => {
    part = module?.downloadRows;
    loaded();
  });
}
