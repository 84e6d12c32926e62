import type { Mount } from "../catalogue/mount-table.ts";
import type { Log } from "../log.ts";
import { examineStore, type Line, type ReportedCheck, type ReportLanguage, reportOf, verdictOf } from "./doctor.ts";

export interface StoreExaminationsOptions {
  readonly mounts: readonly Mount[];
  readonly uploadDays: number;
  readonly now: () => number;
  readonly log: Log;
}

/** What is known of one store. */
export interface ExaminedMount {
  readonly mount: string;
  readonly profile: string;
  readonly title: string;
  readonly checks: readonly ReportedCheck[];
}

/** The examination that is under way, or the last one. */
export interface ExaminationState {
  readonly running: boolean;
  readonly began?: string | undefined;
  readonly ended?: string | undefined;
  readonly stores: readonly ExaminedMount[];
}

interface Examined {
  readonly mount: Mount;
  readonly lines: Line[];
}

interface Course {
  readonly began: Date;
  ended?: Date;
  readonly stores: Examined[];
}

/** Examines the stores of a server, one after the other and never twice at once, and remembers what was found. */
export class StoreExaminations {
  readonly #options: StoreExaminationsOptions;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #last: Course | undefined;

  constructor(options: StoreExaminationsOptions) {
    this.#options = options;
  }

  /** Begin, unless one is under way. `origins` are where pages come from. */
  begin(origins: readonly string[]): void {
    if (this.#running !== undefined || this.#stop.signal.aborted) return;
    const course: Course = { began: new Date(this.#options.now()), stores: [] };
    this.#last = course;
    this.#running = this.#examine(course, origins)
      // What is stopped was asked to.
      .catch((error: unknown) => {
        if (!this.#stop.signal.aborted) this.#options.log.warn({ err: error }, "cannot examine the stores");
      })
      .finally(() => {
        course.ended = new Date(this.#options.now());
        this.#running = undefined;
      });
  }

  /** What was found so far, in a language. */
  state(language: ReportLanguage): ExaminationState {
    const { began, ended, stores = [] } = this.#last ?? {};
    return {
      running: this.#running !== undefined,
      began: began?.toISOString(),
      ended: ended?.toISOString(),
      stores: stores.map(({ mount, lines }) => {
        const { profile, subject } = mount.store;
        const name = profile?.name ?? (subject?.kind === "folder" ? "file" : "generic");
        const { checks } = reportOf({ profile: name, title: "", lines }, language);
        return { mount: `/${mount.prefix.slice(0, -1)}`, profile: name, title: subject?.title ?? "", checks };
      }),
    };
  }

  /** The last result in a line: its worst, how many of each, and when; it names no store. */
  summary(): string {
    const { ended, stores = [] } = this.#last ?? {};
    if (ended === undefined) return this.#running === undefined ? "not examined yet" : "being examined";
    const lines = stores.flatMap((one) => one.lines);
    const count = (status: Line["status"]): number => lines.filter((line) => line.status === status).length;
    const counts = `failures ${count("failure")}, warnings ${count("warning")}`;
    return `${verdictOf(lines)} at ${ended.toISOString()}: ${counts}`;
  }

  /** Stop; what the one under way has written is removed first. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #examine(course: Course, origins: readonly string[]): Promise<void> {
    const { mounts, uploadDays } = this.#options;
    const { signal } = this.#stop;
    for (const mount of mounts) {
      const lines: Line[] = [];
      course.stores.push({ mount, lines });
      await examineStore(mount.store, { origins, uploadDays, signal, onLine: (line) => void lines.push(line) });
    }
  }
}
