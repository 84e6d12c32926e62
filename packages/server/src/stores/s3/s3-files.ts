import {
  type Abortable,
  anySpelling,
  type FilePage,
  type Files,
  type Folders,
  isHidden,
  isTransferError,
  type ListOptions,
  type MoveOptions,
  type PresignReadOptions,
  type ReadOptions,
  type SignedRead,
  type StoredFile,
  TransferError,
} from "@naru/core";
import { encodeText, existingKeyOf } from "./bucket-address.ts";
import type { BucketContext } from "./bucket-context.ts";
import { copiesWhole, copyObject, versionQuery } from "./copy-object.ts";
import { heedsIfRange } from "./if-range.ts";
import { type ObjectHead, unquote } from "./s3-answers.ts";
import { metadataIn, storedFile } from "./s3-metadata.ts";
import type { WireAnswer } from "./s3-wire.ts";
import { keyOf } from "./written-key.ts";

/** The objects of a bucket, as the contract sees files. */
export function filesOf(context: BucketContext): Required<Files> {
  return anySpelling(objectsOf(context));
}

/** The same by their exact keys. */
function objectsOf(context: BucketContext): Required<Files> {
  const { control, prefix } = context;

  async function stat(path: string, options: Abortable = {}): Promise<StoredFile | undefined> {
    const key = existingKeyOf(path, prefix);
    try {
      return storedFile(path, await control.head(key, options));
    } catch (error) {
      if (isTransferError(error) && error.code === "not-found") return undefined;
      throw error;
    }
  }

  async function list(options: ListOptions = {}): Promise<FilePage> {
    const page = await control.list({ ...options, prefix: prefix + (options.prefix ?? "") });
    const within = page.objects
      .map(({ key, ...facts }) => ({ path: key.slice(prefix.length), ...facts }))
      .filter(({ path }) => options.wanted?.(path) ?? true);
    // A key that ends with a slash marks a folder, that of the prefix too; what is hidden is the gateway's.
    const isShown = (path: string): boolean => !isHidden(path) || isHidden(options.prefix ?? "");
    const { markers = false } = options;
    const isMarker = ({ path, size }: { readonly path: string; readonly size: number }): boolean =>
      path.endsWith("/") && (size === 0 || !markers);
    const files = within.filter((file) => file.path !== "" && !isMarker(file) && isShown(file.path));
    const marked = markers ? within.filter(isMarker).map(({ path }) => path) : [];
    const folders = [...page.folders.map((folder) => folder.slice(prefix.length)), ...marked].filter(isShown);
    return { files, folders, cursor: page.cursor };
  }

  async function copy(from: string, to: string, options: MoveOptions = {}): Promise<StoredFile> {
    const [source, target] = [existingKeyOf(from, prefix), keyOf(to, context)];
    const head = await control.head(source, options);
    const copied = await copyObject(context, { from: source, to: target, head }, options);
    return { ...storedFile(to, copied), crc64: copied.crc64 ?? head.crc64 };
  }

  async function move(from: string, to: string, options: MoveOptions = {}): Promise<StoredFile> {
    const [source, target] = [existingKeyOf(from, prefix), keyOf(to, context)];
    const { file } = options;
    // The store copies a small one whole, with all that it knows of it; not where the target may have parts to be removed.
    const isWhole = file && source !== target && copiesWhole(context, source, file.size);
    const known = isWhole && !context.facts.leavesParts;
    const head = known ? { ...file, metadata: {} } : await control.head(source, options);
    if (source === target) return storedFile(to, head);
    const copied = await copyObject(context, { from: source, to: target, head }, options);
    await control.remove(source, options);
    return { ...storedFile(to, copied), crc64: copied.crc64 ?? head.crc64 };
  }

  return {
    stat,
    list,
    copy,
    move,
    presignRead: (path, options = {}) => presignRead(context, path, options),
    folders: foldersOf(context),
    read: (path, options) => readObject(context, path, options),
    remove: (path, options) => control.remove(existingKeyOf(path, prefix), options),
  };
}

async function presignRead(
  context: BucketContext,
  path: string,
  options: PresignReadOptions,
): Promise<readonly SignedRead[]> {
  options.signal?.throwIfAborted();
  const key = existingKeyOf(path, context.prefix);
  // Whoever reads a URL resolves dots in it.
  if (path.split("/").includes(".")) return [];
  if (options.resumable && !(await heedsIfRange(context, key, options))) return [];
  const { downloadName: name, type, lifeSeconds } = options;
  const query = {
    ...(name !== undefined && { "response-content-disposition": attachment(name) }),
    ...(type !== undefined && { "response-content-type": type }),
  };
  const request = { method: "GET", key, query, lifeSeconds } as const;
  return Promise.all(context.publicEndpoints.map((url) => context.signer.presign(url, request)));
}

function foldersOf(context: BucketContext): Folders {
  const { control, prefix } = context;
  // One that is there may have been named by another program.
  const markerOf = (path: string): string => `${existingKeyOf(path, prefix)}/`;
  return {
    has: async (path, options) => {
      const { objects } = await control.list({ ...options, prefix: markerOf(path), limit: 1 });
      return objects.length > 0;
    },
    make: async (path, options) => control.putMarker(`${keyOf(path, context)}/`, options),
    remove: (path, options) => control.remove(markerOf(path), options),
  };
}

export async function readObject(
  { prefix, signer, wire, endpoint, clock }: BucketContext,
  path: string,
  options: ReadOptions & { readonly version?: string | undefined } = {},
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const { range, etag, signal, version } = options;
  const key = existingKeyOf(path, prefix);
  const empty = range !== undefined && range.end <= range.start;
  // No range header can say "no bytes"; one byte is asked for to learn whether the file is there.
  const end = range === undefined ? undefined : Math.max(range.end, range.start + 1) - 1;
  const headers = {
    ...(range !== undefined && { range: `bytes=${range.start}-${end}` }),
    ...(etag !== undefined && { "if-match": `"${etag}"` }),
  };
  const doing = `read "${path}"`;
  const ask = async (): Promise<WireAnswer> => {
    const { url } = await signer.presign(endpoint, { method: "GET", key, query: versionQuery(version) });
    return wire.demand(url, { method: "GET", headers, signal, doing });
  };
  const answer = await clock.again(ask).catch((error: unknown) => {
    // A range at the very end of a file, or of an empty one, has no bytes.
    if (empty && isTransferError(error) && error.code === "invalid") return undefined;
    throw error;
  });
  if (answer === undefined || empty) {
    await answer?.body.dump();
    return streamOf(nothing(), doing);
  }
  if (range !== undefined && answer.status !== 206) {
    answer.body.destroy();
    throw new TransferError("unsupported", `Cannot ${doing}: the store ignores ranges`);
  }
  options.onFile?.(storedFile(path, headIn(answer)));
  return streamOf(answer.body, doing, signal);
}

/** What an answer to GET says of the object, as HEAD does. */
function headIn({ header }: WireAnswer): ObjectHead {
  const modifiedMs = Date.parse(header("last-modified") ?? "");
  const whole = /\/(\d+)$/.exec(header("content-range") ?? "")?.[1] ?? header("content-length");
  return {
    size: Number(whole ?? 0),
    etag: unquote(header("etag") ?? ""),
    modified: new Date(Number.isNaN(modifiedMs) ? 0 : modifiedMs),
    type: header("content-type"),
    metadata: metadataIn(header),
  };
}

export async function* nothing(): AsyncGenerator<Uint8Array> {}

/** A stream of what comes over the wire, which is read only when it is pulled. */
export function streamOf(
  chunks: AsyncIterable<Uint8Array>,
  doing: string,
  signal?: AbortSignal,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const iterator = chunks[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        const { done, value } = await iterator.next().catch((cause: unknown) => {
          signal?.throwIfAborted();
          throw new TransferError("unreachable", `Cannot ${doing}: the store closed the connection`, { cause });
        });
        if (done) controller.close();
        // Sockets never hand out shared memory.
        else controller.enqueue(value as Uint8Array<ArrayBuffer>);
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

/** RFC 6266, with the name in RFC 8187's encoding. */
export function attachment(name: string): string {
  return `attachment; filename*=UTF-8''${encodeText(name)}`;
}
