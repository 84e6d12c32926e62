import type { WireFile } from "@naru/core";

/** A file or a folder; the path of a folder ends in `/`. */
export interface Entry {
  readonly kind: "file" | "folder";
  readonly path: string;
  readonly name: string;
  /** Of a folder that stays as it is: it is a store of its own, or one is mounted below it. */
  readonly mount?: "store" | "above" | undefined;
}

/** An entry as a list shows it. */
export interface ListedEntry extends Entry {
  /** What it is ordered and found by: its name, composed and in lower case. */
  readonly key: string;
  /** Bytes of a file. */
  readonly size: number;
  /** When a file was last changed, in milliseconds since 1970; 0 of a folder. */
  readonly time: number;
}

/** What a file is in a list. */
export function fileEntry({ path, size, modified }: Pick<WireFile, "path" | "size" | "modified">): ListedEntry {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return { kind: "file", path, name, key: keyOf(name), size, time: Date.parse(modified) };
}

/** What a folder is in a list; its path ends in `/`. */
export function folderEntry(path: string, mount?: ListedEntry["mount"]): ListedEntry {
  const name = path.slice(path.lastIndexOf("/", path.length - 2) + 1, -1);
  return { kind: "folder", path, name, key: keyOf(name), size: 0, time: 0, mount };
}

/** The folder that something is in: "" or "a/b/". */
export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/", path.length - 2) + 1);
}

/** What names are compared by, so that macOS's spelling of Hangul is found and case is not minded. */
export function keyOf(name: string): string {
  return name.normalize().toLowerCase();
}
