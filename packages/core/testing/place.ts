/**
 * What the rules of the suites work with: a store that was opened, and files made of a pattern.
 *
 * @module
 */

import { expect } from "vitest";
import { crc64 } from "../src/crc64.ts";
import type { FailureCode } from "../src/errors.ts";
import { isTransferError } from "../src/errors.ts";
import { choosePartSize, planParts } from "../src/plan.ts";
import type { Body, Files, Part, PartDigest, Receipt, Store, Upload, UploadSpec } from "../src/store.ts";
import { md5 } from "./md5.ts";

/** What a suite runs against; what is opened is disposed at its end. */
export interface Opened {
  readonly store: Store;
  /** The files of the store, or another view of them: the rules read what has arrived. */
  readonly files: Files;
  /** Where the suite puts its files: `""`, or a folder with its final `/`. */
  readonly folder?: string | undefined;
  /** Opens the same place once more, as another process would. */
  readonly reopen?: (() => Promise<Store>) | undefined;
  /**
   * Puts a file there as another program would, past the contract; false for a name that no file can have there. Absent
   * where nobody else writes.
   */
  readonly plant?: ((path: string, bytes: Uint8Array<ArrayBuffer>) => Promise<boolean>) | undefined;
  /** Which writes under `onlyNew` it compares in the same instant as it writes; none by default. */
  readonly compares?: readonly ("complete" | "put")[] | undefined;
  /** Opens the same place with parts of one byte, for more of them than a page of a listing has. */
  readonly manyParts?: (() => Promise<Store>) | undefined;
  readonly [Symbol.asyncDispose]?: (() => Promise<void>) | undefined;
}

/** Rules that a store breaks and optional members that it lacks, by name, with the reason. */
export type Deviations = Readonly<Record<string, string>>;

/** An upload of a patterned file, its plan and its bytes. */
export interface Sample {
  readonly upload: Upload;
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly parts: readonly Part[];
}

/** A rule by its sentence. */
export type Rules = Readonly<Record<string, (place: Place) => Promise<void>>>;

/** What a store may lack, with the rules for those that have it. */
export interface OptionalMember {
  readonly isPresent: (place: Place) => boolean | Promise<boolean>;
  readonly rules: Rules;
}

export type OptionalMembers = Readonly<Record<string, OptionalMember>>;

/** One opened store, as the rules see it. */
export class Place {
  readonly opened: Opened;
  readonly folder: string;
  readonly #uploads: Upload[] = [];
  #named = 0;

  constructor(opened: (Store & Files) | Opened) {
    this.opened = "store" in opened ? opened : { store: opened, files: opened };
    this.folder = `${this.opened.folder ?? ""}suite-${crypto.randomUUID().slice(0, 8)}`;
  }

  get files(): Files {
    return this.opened.files;
  }

  get store(): Store {
    return this.opened.store;
  }

  /** The smallest part that is worth a test. */
  get partSize(): number {
    return Math.max(this.store.limitsFor(this.folder).minPartSize, 4096);
  }

  /** Sizes around part borders: `parts` whole parts and `more` bytes. */
  sizeOf(parts: number, more = 0): number {
    return parts * this.partSize + more;
  }

  path(name = "file.bin"): string {
    this.#named += 1;
    return `${this.folder}/${this.#named}/${name}`;
  }

  async begin(
    size: number,
    path: string = this.path(),
    seed = 1,
    facts: Pick<UploadSpec, "type" | "modified"> = { type: "application/octet-stream" },
  ): Promise<Sample> {
    const partSize = choosePartSize(size, this.store.limitsFor(path), this.partSize);
    const upload = await this.store.create({ path, size, partSize, ...facts });
    this.#uploads.push(upload);
    const parts = planParts(size, upload.spec.partSize ?? partSize, this.store.limitsFor(path));
    return { upload, path, bytes: pattern(size, seed), parts };
  }

  async whole(size: number, path?: string, seed?: number): Promise<Sample> {
    const sample = await this.begin(size, path, seed);
    for (const part of sample.parts) await put(sample, part);
    await sample.upload.complete({ digests: digestsOf(sample) });
    return sample;
  }

  /** Expect a file to hold these bytes. */
  async expectFile(path: string, bytes: Uint8Array): Promise<void> {
    const held = await collect(await this.files.read(path));
    expect(held.length).toBe(bytes.length);
    expect(crc64(held)).toBe(crc64(bytes));
  }

  async expectNoFile(path: string): Promise<void> {
    expect(await this.files.stat(path)).toBeUndefined();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Best effort: an upload that cannot be aborted here expires at the store.
    for (const upload of this.#uploads) await upload.abort().catch(() => undefined);
    const page = await this.files.list({ prefix: `${this.folder}/` }).catch(() => undefined);
    for (const file of page?.files ?? []) await this.files.remove(file.path).catch(() => undefined);
    await this.opened[Symbol.asyncDispose]?.();
  }
}

/** Bytes that differ from place to place, from seed to seed. */
export function pattern(size: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) bytes[i] = (i * 31 + (i >> 8) * 7 + (i >> 16) * 13 + seed * 101) & 255;
  return bytes;
}

export function bodyOf(sample: Sample, part: Part): Blob {
  return new Blob([sample.bytes.subarray(part.offset, part.offset + part.size)]);
}

export function digestOf(bytes: Uint8Array): PartDigest {
  return { md5: md5(bytes), crc64: crc64(bytes) };
}

export function digestsOf({ bytes, parts }: Sample): ReadonlyMap<number, PartDigest> {
  return new Map(parts.map((part) => [part.number, digestOf(bytes.subarray(part.offset, part.offset + part.size))]));
}

/** Put one part of a sample with its digest. */
export async function put(sample: Sample, part: Part | undefined): Promise<Receipt> {
  if (part === undefined) throw new Error("the plan has fewer parts than the rule needs");
  const digest = digestOf(sample.bytes.subarray(part.offset, part.offset + part.size));
  return sample.upload.put(part, bodyOf(sample, part), { digest });
}

/** A body that says one size and yields other bytes. */
export function lyingBody(size: number, bytes: Uint8Array<ArrayBuffer>): Body {
  return { size, stream: () => new Blob([bytes]).stream() };
}

/** A body of chunks: where its reader allows that, each is in the memory of the last but one. */
export function chunkedBody(bytes: Uint8Array<ArrayBuffer>): Body {
  const size = 1000;
  return {
    size: bytes.length,
    stream: () => new Blob([bytes]).stream(),
    *chunks({ reuse = false } = {}) {
      const buffers = [new Uint8Array(size), new Uint8Array(size)] as const;
      for (let at = 0; at < bytes.length; at += size) {
        const piece = bytes.subarray(at, at + size);
        const buffer = reuse ? buffers[(at / size) % 2 === 0 ? 0 : 1] : new Uint8Array(size);
        buffer.fill(0);
        buffer.set(piece);
        yield buffer.subarray(0, piece.length);
      }
    },
  };
}

/** Expect a failure with one of these codes. */
export async function expectFailure(promise: Promise<unknown>, ...codes: readonly FailureCode[]): Promise<void> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason ?? "nothing",
  );
  if (!isTransferError(error)) throw new Error(`expected a TransferError ${codes.join(" or ")}`, { cause: error });
  expect(codes).toContain(error.code);
}

export async function collect(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** The part of a plan with this number. */
export function partOf({ parts }: Pick<Sample, "parts">, number: number): Part {
  const part = parts[number - 1];
  if (part === undefined) throw new Error("the plan has fewer parts than the rule needs");
  return part;
}

/** What the store was said to have. @throws when it has not */
export function present<T>(member: T | undefined, name: string): T {
  if (member === undefined) throw new Error(`it has no ${name}: declare that, with the reason`);
  return member;
}

/** Paths below a prefix, as pages of one entry show them. */
export async function walk(files: Files, prefix: string, delimiter: "/" | undefined): Promise<readonly string[]> {
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await files.list({ prefix, limit: 1, cursor, delimiter });
    const items = [...page.files.map((file) => file.path), ...page.folders];
    expect(items.length).toBeLessThanOrEqual(1);
    seen.push(...items.map((item) => item.slice(prefix.length)));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return seen;
}
