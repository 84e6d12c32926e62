import { createHash } from "node:crypto";
import { type Abortable, type ConflictPolicy, type Files, MiB, renamed, type StoredFile } from "@naru/core";
import type { ClashFiles } from "./clashes.ts";
import { type FileFacts, factsIn } from "./file-facts.ts";
import { datedFile } from "./notes.ts";

/** What is looked for: these bytes, at this path. */
export interface WantedFile {
  readonly path: string;
  readonly size: number;
  readonly md5: string;
  readonly crc64?: string | undefined;
  /** Under `rename` it may also have one of the names that the policy gives. */
  readonly conflict: ConflictPolicy;
}

export interface FindOptions extends Abortable {
  /** Answers what is there, in place of the store. */
  readonly files?: ClashFiles | undefined;
}

/** A file of which no checksum is known is read to take one, up to this size. */
const mostRead = 1 * MiB;
const mostNames = 100;

/** Finds files that are there with the same bytes already. A checksum proves it: name, size and date alone never do. */
export class KnownFiles {
  readonly #store: Files;
  readonly #facts: FileFacts;

  constructor({ store, facts }: { readonly store: Files; readonly facts: FileFacts }) {
    this.#store = store;
    this.#facts = facts;
  }

  /** The file that has the wanted bytes, with its checksum. */
  async find(wanted: WantedFile, { files = this.#store, signal }: FindOptions = {}): Promise<StoredFile | undefined> {
    const names = wanted.conflict === "rename" ? mostNames : 1;
    for (let count = 1; count <= names; count++) {
      const path = count === 1 ? wanted.path : renamed(wanted.path, count);
      const there = await files.stat(path, { signal });
      if (!there) return undefined;
      const same = there.size === wanted.size && (await this.#same(there, wanted, { signal }));
      if (same) return same;
    }
    return undefined;
  }

  async #same(there: StoredFile, wanted: WantedFile, options: Abortable): Promise<StoredFile | undefined> {
    const known = factsIn(await this.#facts.look(there));
    const file = datedFile(there, known);
    const isOther = file.crc64 !== undefined && wanted.crc64 !== undefined && file.crc64 !== wanted.crc64;
    if (isOther) return undefined;
    // A CRC alone is no proof: bytes can be made to have it. A bucket's tag of a file that was written in one call is its
    // MD5; any other tag proves nothing.
    if (file.etag === wanted.md5) return file;
    const md5 = known.md5 ?? (await this.#read(file, options));
    return md5 === wanted.md5 ? file : undefined;
  }

  /** Take the MD5 of a small file, and note it, so that it need not be read again. */
  async #read(file: StoredFile, { signal }: Abortable): Promise<string | undefined> {
    if (file.size > mostRead) return undefined;
    const hash = createHash("md5");
    for await (const chunk of await this.#store.read(file.path, { etag: file.etag, signal })) hash.update(chunk);
    const md5 = hash.digest("hex");
    await this.#facts.add(file, { md5 });
    return md5;
  }
}
