import { type ListOptions, TransferError } from "@naru/core";
import { decodeKey, type ObjectPage, unquote } from "./s3-answers.ts";
import { ListObjectsCommand, ListObjectsV2Command, type S3Client } from "./s3-sdk.ts";

/** One page of what lies in a bucket, and what asks for it. */
export type ListPage = (options: ListOptions, send: { readonly abortSignal?: AbortSignal }) => Promise<ObjectPage>;

/** The calls that list objects. A cursor of one is none of another. */
export function listings(client: S3Client, bucket: string): Readonly<Record<"v1" | "v2", ListPage>> {
  // A key may hold characters that XML cannot: without it, one such key makes its folder unlistable.
  const common = { Bucket: bucket, EncodingType: "url" } as const;
  return {
    async v1(options, send) {
      const { prefix, cursor, limit = 1000, delimiter } = options;
      const wanted = { Prefix: prefix, Marker: cursor ?? beforeSpan(options), MaxKeys: limit, Delimiter: delimiter };
      const answer = await client.send(new ListObjectsCommand({ ...common, ...wanted }), send);
      const page = pageOf(answer);
      const isMore = answer.IsTruncated && !isPastSpan(page, options);
      return { ...page, cursor: isMore ? furtherThan(cursor, lastIn(page)) : undefined };
    },
    async v2(options, send) {
      const { prefix, cursor, limit = 1000, delimiter } = options;
      const start = cursor === undefined ? { StartAfter: beforeSpan(options) } : { ContinuationToken: cursor };
      const wanted = { Prefix: prefix, ...start, MaxKeys: limit, Delimiter: delimiter };
      const answer = await client.send(new ListObjectsV2Command({ ...common, ...wanted }), send);
      const page = pageOf(answer);
      const isMore = answer.IsTruncated && !isPastSpan(page, options);
      return { ...page, cursor: isMore ? furtherThan(cursor, answer.NextContinuationToken) : undefined };
    },
  };
}

interface ListAnswer {
  readonly EncodingType?: string | undefined;
  readonly Contents?:
    | readonly {
        readonly Key?: string | undefined;
        readonly Size?: number | undefined;
        readonly ETag?: string | undefined;
        readonly LastModified?: Date | undefined;
      }[]
    | undefined;
  readonly CommonPrefixes?: readonly { readonly Prefix?: string | undefined }[] | undefined;
}

function pageOf({ EncodingType, Contents = [], CommonPrefixes = [] }: ListAnswer): ObjectPage {
  const decode = EncodingType === "url" ? decodeKey : (key: string): string => key;
  const objects = Contents.map(({ Key = "", Size = 0, ETag = "", LastModified = new Date(0) }) => ({
    key: decode(Key),
    size: Size,
    etag: unquote(ETag),
    modified: LastModified,
  }));
  const folders = CommonPrefixes.flatMap(({ Prefix }) => (Prefix === undefined ? [] : [decode(Prefix)]));
  return { objects, folders };
}

/** A key before the first that is wanted: that one without its last character. */
function beforeSpan({ prefix = "", span }: ListOptions): string | undefined {
  if (span === undefined) return undefined;
  const start = prefix + [...span.first].slice(0, -1).join("");
  return start === "" ? undefined : start;
}

function isPastSpan(page: ObjectPage, { prefix = "", span }: ListOptions): boolean {
  const last = span && lastIn(page);
  return last !== undefined && inBytes(last, prefix + span?.last) > 0;
}

/**
 * The last entry of a page in the order of S3, which is that of bytes: the next begins after it. `NextMarker` is not read:
 * it comes only with a delimiter, and some stores encode it and some do not.
 */
function lastIn({ objects, folders }: ObjectPage): string | undefined {
  // After all that is in the folder: a store that took it for a key would list the folder once more.
  const ends = [...objects.map(({ key }) => key), ...folders.map((folder) => `${folder}\u{10FFFF}`)];
  return ends.toSorted(inBytes).at(-1);
}

function inBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

/** @throws {TransferError} `internal` where there is more and nothing leads to it: half a listing is none, and the same page again has no end */
function furtherThan(cursor: string | undefined, next: string | undefined): string {
  if (next !== undefined && next !== "" && next !== cursor) return next;
  throw new TransferError("internal", "Cannot list: the store says that there is more, and leads to no further page");
}
