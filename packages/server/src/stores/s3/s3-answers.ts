/**
 * What a store says, and how its answers are read.
 *
 * @module
 */

/** What a store says of a part. */
export interface ListedPart {
  readonly number: number;
  readonly size: number;
  readonly etag: string;
}

/** What a store says of an object. */
export interface ObjectHead {
  readonly size: number;
  readonly etag: string;
  readonly modified: Date;
  readonly type?: string | undefined;
  readonly crc64?: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface ObjectPage {
  readonly objects: readonly { key: string; size: number; etag: string; modified: Date }[];
  readonly folders: readonly string[];
  readonly cursor?: string | undefined;
}

export interface ObjectFacts {
  readonly type?: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A multipart upload, and whether its etags will be MD5s. */
export interface BegunUpload {
  readonly uploadId: string;
  readonly md5Etags: boolean;
}

export interface PartTarget {
  readonly key: string;
  readonly uploadId: string;
  readonly number: number;
  /** Copy only while the source still has this etag. */
  readonly etag: string;
}

export interface PartsPage {
  readonly parts: readonly ListedPart[];
  readonly next?: number | undefined;
}

/** A header of what the client library says is an answer. */
export function headerOf(response: unknown, name: string): string | undefined {
  if (typeof response !== "object" || response === null || !("headers" in response)) return undefined;
  const { headers } = response;
  if (typeof headers !== "object" || headers === null) return undefined;
  const value: unknown = Object.entries(headers).find(([header]) => header.toLowerCase() === name)?.[1];
  return typeof value === "string" ? value : undefined;
}

/** Name the headers of an answer as S3 does, for the client library: Google begins them with `x-goog-`. */
export function spellAsS3(response: unknown): void {
  if (typeof response !== "object" || response === null || !("headers" in response)) return;
  const { headers } = response;
  if (typeof headers !== "object" || headers === null) return;
  const spelled = Object.entries(headers).map(([name, value]) => [name.replace(/^x-goog-/i, "x-amz-"), value]);
  response.headers = Object.fromEntries(spelled);
}

/** Read a key of a listing that was asked for with `encoding-type=url`; S3 writes a space as `+`. */
export function decodeKey(key: string): string {
  return decodeURIComponent(key.replaceAll("+", " "));
}

export function unquote(etag: string): string {
  return etag.replace(/^"|"$/g, "");
}

/** One of the contents that an object has had. */
export interface ListedVersion {
  readonly id: string;
  readonly size: number;
  readonly etag: string;
  readonly modified: Date;
  readonly current: boolean;
}

export interface VersionsPage {
  readonly versions: readonly ListedVersion[];
  readonly cursor?: string | undefined;
}

interface AnsweredVersion {
  readonly VersionId?: string | undefined;
  readonly Size?: number | undefined;
  readonly ETag?: string | undefined;
  readonly LastModified?: Date | undefined;
  readonly IsLatest?: boolean | undefined;
}

export function versionOf(answer: AnsweredVersion): ListedVersion {
  const { ETag = "", IsLatest = false, LastModified = new Date(0), Size = 0, VersionId = "null" } = answer;
  return { id: VersionId, size: Size, etag: unquote(ETag), modified: LastModified, current: IsLatest };
}
