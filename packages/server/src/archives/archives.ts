import type { AccountStore } from "../catalogue/account-store.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Rights } from "../catalogue/rights.ts";
import { Archive } from "./archive.ts";
import { archiveTree } from "./archive-tree.ts";

/** What an archive is asked of. */
export interface ArchiveRequest {
  readonly account: string;
  readonly paths: readonly string[];
  readonly zoneMinutes: number;
  /** Whether it goes on with one that was asked for a while ago. */
  readonly resumes: boolean;
  /** The tags that it may have, where the request says. */
  readonly tags?: string | undefined;
}

export interface ArchiveAccess {
  readonly files: AccountStore;
  readonly rights: Rights;
  readonly signal: AbortSignal;
}

interface Kept {
  readonly archive: Promise<Archive>;
  readonly at: number;
}

/** How long a range is read of an archive as it was found before; then the folders are listed anew. */
const keptMs = 10 * 60_000;
/** Entries of all archives that are kept; the one asked for last is kept whatever its size. */
const keptEntries = 100_000;

/** The archives that were asked for, kept a while for those who resume them, or read several ranges at once. */
export class Archives {
  readonly #catalogue: Catalogue;
  readonly #now: () => number;
  /** In the order of the latest request. */
  readonly #kept = new Map<string, Kept>();

  constructor(catalogue: Catalogue, { now }: { readonly now: () => number }) {
    this.#catalogue = catalogue;
    this.#now = now;
  }

  /** @throws {TransferError} `not-found`; `forbidden`; `too-large` */
  async open(request: ArchiveRequest, access: ArchiveAccess): Promise<Archive> {
    // Rights that are not all may differ from one token to the next, and end.
    if (!access.rights.areAll) return this.#make(request, access);
    const key = keyOf(request);
    const kept = this.#kept.get(key);
    // Whoever asked first may have left before it was made.
    if (kept && request.resumes && (await this.#isMeant(kept, request).catch(() => false))) return kept.archive;
    const making = this.#makeAgain(request, access, kept?.archive);
    this.#keep(key, { archive: making, at: this.#now() });
    try {
      return await making;
    } catch (error) {
      if (this.#kept.get(key)?.archive === making) this.#kept.delete(key);
      throw error;
    }
  }

  /** List the folders anew when it is asked for again: a file in it is no longer what it was. */
  drop(request: ArchiveRequest): void {
    this.#kept.delete(keyOf(request));
  }

  /** Its files are compared when they are read; so a tag says enough, whatever time has passed. */
  async #isMeant({ archive, at }: Kept, { tags }: ArchiveRequest): Promise<boolean> {
    const { etag } = await archive;
    return tags === undefined ? this.#now() - at < keptMs : tags.includes(etag);
  }

  /** The one that was kept, if nothing has changed: it knows what was read already. */
  async #makeAgain(
    request: ArchiveRequest,
    access: ArchiveAccess,
    kept: Promise<Archive> | undefined,
  ): Promise<Archive> {
    const made = await this.#make(request, access);
    const former = await kept?.catch(() => undefined);
    return former?.etag === made.etag ? former : made;
  }

  async #make({ paths, zoneMinutes }: ArchiveRequest, access: ArchiveAccess): Promise<Archive> {
    const { facts } = this.#catalogue;
    const entries = await archiveTree(paths, { ...access, facts });
    return new Archive(entries, { facts, zoneMinutes });
  }

  #keep(key: string, kept: Kept): void {
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    void this.#forgetOldest();
  }

  async #forgetOldest(): Promise<void> {
    let entries = 0;
    for (const [key, { archive }] of [...this.#kept].toReversed()) {
      const made = await archive.catch(() => undefined);
      const before = entries;
      entries += made?.layout.entries.length ?? 0;
      if (before > 0 && entries > keptEntries && this.#kept.get(key)?.archive === archive) this.#kept.delete(key);
    }
  }
}

function keyOf({ account, paths, zoneMinutes }: ArchiveRequest): string {
  return JSON.stringify([account, zoneMinutes, ...paths]);
}
