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
    async v1({ prefix, cursor, limit = 1000, delimiter }, send) {
      const wanted = { Prefix: prefix, Marker: cursor, MaxKeys: limit, Delimiter: delimiter };
      const answer = await client.send(new ListObjectsCommand({ ...common, ...wanted }), send);
      const { folders, objects } = pageOf(answer);
      const next = markerAfter(objects, folders);
      return { objects, folders, cursor: answer.IsTruncated ? furtherThan(cursor, next) : undefined };
    },
    async v2({ prefix, cursor, limit = 1000, delimiter }, send) {
      const wanted = { Prefix: prefix, ContinuationToken: cursor, MaxKeys: limit, Delimiter: delimiter };
      const answer = await client.send(new ListObjectsV2Command({ ...common, ...wanted }), send);
      const next = answer.IsTruncated ? furtherThan(cursor, answer.NextContinuationToken) : undefined;
      return { ...pageOf(answer), cursor: next };
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

/**
 * Where the next page begins: after the last entry of this one in the order of S3, which is that of bytes. `NextMarker` is
 * not read: it comes only with a delimiter, and some stores encode it and some do not.
 */
function markerAfter(objects: ObjectPage["objects"], folders: readonly string[]): string | undefined {
  // After all that is in the folder: a store that took it for a key would list the folder once more.
  const ends = [...objects.map(({ key }) => key), ...folders.map((folder) => `${folder}\u{10FFFF}`)];
  return ends.toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other))).at(-1);
}

/** @throws {TransferError} `internal` where there is more and nothing leads to it: half a listing is none, and the same page again has no end */
function furtherThan(cursor: string | undefined, next: string | undefined): string {
  if (next !== undefined && next !== "" && next !== cursor) return next;
  throw new TransferError("internal", "Cannot list: the store says that there is more, and leads to no further page");
}
