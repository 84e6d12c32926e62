import { concernsFolder, type WireEvent } from "@naru/core";
import { fileEntry, folderEntry, type ListedEntry } from "./entry.ts";
import type { FilesModel } from "./files-model.ts";
import { SharedEvents } from "./shared-events.ts";

/** What comes together is shown together. */
const flushMs = 100;
/** A folder this large is not listed twice for the sake of what may have happened in between. */
const mostListedAgain = 5000;

/** Follows what any person and any door adds, moves and removes in the folder shown. */
export class LiveChanges {
  readonly #model: FilesModel;
  #shared: SharedEvents | undefined;
  #events: WireEvent[] = [];
  #flushing: ReturnType<typeof setTimeout> | undefined;

  constructor(model: FilesModel) {
    this.#model = model;
  }

  /** Follow from now on; the folder may change meanwhile. */
  follow(): void {
    const { api, isConnected } = this.#model.host;
    // A stream says who asks by its cookie alone.
    if (api === undefined || api.auth.kind !== "cookie" || !isConnected) return;
    this.#shared ??= new SharedEvents({
      origin: api.origin,
      onChange: (event) => this.#heard(event),
      onGap: (gap) => this.#listAgain(gap),
    });
    this.#shared.wake();
  }

  close(): void {
    this.#shared?.close();
    this.#shared = undefined;
  }

  /** What happened while the list was asked for, and before the stream began, is in neither. */
  #listAgain(gap: "possible" | "certain"): void {
    const { contents } = this.#model;
    const isWorthIt = contents.state === "ready" && contents.listing.size <= mostListedAgain;
    if (gap === "certain" || isWorthIt) void contents.refresh();
  }

  #heard(event: WireEvent): void {
    if (!concernsFolder(event, this.#model.host.folder)) return;
    this.#events.push(event);
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
}
