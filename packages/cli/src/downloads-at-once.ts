import { type SpeedLimit, sharing } from "./speed-limit.ts";

/** How much is fetched at once. */
export interface DownloadsAtOnce {
  /** Ranges of one file. */
  readonly concurrency: number;
  /** Files that take longer than one question. */
  readonly filesAtOnce: number;
  /** Small files, beside them: what takes long there is the answer's way. */
  readonly smallFilesAtOnce: number;
}

const filesAtOnce = 6;
const smallFilesAtOnce = 24;

export function downloadsAtOnce(limit: SpeedLimit, concurrency: number): DownloadsAtOnce {
  return {
    concurrency: sharing(limit, concurrency),
    filesAtOnce: sharing(limit, filesAtOnce),
    smallFilesAtOnce: sharing(limit, smallFilesAtOnce),
  };
}
