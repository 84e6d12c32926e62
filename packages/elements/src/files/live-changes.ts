import { decodeEvent, type WireEvent } from "@naru/core";
import { fileEntry, folderEntry, type ListedEntry } from "./entry.ts";
import type { FilesModel } from "./files-model.ts";

/** What comes together is shown together. */
const flushMs = 100;
/** A page that nobody looks at for so long gives its connection back; it asks for what it missed when it is looked at. */
const hiddenMs = 60_000;
const retryMs = 30_000;
/** A folder this large is not listed twice for the sake of what may have happened in between. */
const mostListedAgain = 5000;

/** Follows what any person and any door adds, moves and removes in the folder shown. */
export class LiveChanges {
  readonly #model: FilesModel;
  #source: EventSource | undefined;
  #folder: string | undefined;
  /** The last event that was heard of. */
  #last: string | undefined;
  #events: WireEvent[] = [];
  #flushing: ReturnType<typeof setTimeout> | undefined;
  #waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(model: FilesModel) {
    this.#model = model;
  }

  /** Follow the folder that is shown now, from what was heard last. */
  follow(): void {
    const { api, folder, isConnected } = this.#model.host;
    if (this.#folder === folder && this.#source !== undefined) return;
    this.close();
    // A stream says who asks by its cookie alone.
    if (api === undefined || api.auth.kind !== "cookie" || !isConnected) return;
    this.#folder = folder;
    document.addEventListener("visibilitychange", this.#seen);
    const query = new URLSearchParams({ folder });
    if (this.#last !== undefined) query.set("after", this.#last);
    const source = new EventSource(`${api.origin}/api/events?${query}`);
    this.#source = source;
    source.addEventListener("ready", (event) => this.#ready(event.lastEventId));
    source.addEventListener("reset", (event) => {
      this.#last = event.lastEventId;
      void this.#model.contents.refresh();
    });
    source.addEventListener("change", (event) => this.#heard(event));
    source.addEventListener("error", () => {
      // Others it mends itself.
      if (source.readyState === EventSource.CLOSED) this.#again();
    });
  }

  close(): void {
    document.removeEventListener("visibilitychange", this.#seen);
    this.#source?.close();
    this.#source = undefined;
    clearTimeout(this.#waiting);
  }

  /** What happened while the list was asked for, and before this was, is in neither. */
  #ready(id: string): void {
    const isFirst = this.#last === undefined;
    this.#last = id;
    const { contents } = this.#model;
    if (isFirst && contents.state === "ready" && contents.listing.size <= mostListedAgain) void contents.refresh();
  }

  #heard(event: MessageEvent<unknown>): void {
    this.#last = event.lastEventId;
    if (typeof event.data !== "string") return;
    this.#events.push(decodeEvent(JSON.parse(event.data), "event"));
    this.#flushing ??= setTimeout(() => this.#flush(), flushMs);
  }

  #flush(): void {
    this.#flushing = undefined;
    const events = this.#events.splice(0);
    const { host, contents } = this.#model;
    const isAbove = (path = ""): boolean => path.endsWith("/") && host.folder.startsWith(path);
    if (events.some(({ kind, path, from }) => (kind === "removed" && isAbove(path)) || isAbove(from))) {
      void contents.open(host.folder);
      return;
    }
    const gone = new Set<string>();
    const come = new Map<string, ListedEntry>();
    for (const { kind, path, from, size, modified, at } of events) {
      const left = kind === "removed" ? path : from;
      if (left !== undefined) {
        gone.add(left);
        come.delete(left);
      }
      if (kind === "removed") continue;
      gone.delete(path);
      come.set(
        path,
        path.endsWith("/") ? folderEntry(path) : fileEntry({ path, size: size ?? 0, modified: modified ?? at }),
      );
    }
    this.#model.drop([...gone]);
    this.#model.put(
      [...come.values()].filter((entry) => !this.#isKnown(entry)),
      "arrived",
    );
  }

  /** What was done here is in the list already. */
  #isKnown({ path, size, kind }: ListedEntry): boolean {
    const known = this.#model.contents.listing.get(path);
    return known !== undefined && (kind === "folder" || known.size === size);
  }

  #again(): void {
    this.#source = undefined;
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => this.follow(), retryMs);
  }

  readonly #seen = (): void => {
    clearTimeout(this.#waiting);
    if (document.visibilityState === "visible") this.follow();
    else
      this.#waiting = setTimeout(() => {
        this.#source?.close();
        this.#source = undefined;
      }, hiddenMs);
  };
}
