/**
 * The server's calls about files that are there already: copies, the bin, search, details and versions
 * (`docs/protocol.md`).
 *
 * @module
 */

import {
  type Abortable,
  type ConflictPolicy,
  decodeBinItem,
  decodeBinPage,
  decodeDetails,
  decodeFolder,
  decodeFolderDetails,
  decodeSearchPage,
  decodeVersions,
  decodeWireFile,
  type WireBinItem,
  type WireBinPage,
  type WireDetails,
  type WireFile,
  type WireFolderDetails,
  type WireSearchPage,
  type WireVersions,
} from "@naru/core";
import type { MoveOptions } from "./api.ts";
import { type ApiCaller, callerOf, type NaruApiOptions } from "./api-call.ts";

/** What is looked for, and where: below a folder, "" or "a/b/". */
export interface SearchOptions extends Abortable {
  readonly folder: string;
  readonly name: string;
  readonly cursor?: string | undefined;
}

/** Calls that copy or move all that is in a folder answer when it is done. */
const longTimeoutMs = 10 * 60_000;

/** Copies, the bin, search and details, as calls. Paths of folders end with `/`. */
export class FilesApi {
  readonly #caller: ApiCaller;

  constructor(options: NaruApiOptions) {
    this.#caller = callerOf(options);
  }

  /** Copy a file; under `overwrite` what is at `to` is replaced. */
  async copy(from: string, to: string, { conflict, signal }: MoveOptions): Promise<WireFile> {
    const call = { signal, json: { from, to, conflict }, timeoutMs: longTimeoutMs };
    return decodeWireFile(await this.#caller.json("POST", "/api/copy", call));
  }

  /** Copy a folder with all that is in it; folders are never replaced. Gives the path of the copy. */
  async copyFolder(
    from: string,
    to: string,
    { conflict, signal }: Abortable & { readonly conflict: Exclude<ConflictPolicy, "overwrite"> },
  ): Promise<string> {
    const call = { signal, json: { from, to, conflict }, timeoutMs: longTimeoutMs };
    return decodeFolder(await this.#caller.json("POST", "/api/copy", call)).folder;
  }

  /** Put a file or a folder into the bin. @throws {TransferError} `unsupported` where there is none */
  async bin(path: string, options: Abortable = {}): Promise<WireBinItem> {
    const call = { ...options, json: { path }, timeoutMs: longTimeoutMs };
    return decodeBinItem(await this.#caller.json("POST", "/api/bin", call));
  }

  /** List what is in the bin, the last removed first. */
  async listBin({ cursor, signal }: Abortable & { readonly cursor?: string | undefined } = {}): Promise<WireBinPage> {
    const query = cursor === undefined ? "" : `?cursor=${encodeURIComponent(cursor)}`;
    return decodeBinPage(await this.#caller.json("GET", `/api/bin${query}`, { signal }));
  }

  /** Restore an item of the bin; where something else has its name, it gets another. Gives the path that it has. */
  async restore(item: Pick<WireBinItem, "id" | "path">, options: Abortable = {}): Promise<string> {
    const call = { ...options, json: {}, timeoutMs: longTimeoutMs };
    const answer = await this.#caller.json("POST", `/api/bin/${encodeURIComponent(item.id)}/restore`, call);
    return item.path.endsWith("/") ? decodeFolder(answer).folder : decodeWireFile(answer).path;
  }

  /** Remove an item of the bin for good. */
  async removeFromBin(id: string, options: Abortable = {}): Promise<void> {
    await this.#caller.json("DELETE", `/api/bin/${encodeURIComponent(id)}`, { ...options, timeoutMs: longTimeoutMs });
  }

  /** Remove everything in the bin for good. */
  async emptyBin(options: Abortable = {}): Promise<void> {
    await this.#caller.json("DELETE", "/api/bin", { ...options, timeoutMs: longTimeoutMs });
  }

  /** Look for files and folders by name; a page may have found nothing, though there is more to look at. */
  async search({ folder, name, cursor, signal }: SearchOptions): Promise<WireSearchPage> {
    const query = new URLSearchParams({ folder, name });
    if (cursor !== undefined) query.set("cursor", cursor);
    return decodeSearchPage(await this.#caller.json("GET", `/api/search?${query}`, { signal }));
  }

  /** Tell all that is known of a file. */
  async details(path: string, options: Abortable = {}): Promise<WireDetails> {
    return decodeDetails(await this.#caller.json("GET", `/api/details?path=${encodeURIComponent(path)}`, options));
  }

  /** Tell how much is in a folder. */
  async folderDetails(path: string, options: Abortable = {}): Promise<WireFolderDetails> {
    return decodeFolderDetails(
      await this.#caller.json("GET", `/api/details?path=${encodeURIComponent(path)}`, options),
    );
  }

  /** List what a file was, the newest first; nothing where its store keeps no versions. */
  async versions(path: string, options: Abortable = {}): Promise<WireVersions> {
    return decodeVersions(await this.#caller.json("GET", `/api/versions?path=${encodeURIComponent(path)}`, options));
  }

  /** Make a version the file again; what the file is now stays as a version. */
  async restoreVersion(path: string, version: string, options: Abortable = {}): Promise<WireFile> {
    const call = { ...options, json: { path, version }, timeoutMs: longTimeoutMs };
    return decodeWireFile(await this.#caller.json("POST", "/api/versions", call));
  }
}

/** The URL path of a version's bytes. */
export function versionPath(path: string, version: string): string {
  return `/api/versions/content?${new URLSearchParams({ path, version })}`;
}
