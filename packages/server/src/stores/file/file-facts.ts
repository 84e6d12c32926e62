import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { StoredFile } from "@naru/core";
import { ifThere } from "./file-error.ts";
import type { RootFolder } from "./root-folder.ts";

/** What tells one state of a file on the disk from another. */
export interface FileState {
  readonly size: bigint;
  readonly mtimeNs: bigint;
}

/** What the store learned of a file while it arrived. */
export type FileFacts = Pick<StoredFile, "etag" | "type" | "crc64">;

interface Saved extends FileFacts {
  readonly path: string;
  readonly size: string;
  readonly mtimeNs: string;
}

/** Facts about files, kept beside them. They hold only while size and time of change are what they were. */
export class FactStore {
  readonly #root: RootFolder;

  constructor(root: RootFolder) {
    this.#root = root;
  }

  async save(path: string, state: FileState, facts: FileFacts): Promise<void> {
    const { etag, type, crc64 } = facts;
    const saved: Saved = { path, size: String(state.size), mtimeNs: String(state.mtimeNs), etag, type, crc64 };
    const place = this.#place(path);
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, JSON.stringify(saved));
  }

  /** What is known of the file in this state. A file that changed behind our back is known by size and time alone. */
  async look(path: string, state: FileState): Promise<FileFacts> {
    const saved = decode(await ifThere(readFile(this.#place(path), "utf8")));
    const holds = saved?.path === path && saved.size === String(state.size) && saved.mtimeNs === String(state.mtimeNs);
    if (!holds) return { etag: `${state.size.toString(16)}-${state.mtimeNs.toString(16)}` };
    return { etag: saved.etag, type: saved.type, crc64: saved.crc64 };
  }

  async forget(path: string): Promise<void> {
    await rm(this.#place(path), { force: true });
  }

  #place(path: string): string {
    const name = createHash("sha256").update(path).digest("hex");
    return this.#root.hidden("meta", name.slice(0, 2), `${name.slice(2)}.json`);
  }
}

function decode(text: string | undefined): Saved | undefined {
  if (text === undefined) return undefined;
  try {
    // Only this class writes the file; a torn one does not parse.
    return JSON.parse(text) as Saved;
  } catch {
    return undefined;
  }
}
