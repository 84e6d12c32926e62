import { type Abortable, type ConflictPolicy, isTransferError, type StoredFile } from "@naru/core";
import type { ArrivedChange } from "./change-journal.ts";
import type { Changes } from "./changes.ts";
import type { ChangesOptions } from "./changes-options.ts";
import type { ClashFiles } from "./clashes.ts";
import { asideOf, restoreAside } from "./file-aside.ts";
import type { Caller } from "./file-events.ts";
import { type Facts, factsIn } from "./file-facts.ts";
import { datedFile, noteArrived } from "./notes.ts";
import { type PathClaims, taken } from "./path-claims.ts";

/** What the store made of a file, and what is known of it beyond. */
export interface Completed {
  readonly file: StoredFile;
  readonly facts?: Facts | undefined;
}

interface Published extends Completed {
  /** Why it has another name than it was to have. */
  readonly failure?: unknown;
}

/** A file all of whose bytes have come. */
export interface Arriving {
  readonly by: Caller;
  /** Where it is to appear. */
  readonly path: string;
  /** What is to be done when there is a file: `rename` lets it appear under the next free name. */
  readonly conflict: ConflictPolicy;
  /** Its upload, and where the store will make it appear, whatever it is to be called. */
  readonly upload?: (NonNullable<ArrivedChange["upload"]> & { readonly at: string }) | undefined;
  readonly size?: number | undefined;
  readonly facts: Facts;
  /** Where it is put when it cannot be moved on to `path`. */
  readonly otherwise?: string | undefined;
  /** Answers what is there, in place of the store. */
  readonly files?: ClashFiles | undefined;
  /** Asked once more before it appears, while nobody else changes what is there; throws to refuse. */
  readonly check?: (() => Promise<void>) | undefined;
  /** Make the store show it, at the given path or where its upload leads to. */
  readonly complete: (path: string, how: CompleteHow) => Promise<Completed>;
}

/** How a file is made to appear. */
export interface CompleteHow {
  /** It may not replace a file, of another program either: said to the store. */
  readonly onlyNew: boolean;
}

export interface PublishingOptions extends ChangesOptions {
  readonly changes: Changes;
  readonly claims: PathClaims;
}

/**
 * Makes a file appear, for every door in the same steps: its path is held, so that nobody else changes what is there;
 * what stands there is looked at; the store completes it; its facts and its event are noted in one transaction.
 */
export class Publishing {
  readonly #options: PublishingOptions;

  constructor(options: PublishingOptions) {
    this.#options = options;
  }

  /**
   * Make a file appear; its path is in what is returned.
   *
   * @throws {TransferError} `conflict` under `fail` if there is a file; what the store and `check` throw
   */
  async publish(arriving: Arriving, options: Abortable): Promise<StoredFile> {
    const { claims } = this.#options;
    const published = await this.#publishAs(arriving, arriving.path, options);
    if (published) return published;
    for (;;) {
      // Another door took the name since it was claimed; the claim keeps the next one from being taken by our own.
      using next = await claims.claim(arriving.path, "rename", options);
      const renamed = await this.#publishAs(arriving, next.path, options);
      if (renamed) return renamed;
    }
  }

  /** `undefined` if it is to have another name. */
  #publishAs(arriving: Arriving, path: string, options: Abortable): Promise<StoredFile | undefined> {
    const { paths, store } = this.#options;
    const { check, conflict, files = store, upload } = arriving;
    return paths.aloneAtBoth(upload?.at ?? path, path, async () => {
      await check?.();
      if (conflict !== "overwrite" && (await files.stat(path, options))) {
        if (conflict === "fail") throw taken(path);
        return undefined;
      }
      options.signal?.throwIfAborted();
      try {
        return await this.#publishHeld(arriving, path, options);
      } catch (error) {
        // Another program wrote the file in this very moment.
        const isTaken = isTransferError(error) && error.code === "conflict" && (await store.stat(path, options));
        if (conflict !== "rename" || (upload?.at ?? path) !== path || !isTaken) throw error;
        return undefined;
      }
    });
  }

  async #publishHeld(arriving: Arriving, path: string, options: Abortable): Promise<StoredFile> {
    const { changes, facts: ledger, store } = this.#options;
    const { by, facts, size, upload } = arriving;
    const at = upload?.at ?? path;
    // What is written in one call is known by its checksum; where nothing may be replaced, nothing is there.
    const mayReplace = upload && (at !== path || arriving.conflict === "overwrite");
    const inWay = mayReplace ? await store.stat(at, options) : undefined;
    const aside = inWay && at !== path ? asideOf(inWay, factsIn(await ledger.look(inWay))) : undefined;
    const change: ArrivedChange = {
      kind: "arrived",
      entry: "file",
      path,
      at,
      aside,
      upload: upload && { id: upload.id, storeId: upload.storeId },
      size,
      before: inWay?.etag,
      facts,
      by,
    };
    const work = (): Promise<Published> =>
      at === path
        ? arriving.complete(path, { onlyNew: arriving.conflict !== "overwrite" })
        : this.#completeAndMove(arriving, change, inWay);
    const done = await changes.make(change, work, ({ file, facts: more }) =>
      noteArrived({ ...change, path: file.path }, file, this.#options, more),
    );
    if (done.failure !== undefined) throw done.failure;
    return datedFile(done.file, { ...facts, ...done.facts });
  }

  /** Once begun it is done to its end, though the client leaves: meanwhile files are not under their names. */
  async #completeAndMove(
    { complete, otherwise }: Arriving,
    change: ArrivedChange,
    inWay: StoredFile | undefined,
  ): Promise<Published> {
    const { store } = this.#options;
    const { aside, at, path } = change;
    if (aside) await store.move(at, aside.path, { file: inWay });
    try {
      const done = await complete(at, { onlyNew: false });
      try {
        return { ...done, file: await store.move(at, path, { file: done.file }) };
      } catch (failure) {
        if (otherwise === undefined) throw failure;
        return { ...done, file: await store.move(at, otherwise, { file: done.file }), failure };
      }
    } finally {
      if (aside) await restoreAside(change, aside, this.#options);
    }
  }
}
