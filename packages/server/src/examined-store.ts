/** What a store lends to be examined by (`doctor/`). */

import type { Files, Store } from "@naru/core";
import type { StoreProfile } from "./stores/profiles/store-profile.ts";

/** A request of a bucket, signed by the store's own signer. */
export interface RawRequest {
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE" | "OPTIONS";
  /** The whole key; empty for the bucket itself. */
  readonly key?: string | undefined;
  readonly query?: Readonly<Record<string, string>> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What was answered, whatever it is. */
export interface RawAnswer {
  readonly status: number;
  header(name: string): string | undefined;
  /** At most 1 MiB of it. */
  readonly text: string;
}

interface Examined {
  /** Names the store to people; holds no secret. */
  readonly title: string;
  /** This machine's time, in milliseconds since 1970. */
  now(): number;
}

/** A bucket of anything that speaks S3, whoever signs. */
export interface BucketSubject extends Examined {
  readonly kind: "bucket";
  readonly profile: StoreProfile;
  readonly bucket: string;
  /** What every key begins with; empty, or with a final `/`. */
  readonly prefix: string;
  /** For which region requests are signed. */
  region(): Promise<string>;
  /** Where this server reaches the bucket, as a URL of the bucket itself. */
  readonly address: URL;
  readonly endpoint: URL;
  /** Where browsers reach it; empty when that is no other place. */
  readonly publicEndpoints: readonly URL[];
  /** Ask in the way that the server itself does: what permits it is in the headers. */
  ask(request: RawRequest): Promise<RawAnswer>;
  /** Ask the service above the bucket, such as for a list of buckets. */
  askService(request: RawRequest): Promise<RawAnswer>;
  /** Sign into a URL, as for a browser. */
  presign(endpoint: URL, request: RawRequest): Promise<string>;
  /** Send to a URL exactly this. */
  send(url: string, request: Omit<RawRequest, "key" | "query">): Promise<RawAnswer>;
  /** The URL of a key, without any permission. */
  urlOf(endpoint: URL, key: string): string;
}

/** A folder on disk. */
export interface FolderSubject extends Examined {
  readonly kind: "folder";
  /** Its real path. */
  readonly folder: string;
  /** The store's own folder inside it, which no path reaches. */
  readonly hidden: string;
  /** Open a store of the same kind on another folder. */
  open(folder: string): Promise<Store & Files>;
}

/** What is examined, and by which checks. */
export type Subject = BucketSubject | FolderSubject;

/** A store that can be examined. */
export interface ExaminedStore {
  readonly subject: Subject;
}
