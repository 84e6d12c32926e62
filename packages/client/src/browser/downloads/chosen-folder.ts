/** A folder that somebody chose to download into: a tree of files grows in it, and nothing that is there is touched. */

import { Crc64, isTransferError, type PartDigest, TransferError } from "@naru/core";
import { newPart, onDisk, partOf, renamed } from "./disk.ts";

/** What a file is compared by. */
export interface Expected {
  readonly size: number;
  readonly etag: string;
  readonly crc64: string | undefined;
}

/** Where a file goes: the folder that holds it, which is made, and a name that the disk can have. */
export interface Target {
  readonly folder: FileSystemDirectoryHandle;
  readonly name: string;
}

/** Find the place of `to`, a path below the chosen folder, and make the folders on the way. */
export async function targetIn(root: FileSystemDirectoryHandle, to: string): Promise<Target> {
  const names = to.split("/").filter((name) => name !== "");
  const last = names.pop() ?? "_";
  let folder = root;
  for (const name of names) folder = await child(name, (one) => folder.getDirectoryHandle(one, { create: true }));
  // Only asked whether it may be called so: it need not be there.
  const { name } = await child(last, async (one) => {
    await folder.getFileHandle(one).catch(unlessMissing);
    return { name: one };
  });
  return { folder, name };
}

/** The file that has this name already, if there is one. */
export async function fileIn({ folder, name }: Target): Promise<File | undefined> {
  const handle = await folder.getFileHandle(name).catch(unlessMissing);
  return handle?.getFile();
}

/** Whether a file on the disk has the bytes that the server's has; `undefined` where nobody knows a checksum of those. */
export async function isSame(
  file: File,
  { size, etag, crc64 }: Expected,
  digest: (file: Blob) => Promise<PartDigest>,
): Promise<boolean | undefined> {
  if (file.size !== size) return false;
  if (size === 0) return true;
  const isMd5 = /^[0-9a-f]{32}$/.test(etag);
  if (crc64 === undefined && !isMd5) return undefined;
  const found = await digest(file);
  // An etag of this form need not be an MD5: only that they are equal says something.
  return crc64 === undefined ? found.md5 === etag || undefined : found.crc64 === crc64;
}

/** The name itself if it is free, else "name (2).ext" and so on. */
export async function freeTarget({ folder, name }: Target): Promise<Target> {
  const dot = name.lastIndexOf(".");
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
  for (let count = 1; ; count++) {
    const free = { folder, name: count === 1 ? name : `${stem} (${count})${ending}` };
    if (!(await isTaken(free))) return free;
  }
}

async function isTaken({ folder, name }: Target): Promise<boolean> {
  try {
    await folder.getFileHandle(name);
    return true;
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotFoundError") return false;
    if (error instanceof DOMException && error.name === "TypeMismatchError") return true;
    throw error;
  }
}

/** Copy what has been fetched whole into the folder: read back from the disk, so that its checksum is that of what lies there. */
export async function copyInto(
  { folder, name }: Target,
  fetched: Blob,
  { crc64, signal }: { readonly crc64: string; readonly signal: AbortSignal },
): Promise<void> {
  const part = await newPart(folder, name);
  try {
    const crc = new Crc64();
    const check = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        crc.update(chunk);
        controller.enqueue(chunk);
      },
      flush() {
        if (crc.hex() === crc64) return;
        throw new TransferError(
          "checksum-mismatch",
          `Cannot copy "${name}": the disk gives other bytes than were written`,
        );
      },
    });
    const to = await part.createWritable();
    await onDisk(name, () => fetched.stream().pipeThrough(check).pipeTo(to, { signal }));
    await renamed(part, { folder, name });
  } catch (error) {
    await folder.removeEntry(partOf(name)).catch(() => undefined);
    throw error;
  }
}

/** Open an entry; a name that this disk cannot have is made one that it can. */
async function child<T>(name: string, open: (name: string) => Promise<T>): Promise<T> {
  try {
    return await open(name);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // What a disk refuses in a name, and endings by which it would run the file.
    const plain = name.replaceAll(/[\\/:*?"<>|\p{Cc}]/gu, "_").replace(/^\.+$|[. ]+$/u, "_");
    return open(plain === name ? `${name}_` : plain).catch((cause: unknown) => {
      if (isTransferError(cause)) throw cause;
      throw new TransferError("invalid", `Cannot write "${name}": the disk takes no such name`, { cause });
    });
  }
}

function unlessMissing(error: unknown): undefined {
  const isMissing =
    error instanceof DOMException && (error.name === "NotFoundError" || error.name === "TypeMismatchError");
  if (!isMissing) throw error;
}
