import { decoder, isTransferError, TransferError, wireError } from "@naru/core";
import { closed, list, optional, text } from "@naru/core/schema";
import { archiveBytes } from "../archives/archive-bytes.ts";
import { Archives } from "../archives/archives.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { callerIn } from "./access.ts";
import { call, readBy } from "./call.ts";
import { addressOf } from "./client-address.ts";
import { type Exchange, sendDownload } from "./download.ts";
import type { App, Reply } from "./fastify.ts";
import { allowedStore, pathIn } from "./folder-routes.ts";
import { etagIn } from "./preconditions.ts";
import { clientSignal } from "./request-body.ts";

const mostPaths = 1000;
/** Answers at once to one caller: each has memory of its own, however slowly it is read. */
const mostAtOnce = 32;
const queryOfMany = closed({
  path: list(
    text("A file or, with a final `/`, a folder; `/` alone is everything.", { maxLength: 1024 }),
    "What to pack.",
    {
      maxItems: mostPaths,
    },
  ),
  zone: optional(
    text("For readers that know no other time: the clock of their times, in minutes east of UTC. Default 0.", {
      pattern: "^-?[0-9]{1,3}$",
    }),
  ),
  etag: optional(text("Only if this is the archive's tag, without quotes: for programs that send no `If-Match`.")),
});
const readMany = decoder(queryOfMany);
/** One `path` comes as a text, several as a list. */
const archiveQuery = readBy(queryOfMany, (value, what) => {
  if (typeof value !== "object" || value === null || !("path" in value)) return readMany(value, what);
  return readMany({ ...value, path: [value.path].flat() }, what);
});

const headers = {
  "if-match": "Only if the archive has one of these tags.",
  "if-none-match": "Only if the archive has none of these tags.",
  range: "One range of bytes.",
  "if-range": "The tag that the range is of.",
};
const zip = (description: string): { readonly mediaType: string; readonly description: string } => ({
  mediaType: "application/zip",
  description,
});
const parts = {
  tag: "Files",
  description:
    "ZIP without compression. Its length and every byte are known in advance, so that it resumes as a file does. When a file changes while it is sent, the connection is closed before the end.",
  query: archiveQuery,
  headers,
  fails: ["not-found", "file-changed", "too-large", "throttled"],
} as const;

const calls = {
  get: call("getArchive", "Download files and folders as one ZIP archive", {
    ...parts,
    answers: { 200: zip("The archive."), 206: zip("The range's bytes."), 304: "nothing", 416: wireError },
  }),
  head: call("headArchive", "Tell what an archive would be: length and tag", {
    ...parts,
    answers: {
      200: zip("The headers alone."),
      206: zip("The headers alone."),
      304: "nothing",
      416: zip("The headers alone."),
    },
  }),
};

interface ArchiveQuery {
  readonly path: readonly string[];
  readonly zone?: string | undefined;
}

type Chunks = AsyncGenerator<Uint8Array, void, undefined>;

/** Several files and folders as one archive, made while it is sent. */
export function archiveRoutes(app: App, catalogue: Catalogue, { now }: { readonly now: () => number }): void {
  const archives = new Archives(catalogue, { now });
  const running = new Map<string, number>();

  function begin({ request, reply: { raw } }: Exchange): void {
    const caller =
      request.guest === undefined ? callerIn(request).name : `${request.guest.share.id} ${addressOf(request)}`;
    const count = running.get(caller) ?? 0;
    if (count >= mostAtOnce)
      throw new TransferError("throttled", `Cannot pack the files: ${mostAtOnce} archives are being sent to you`);
    if (raw.closed) return;
    running.set(caller, count + 1);
    raw.once("close", () => {
      const left = (running.get(caller) ?? 1) - 1;
      if (left > 0) running.set(caller, left);
      else running.delete(caller);
    });
  }

  async function show({ path, zone = "0" }: ArchiveQuery, { request, reply }: Exchange): Promise<Reply> {
    const { name: account, rights } = callerIn(request);
    begin({ request, reply });
    const files = allowedStore(catalogue, request);
    const paths = path.map((one) => pathIn(request, one));
    const { range: wanted, "if-range": ifRange, "if-match": ifMatch } = request.headers;
    const resumes = wanted !== undefined && !/^bytes=0-$/u.test(wanted);
    const tags = etagIn(request) ?? ifMatch ?? (typeof ifRange === "string" ? ifRange : undefined);
    const asked = { account, paths, zoneMinutes: Number(zone), resumes, tags };
    const archive = await archives.open(asked, { files, rights, signal: clientSignal(request, reply) });
    const { etag, layout } = archive;
    const name = nameOf(paths);
    const read = async (range = { start: 0, end: layout.size }, signal: AbortSignal): Promise<Chunks> =>
      orDropped(archiveBytes({ archive, files, signal }, range), () => archives.drop(asked));
    return sendDownload(
      { path: name, name, etag, size: layout.size, type: "application/zip", read },
      { request, reply },
    );
  }

  const asked = { callers: ["guest" as const] };
  app.get("/api/archive", { schema: calls.get, config: asked }, (request, reply) =>
    show(request.query, { request, reply }),
  );
  app.head("/api/archive", { schema: calls.head, config: asked }, (request, reply) =>
    show(request.query, { request, reply }),
  );
}

/** An archive in which something has changed is listed again when it is asked for the next time. */
async function* orDropped(chunks: Chunks, drop: () => void): Chunks {
  try {
    yield* chunks;
  } catch (error) {
    if (hasChanged(error)) drop();
    throw error;
  }
}

function hasChanged(error: unknown): boolean {
  return isTransferError(error) && (error.code === "conflict" || error.code === "not-found");
}

/** A single file or folder gives its name, several the folder that they lie in. */
function nameOf(paths: readonly string[]): string {
  const [first = "", ...others] = paths.map((path) => path.replace(/\/$/u, ""));
  const folder = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));
  const whole =
    others.length === 0 ? first : others.every((path) => folder(path) === folder(first)) ? folder(first) : "";
  const name = whole.slice(whole.lastIndexOf("/") + 1);
  return `${name === "" ? "files" : name}.zip`;
}
