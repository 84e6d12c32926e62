import { createHash } from "node:crypto";
import { isFramed, TransferError, ZipLayout, type ZipTimes } from "@naru/core";
import type { FileFacts } from "../catalogue/file-facts.ts";
import type { ArchiveEntry } from "./archive-tree.ts";
import { EntryChecksum } from "./entry-checksum.ts";

const notedAtOnce = 256;

interface FileEntry extends ArchiveEntry {
  readonly path: string;
  readonly etag: string;
}

/**
 * An archive as it was found when it was first asked for: names, sizes and contents. Whoever resumes it gets the same bytes,
 * or an error when a file in it has changed.
 */
export class Archive {
  readonly layout: ZipLayout;
  /** Differs for all that differs in a byte. */
  readonly etag: string;
  readonly #entries: readonly ArchiveEntry[];
  readonly #facts: FileFacts;
  /** Of entries whose CRC-32 was not known before and of which some was read. */
  readonly #checksums = new Map<number, EntryChecksum>();
  /** Of those that were read whole; -1 of the others. */
  readonly #read: Float64Array;
  readonly #unnoted = new Map<number, number>();

  constructor(
    entries: readonly ArchiveEntry[],
    { facts, ...times }: Partial<ZipTimes> & { readonly facts: FileFacts },
  ) {
    this.#entries = entries;
    this.#facts = facts;
    this.#read = new Float64Array(entries.length).fill(-1);
    this.layout = new ZipLayout(entries, times);
    this.etag = etagOf(entries, times);
  }

  /** The file of an entry. */
  fileOf(entry: number): FileEntry {
    const { path, etag, ...rest } = this.#entries[entry] ?? {};
    if (path !== undefined && etag !== undefined && isEntry(rest)) return { ...rest, path, etag };
    throw new TransferError("internal", `Cannot read entry ${entry} of an archive: it is no file`);
  }

  /** The CRC-32 of an entry's file; `undefined` while some of it was not read. */
  crc32Of(entry: number): number | undefined {
    const { crc32, packedCrc32, size } = this.#entries[entry] ?? { size: 0 };
    const known = size === 0 ? 0 : (crc32 ?? packedCrc32 ?? this.#read[entry] ?? -1);
    return known < 0 ? undefined : known;
  }

  /** Whether its bytes are to be counted as they are read. */
  wantsBytes(entry: number): boolean {
    const file = this.#entries[entry];
    return file !== undefined && isFramed(file) && this.crc32Of(entry) === undefined;
  }

  /** What of an entry's file is still to be read for its CRC-32. */
  checksumOf(entry: number): EntryChecksum {
    const known = this.#checksums.get(entry);
    if (known) return known;
    const made = new EntryChecksum(this.#entries[entry]?.size ?? 0);
    this.#checksums.set(entry, made);
    return made;
  }

  /** Count bytes of an entry's file that were read. */
  async addBytes(entry: number, start: number, bytes: Uint8Array): Promise<void> {
    const checksum = this.checksumOf(entry);
    checksum.add(start, bytes);
    if (checksum.whole === undefined) return;
    this.#read[entry] = checksum.whole;
    this.#checksums.delete(entry);
    this.#unnoted.set(entry, checksum.whole);
    if (this.#unnoted.size >= notedAtOnce) await this.note();
  }

  /** Remember what was found out, for other archives. */
  async note(): Promise<void> {
    const found = [...this.#unnoted];
    this.#unnoted.clear();
    const files = found.map(([entry, crc32]) => {
      const { path, etag, size } = this.fileOf(entry);
      return { path, etag, size, crc32: crc32.toString(16).padStart(8, "0") };
    });
    await this.#facts.notePacked(files);
  }
}

function isEntry(rest: Partial<ArchiveEntry>): rest is ArchiveEntry {
  return rest.name !== undefined;
}

function etagOf(entries: readonly ArchiveEntry[], { zoneMinutes = 0 }: Partial<ZipTimes>): string {
  const hash = createHash("sha256").update(`zip 1 ${zoneMinutes}\n`);
  for (const { name, size, etag, modified, crc32 } of entries)
    hash.update(`${JSON.stringify([name, size, etag, modified, crc32])}\n`);
  return hash.digest("base64url").slice(0, 27);
}
