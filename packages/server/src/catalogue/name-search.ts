import type { Abortable, FilePage, Files, StoredFile } from "@naru/core";

/** What is looked for, and how much may be looked at. */
export interface SearchOptions extends Abortable {
  /** Words that are all to be in the name, in any case and spelling. */
  readonly name: string;
  /** Empty, or a folder with its final `/`. */
  readonly folder: string;
  readonly cursor?: string | undefined;
  /** Once so many are found, a page ends. */
  readonly limit: number;
  /** Once so many files were looked at, a page ends. */
  readonly mostFiles: number;
  /** After so long a page ends. */
  readonly patienceMs: number;
}

export interface SearchPage extends FilePage {
  /** How many files were looked at. */
  readonly looked: number;
}

interface Position {
  readonly cursor: string;
  /** The path that was looked at last: its folders were found before. */
  readonly last: string;
}

/** Find files and folders below a folder by name. A page may be empty though there is another. */
export async function searchNames(files: Pick<Files, "list">, options: SearchOptions): Promise<SearchPage> {
  const { folder, limit, mostFiles, patienceMs, signal } = options;
  const until = performance.now() + patienceMs;
  const isMatch = matcher(options.name);
  const position = readPosition(options.cursor);
  const seen = new FoldersSeen(folder, position?.last);
  const found: StoredFile[] = [];
  const folders: string[] = [];
  let last = position?.last ?? "";
  let looked = 0;
  let next = position?.cursor;
  do {
    const page: FilePage = await files.list({ prefix: folder, cursor: next, limit: 1000, signal });
    for (const file of page.files) {
      if (isMatch(nameOf(file.path))) found.push(file);
      folders.push(...seen.newAbove(file.path).filter((path) => isMatch(nameOf(path.slice(0, -1)))));
    }
    looked += page.files.length;
    last = page.files.at(-1)?.path ?? last;
    next = page.cursor;
  } while (
    next !== undefined &&
    found.length + folders.length < limit &&
    looked < mostFiles &&
    performance.now() < until
  );
  return {
    files: found,
    folders,
    looked,
    cursor: next === undefined ? undefined : writePosition({ cursor: next, last }),
  };
}

/** Compare by what people read: whatever the case, and however a Mac or a bucket spells it. */
function matcher(text: string): (name: string) => boolean {
  const words = plain(text)
    .split(/\s+/u)
    .filter((word) => word !== "");
  return (name) => {
    const own = plain(name);
    return words.every((word) => own.includes(word));
  };
}

function plain(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Folders are found by the files in them; each is found once. */
class FoldersSeen {
  readonly #start: number;
  readonly #seen = new Set<string>();

  constructor(folder: string, last: string | undefined) {
    this.#start = folder.length;
    if (last !== undefined) this.newAbove(last);
  }

  /** The folders that a file lies in, as far as they were not seen before. */
  newAbove(path: string): readonly string[] {
    const found: string[] = [];
    for (let slash = path.lastIndexOf("/"); slash >= this.#start; slash = path.lastIndexOf("/", slash - 1)) {
      const folder = path.slice(0, slash + 1);
      // Those above it were seen with it.
      if (this.#seen.has(folder)) break;
      this.#seen.add(folder);
      found.push(folder);
      if (slash === 0) break;
    }
    return found.toReversed();
  }
}

function writePosition(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString("base64url");
}

/** `undefined` for what is no cursor of ours: then the search begins anew. */
function readPosition(text: string | undefined): Position | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
    const { cursor, last } = value as Partial<Record<keyof Position, unknown>>;
    return typeof cursor === "string" && typeof last === "string" ? { cursor, last } : undefined;
  } catch {
    return undefined;
  }
}
