import { type Abortable, decoder, type FilePage, type Files, type StoredFile } from "@naru/core";
import { object, text } from "@naru/core/schema";

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
  /** Folders whose stores do not answer. */
  readonly missing: readonly string[];
}

interface Position {
  readonly cursor: string;
  /** The path that was looked at last: its folders were found before. */
  readonly last: string;
}

const decodePosition = decoder(
  object({ cursor: text("Where the store's page ended."), last: text("The path that was looked at last.") }),
);

/** Find files and folders below a folder by name. A page may be empty though there is another. */
export async function searchNames(files: Pick<Files, "list">, options: SearchOptions): Promise<SearchPage> {
  const { folder, limit, mostFiles, patienceMs, signal } = options;
  const until = performance.now() + patienceMs;
  const look = new Look(options.name, { folder, last: readPosition(options.cursor)?.last });
  const found: StoredFile[] = [];
  const missing: string[] = [];
  const onMissing = (away: string): void => void missing.push(away);
  let next = readPosition(options.cursor)?.cursor;
  do {
    const before = look.count;
    const wanted = (path: string): boolean => look.at(path);
    const asked = { prefix: folder, cursor: next, limit: pageSize, signal, wanted, onMissing };
    const page: FilePage = await files.list(asked);
    // A store that does not ask lists everything.
    if (look.count === before) for (const { path } of page.files) look.at(path);
    found.push(...page.files.filter(({ path }) => look.isMatch(path)));
    next = page.cursor;
  } while (
    next !== undefined &&
    found.length + look.folders.length < limit &&
    look.count < mostFiles &&
    performance.now() < until
  );
  const cursor = next === undefined ? undefined : writePosition({ cursor: next, last: look.last });
  return { files: found, folders: look.folders, looked: look.count, missing, cursor };
}

const pageSize = 2000;

/** Looks at one path after the other. Folders are found by what is in them, and where the store names them; each once. */
class Look {
  readonly folders: string[] = [];
  count = 0;
  last: string;
  readonly #start: number;
  readonly #words: readonly string[];
  readonly #seen = new Set<string>();

  constructor(name: string, { folder, last = folder }: { readonly folder: string; readonly last: string | undefined }) {
    this.#start = folder.length;
    this.#words = plain(name)
      .split(/\s+/u)
      .filter((word) => word !== "");
    this.last = last;
    this.#newAbove(last);
    this.#seen.add(folder);
  }

  /** Whether it is a file that matches. */
  at(path: string): boolean {
    this.count += 1;
    this.last = path;
    for (const folder of this.#newAbove(path)) if (this.isMatch(folder.slice(0, -1))) this.folders.push(folder);
    return !path.endsWith("/") && this.isMatch(path);
  }

  /** Whether all words are in the last name of a path. */
  isMatch(path: string): boolean {
    const name = plain(path.slice(path.lastIndexOf("/") + 1));
    return this.#words.every((word) => name.includes(word));
  }

  /** The folders that a path has, as far as they were not seen before; the outermost first. */
  #newAbove(path: string): readonly string[] {
    const found: string[] = [];
    for (let end = path.lastIndexOf("/") + 1; end > this.#start; end = path.lastIndexOf("/", end - 2) + 1) {
      const folder = path.slice(0, end);
      // Those above it were seen with it.
      if (this.#seen.has(folder)) break;
      this.#seen.add(folder);
      found.push(folder);
    }
    return found.toReversed();
  }
}

/** What people read: whatever the case, and however a Mac or a bucket spells it. */
function plain(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}

function writePosition(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString("base64url");
}

/** `undefined` for what is no cursor of ours: then the search begins anew. */
function readPosition(given: string | undefined): Position | undefined {
  if (given === undefined) return undefined;
  try {
    return decodePosition(JSON.parse(Buffer.from(given, "base64url").toString()));
  } catch {
    return undefined;
  }
}
