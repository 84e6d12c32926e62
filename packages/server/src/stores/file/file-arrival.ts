import { open, rename, stat, utimes } from "node:fs/promises";
import { dirname } from "node:path";
import { type StoredFile, TransferError, type UploadSpec } from "@naru/core";
import { ifThere } from "./file-error.ts";
import type { FactStore, FileFacts } from "./file-facts.ts";
import type { RootFolder } from "./root-folder.ts";

/** Where files appear, and what is known of them. */
export interface Arrivals {
  readonly root: RootFolder;
  readonly facts: FactStore;
  /** Whether a receipt waits until the disk has the bytes. */
  readonly durable: boolean;
}

/** Give a finished, synced file its name: whole, or not at all. What was there is replaced. */
export async function arrive(
  { root, facts, durable }: Arrivals,
  from: string,
  spec: UploadSpec,
  known: FileFacts,
): Promise<StoredFile> {
  if (spec.modified !== undefined) await utimes(from, spec.modified, spec.modified);
  const state = await stat(from, { bigint: true });
  await root.withParents(spec.path, async (place) => {
    await refuseFolder(place, spec.path);
    // Before the name, so that no crash leaves a file whose facts are another's: facts hold for one state only.
    await facts.save(spec.path, state, known);
    await rename(from, place);
    if (durable) await syncFolder(dirname(place));
  });
  return { path: spec.path, size: Number(state.size), modified: state.mtime, ...known };
}

/** @throws {TransferError} `conflict` if a folder has this name */
export async function refuseFolder(place: string, path: string): Promise<void> {
  const there = await ifThere(stat(place));
  if (there?.isDirectory()) {
    throw new TransferError("conflict", `Cannot write "${path}": there is a folder of that name`);
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows does not open folders; NTFS keeps its own journal of names.
  if (process.platform === "win32") return;
  await using handle = await open(folder, "r");
  await handle.sync();
}
