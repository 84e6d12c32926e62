import type { Abortable, StoredFile } from "@naru/core";
import type { ClashFiles } from "../catalogue/clashes.ts";
import type { FileEvent } from "../catalogue/file-events.ts";

/** What another program does in the store meanwhile is not seen: for no longer than this. */
const rememberedMs = 2000;
const mostPaths = 1000;

/** What stands at a path: `none` is no file, and perhaps a folder. */
export type Standing = { readonly is: "file"; readonly file: StoredFile } | { readonly is: "folder" | "none" };

interface Question {
  readonly path: string;
  isOutdated: boolean;
}

/**
 * What stood at a path a moment ago. Clients that send a folder look at it before each file, and at each file after they have
 * sent it and again after they have dated it: a store would be asked for what its answers have just said.
 */
export class RecentPaths {
  readonly #now: () => number;
  /** The oldest first. */
  readonly #seen = new Map<string, { readonly until: number; readonly standing: Standing }>();
  readonly #questions = new Set<Question>();

  constructor(now: () => number) {
    this.#now = now;
  }

  look(path: string): Standing | undefined {
    const seen = this.#seen.get(path);
    return seen !== undefined && seen.until > this.#now() ? seen.standing : undefined;
  }

  note(path: string, standing: Standing): void {
    this.#seen.delete(path);
    this.#seen.set(path, { until: this.#now() + rememberedMs, standing });
    const [oldest] = this.#seen.keys();
    if (this.#seen.size > mostPaths && oldest !== undefined) this.#seen.delete(oldest);
  }

  /** Remember what an answer says, unless the path changed before it came. */
  async learn<T>(path: string, ask: () => Promise<T>, standingIn: (answer: T) => Standing | undefined): Promise<T> {
    const question: Question = { path, isOutdated: false };
    this.#questions.add(question);
    try {
      const answer = await ask();
      const standing = standingIn(answer);
      if (standing !== undefined && !question.isOutdated) this.note(path, standing);
      return answer;
    } finally {
      this.#questions.delete(question);
    }
  }

  /** Somebody changed something, by whichever door. */
  heard({ entry, from, path }: FileEvent): void {
    const isOf = (other: string): boolean => entry === "folder" || other === path || other === from;
    for (const question of this.#questions) if (isOf(question.path)) question.isOutdated = true;
    // A folder goes with all that is in it.
    if (entry === "folder") this.#seen.clear();
    else for (const gone of [path, from]) if (gone !== undefined) this.#seen.delete(gone);
  }

  /** Tells of clashes as `files` does, and asks it once in a while for what stands above many files. */
  clashes(files: ClashFiles): ClashFiles {
    const { folders } = files;
    const stat = async (path: string, options?: Abortable): Promise<StoredFile | undefined> => {
      const known = this.look(path);
      if (known !== undefined) return known.is === "file" ? known.file : undefined;
      const ask = (): Promise<StoredFile | undefined> => files.stat(path, options);
      return this.learn(path, ask, (file) => (file === undefined ? { is: "none" } : undefined));
    };
    return { stat, ...(folders && { folders }) };
  }
}
