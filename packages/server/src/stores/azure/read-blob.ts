import { type Abortable, isTransferError, type ReadOptions, TransferError } from "@naru/core";
import { nothing, streamOf } from "../s3/s3-files.ts";
import type { WireAnswer } from "../s3/s3-wire.ts";
import { blobUrl, existingNameOf } from "./blob-name.ts";
import type { ContainerContext } from "./container-context.ts";

/** Read a blob or a range of it. */
export async function readBlob(
  context: ContainerContext,
  path: string,
  { range, etag, signal }: ReadOptions = {},
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const name = existingNameOf(path, context.prefix);
  const doing = `read "${path}"`;
  // No range header can say "no bytes", and the service must not be asked for a range at or beyond the end.
  const isEmpty = range !== undefined && range.end <= range.start;
  const headers = {
    ...(range !== undefined && { range: isEmpty ? "bytes=0-0" : `bytes=${range.start}-${range.end - 1}` }),
    ...(etag !== undefined && { "if-match": `"${etag}"` }),
  };
  const answer = await askForBlob(context, { name, headers, doing }, { signal }).catch((error: unknown) => {
    // An empty file has not even the first byte.
    if (isEmpty && isTransferError(error) && error.code === "invalid") return undefined;
    throw error;
  });
  if (answer === undefined || isEmpty) {
    await answer?.body.dump();
    return streamOf(nothing(), doing);
  }
  if (range !== undefined && answer.status !== 206) {
    answer.body.destroy();
    throw new TransferError("unsupported", `Cannot ${doing}: the store ignores ranges`);
  }
  return streamOf(answer.body, doing, signal);
}

const found = new WeakMap<ContainerContext, Promise<boolean>>();

/**
 * Whether the service sends the whole file when `If-Range` names another content. Its documentation does not say, and the emulator
 * sends the range, by which a browser that resumes mixes two contents. It is asked once, for a blob that is there.
 */
export function heedsIfRange(context: ContainerContext, name: string, options: Abortable): Promise<boolean> {
  const known = found.get(context);
  if (known) return known;
  const headers = { range: "bytes=0-0", "if-range": '"naru-asks"' };
  const asked = askForBlob(context, { name, headers, doing: `ask about ranges of "${name}"` }, options).then(
    async (answer) => {
      await answer.body.dump();
      return answer.status === 200;
    },
  );
  found.set(context, asked);
  asked.catch(() => found.delete(context));
  return asked;
}

interface Read {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly doing: string;
}

/** Ask for a blob, or for what the headers say of it. */
export function askForBlob(
  { access, container, endpoint, wire, clock }: ContainerContext,
  { name, headers, doing }: Read,
  { signal }: Abortable,
): Promise<WireAnswer> {
  const url = blobUrl(endpoint, container, name);
  return clock.again(async () => {
    const authorized = await access.authorize({ method: "GET", url, headers });
    return wire.demand(url, { method: "GET", headers: authorized, signal, doing });
  });
}
