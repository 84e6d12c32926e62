import type { BigIntStats } from "node:fs";
import { lstat, stat } from "node:fs/promises";
import { type StoredFile, TransferError } from "@naru/core";
import type { FoundFile } from "./copy-file.ts";
import type { Arrivals } from "./file-arrival.ts";
import { ifThere } from "./file-error.ts";
import type { RecentFiles } from "./recent-files.ts";

/** Finds the files of a folder on the disk, with what is known of them; notes each as a recent one. */
export class FileFinder {
  readonly #root: Arrivals["root"];
  readonly #facts: Arrivals["facts"];
  readonly #recent: RecentFiles;

  constructor({ root, facts, recent }: Pick<Arrivals, "root" | "facts"> & { readonly recent: RecentFiles }) {
    this.#root = root;
    this.#facts = facts;
    this.#recent = recent;
  }

  async find(path: string): Promise<FoundFile | undefined> {
    const place = await this.#root.find(path);
    const state = place === undefined ? undefined : await ifThere(stat(place, { bigint: true }));
    if (place === undefined || !state?.isFile()) return undefined;
    return this.#foundAt(path, place, state);
  }

  /** Find a file that has to be there. @throws {TransferError} `not-found` */
  async need(path: string, doing: string): Promise<FoundFile> {
    const found = await this.find(path);
    if (found === undefined) throw new TransferError("not-found", `Cannot ${doing} "${path}": there is no such file`);
    return found;
  }

  /** Tell of an entry of a listing; links in it are not followed. */
  async lookAt(path: string, place: string): Promise<StoredFile | undefined> {
    const state = await ifThere(lstat(place, { bigint: true }));
    return state?.isFile() ? (await this.#foundAt(path, place, state)).file : undefined;
  }

  async #foundAt(path: string, place: string, state: BigIntStats): Promise<FoundFile> {
    const known = await this.#facts.look(path, state);
    const found = { place, state, file: { path, size: Number(state.size), modified: state.mtime, ...known } };
    this.#recent.note(found);
    return found;
  }
}
