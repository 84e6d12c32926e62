/** Several files and folders as one ZIP file on this disk. */

import { type Abortable, TransferError } from "@naru/core";
import { ApiCaller, authHeaders } from "../api-call.ts";
import { archivePath } from "../archive-path.ts";
import { rangeHeader } from "../http-files.ts";
import { rangeAnswer } from "../range-answer.ts";
import { type Downloaded, type DownloadOptions, downloadFrom } from "./download.ts";

export interface ArchiveDownloadOptions extends Omit<DownloadOptions, "path" | "route"> {
  /** Files, and folders with their final `/`. */
  readonly paths: readonly string[];
}

/** The server may have to read files to answer, for each range that it is asked for. */
const mostConnections = 4;

/**
 * Read an archive of `paths` into `options.to`. Calling it again after any cut resumes where it stopped, as long as nothing
 * in it has changed.
 *
 * @throws {TransferError} `not-found`; `too-large` for more files than an archive has; `no-space`
 */
export function downloadArchive(options: ArchiveDownloadOptions): Promise<Downloaded> {
  const { api, network, paths, connections = mostConnections } = options;
  const open: Parameters<typeof downloadFrom>[0] = async ({ signal }) => {
    const { size, etag } = await factsOf(options, { signal });
    const url = `${api.origin}${archivePath(paths)}`;
    const path = paths.join(", ");
    return {
      route: "proxy",
      file: { path, size, etag, modified: new Date(0) },
      read: async (range, reading) => {
        const headers = { ...rangeHeader(range), ...authHeaders(api.auth), "if-match": `"${etag}"` };
        const answer = await network.get(url, headers, reading);
        return (await rangeAnswer(answer, { range, path, size })).body;
      },
      giveBack: network.giveBack,
    };
  };
  return downloadFrom(open, { ...options, connections: Math.min(connections, mostConnections) });
}

/** Ask what the archive would be, without making it. */
async function factsOf(
  { api, network, paths }: Pick<ArchiveDownloadOptions, "api" | "network" | "paths">,
  options: Abortable,
): Promise<{ readonly size: number; readonly etag: string }> {
  const caller = new ApiCaller(api.origin, api.auth, network.fetch);
  const { headers } = await caller.response("HEAD", archivePath(paths), options);
  const size = Number(headers.get("content-length") ?? Number.NaN);
  const etag = headers.get("etag")?.replaceAll('"', "");
  if (etag !== undefined && Number.isSafeInteger(size)) return { size, etag };
  throw new TransferError("unavailable", "Cannot read the archive: the answer is not from a Naru server");
}
