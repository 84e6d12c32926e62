import { mkdir, realpath, rmdir } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { maxPathBytes, TransferError } from "@naru/core";
import { ifThere, systemCode } from "./file-error.ts";

/** The name under the root that belongs to the store: uploads on their way and what is known of files. */
export const hiddenName: string = ".naru";
/** The folder in it whose paths may be used: what was removed, and may be restored. */
const binName = "bin";

const windowsReserved = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what Windows refuses
const windowsForbidden = /[<>:"|?*\\\u0000-\u001f]|[. ]$/;

/**
 * Split a path into names that are safe to join to a folder.
 *
 * @throws {TransferError} `invalid` if it is empty, absolute, climbs, names the store's own folder or cannot be a file's name
 */
export function safeNames(
  path: string,
  { windows = process.platform === "win32" }: { windows?: boolean } = {},
): readonly string[] {
  const names = path.split("/");
  const bad =
    path.includes("\0") ||
    names.some((name) => name === "" || name === "." || name === ".." || Buffer.byteLength(name) > 255) ||
    (names[0]?.toLowerCase() === hiddenName && !isBinned(names)) ||
    (windows && names.some((name) => windowsReserved.test(name) || windowsForbidden.test(name)));
  if (bad)
    throw new TransferError("invalid", `Cannot use the path "${path.replaceAll("\0", "\\0")}": it is not a safe name`);
  return names;
}

/** As `safeNames`, for a file that is to be: also no longer than any store takes. @throws {TransferError} `invalid` */
export function newNames(path: string): readonly string[] {
  if (Buffer.byteLength(path) > maxPathBytes)
    throw new TransferError(
      "invalid",
      `Cannot use the path "${path.slice(0, 100)}…": it is longer than ${maxPathBytes} bytes`,
    );
  return safeNames(path);
}

/** Whether these names lead into the bin. */
export function isBinned(names: readonly string[]): boolean {
  return names[0] === hiddenName && names[1] === binName;
}

/** The folder that a file store may not leave. */
export class RootFolder {
  readonly path: string;

  /** @param path a real path, without symbolic links */
  constructor(path: string) {
    this.path = path;
  }

  /** A place inside the store's own folder. */
  hidden(...names: readonly string[]): string {
    return join(this.path, hiddenName, ...names);
  }

  /**
   * Where `path` is or would be on the disk.
   *
   * @throws {TransferError} `invalid` for an unsafe path, `forbidden` if a symbolic link leads out of the root
   */
  async locate(path: string): Promise<string> {
    const full = join(this.path, ...safeNames(path));
    let parent = dirname(full);
    for (;;) {
      const real = await ifThere(realpath(parent));
      if (real !== undefined) {
        this.#check(real, path);
        return join(real, relative(parent, full));
      }
      parent = dirname(parent);
    }
  }

  /** Where the file at `path` really is, through symbolic links; `undefined` when there is none. */
  async find(path: string): Promise<string | undefined> {
    const real = await ifThere(realpath(await this.locate(path)));
    if (real !== undefined) this.#check(real, path);
    return real;
  }

  /** Make the folders that `path` needs, and run `work` with its place while they are there. */
  async withParents<T>(path: string, work: (place: string) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      await mkdir(dirname(await this.locate(path)), { recursive: true });
      try {
        return await work(await this.locate(path));
      } catch (error) {
        // Someone who removed the last file of a folder may have pruned the folder meanwhile.
        if (systemCode(error) !== "ENOENT" || attempt === 3) throw error;
      }
    }
  }

  /** Remove the folders that `path` was the last file of. */
  async prune(path: string): Promise<void> {
    const names = safeNames(path);
    for (let depth = names.length - 1; depth > 0; depth--) {
      const removed = await rmdir(join(this.path, ...names.slice(0, depth))).then(
        () => true,
        () => false,
      );
      if (!removed) return;
    }
  }

  #check(real: string, path: string): void {
    const inside = real === this.path || real.startsWith(this.path.endsWith(sep) ? this.path : this.path + sep);
    const own = this.hidden();
    const isOwn = (real === own || real.startsWith(own + sep)) && !isBinned(path.split("/"));
    if (!inside || isOwn) {
      throw new TransferError("forbidden", `Cannot use the path "${path}": it leads out of the store's folder`);
    }
  }
}
