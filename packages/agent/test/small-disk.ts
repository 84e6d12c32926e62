/** A real disk that is small: it can be filled, and taken away. */

import { execFileSync } from "node:child_process";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { KiB, MiB } from "@naru/core";
import { needs } from "../../../test/peers/needs.ts";

needs("root");

/** Mount a disk of its own at `folder`, which is there. */
export function mountDisk(folder: string, { sizeMiB }: { readonly sizeMiB: number }): void {
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${sizeMiB}m,mode=700`, "tmpfs", folder]);
}

/** Take the disk away, also from a process that is about to end. */
export function unmountDisk(folder: string): void {
  execFileSync("umount", ["--lazy", folder]);
}

/** Take all room that the disk has left; what is returned gives it back. */
export async function fillDisk(disk: string): Promise<() => Promise<void>> {
  const others = join(disk, "others");
  await using file = await open(others, "w");
  for (let size = MiB; size >= 4 * KiB; size /= 16) await writeUntilFull(file, Buffer.alloc(size, 1));
  return () => rm(others);
}

async function writeUntilFull(file: Awaited<ReturnType<typeof open>>, bytes: Buffer): Promise<void> {
  try {
    for (;;) await file.write(bytes);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
  }
}

/** Let the disk be at another folder, with all that is on it. */
export function moveDisk(from: string, to: string): void {
  // A disk below a shared one cannot be moved, but bound elsewhere and taken away here.
  execFileSync("mount", ["--bind", from, to]);
  unmountDisk(from);
}
