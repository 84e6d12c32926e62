/** Where downloads lie until they are whole: a folder of the browser's own file system that no other site and no person sees. */

import { type Sink, TransferError } from "@naru/core";
import { randomId } from "../tab-locks.ts";
import { partOf } from "./disk.ts";
import { openOpfsSink } from "./opfs-sink.ts";

const folderName = "naru-downloads";
/** The files of this browser's downloads, each called by its key. */
export class Staging {
  readonly #folder: FileSystemDirectoryHandle;

  private constructor(folder: FileSystemDirectoryHandle) {
    this.#folder = folder;
  }

  /** @throws {TransferError} `unsupported` where the browser keeps no files: in old ones, private windows, and pages that are not served securely */
  static async open(): Promise<Staging> {
    try {
      const root = await navigator.storage.getDirectory();
      return new Staging(await root.getDirectoryHandle(folderName, { create: true }));
    } catch (cause) {
      throw new TransferError("unsupported", "Cannot keep downloads: the browser gives this page no files", { cause });
    }
  }

  /**
   * Find out whether so many bytes fit: what browsers say of their quota is made up, so that nobody is known by it.
   *
   * @throws {TransferError} `no-space` when they do not
   */
  async mustFit(bytes: number): Promise<void> {
    await using probe = await openOpfsSink(this.#folder, `probe-${randomId()}`, bytes);
    await probe.discard();
  }

  sink(key: string, size: number): Promise<Sink> {
    return openOpfsSink(this.#folder, key, size);
  }

  /** What has been fetched whole. */
  async whole(key: string): Promise<File | undefined> {
    const handle = await this.#folder.getFileHandle(key).catch(() => undefined);
    return handle?.getFile();
  }

  /** Remove what is held of a download; nothing is fine. */
  async remove(key: string): Promise<void> {
    await this.#folder.removeEntry(key).catch(() => undefined);
    await this.#folder.removeEntry(partOf(key)).catch(() => undefined);
  }

  /** Remove the files that no download knows of. `known` is asked after they were listed: an entry is made before its file. */
  async sweep(known: () => Promise<ReadonlySet<string>>): Promise<void> {
    const names: string[] = [];
    for await (const name of this.#folder.keys()) names.push(name);
    const keys = await known();
    for (const name of names) {
      const key = name.replace(/\.naru-part$/u, "");
      if (!keys.has(key)) await this.remove(key);
    }
  }
}
