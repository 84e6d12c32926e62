import { concernsFolder, type StoredFile, type WireEvent } from "@naru/core";
import type { FileEvent } from "../catalogue/file-events.ts";
import type { FileFacts } from "../catalogue/file-facts.ts";
import type { Rights } from "../catalogue/rights.ts";

export type PositionedEvent = WireEvent & Pick<FileEvent, "position">;

export interface EventFilter {
  /** Empty, or a folder with its final `/`. */
  readonly folder: string;
  readonly rights: Rights;
}

interface Change extends Pick<FileEvent, "path" | "from"> {
  readonly kind: WireEvent["kind"];
}

/** The events that a caller asked for and may see, as the wire has them. */
export async function toWireEvents(
  events: readonly FileEvent[],
  { folder, rights }: EventFilter,
  facts: Pick<FileFacts, "mergeAll">,
): Promise<readonly PositionedEvent[]> {
  const shown = events.flatMap((event) => {
    const change = changeOf(event);
    const seen = change && shownTo(change, rights);
    return seen && concernsFolder(seen, folder) ? [{ event, change: seen }] : [];
  });
  const files = await facts.mergeAll(shown.flatMap(({ event }) => fileOf(event) ?? []));
  const modified = new Map(files.map((file) => [`${file.etag} ${file.path}`, file.modified]));
  return shown.map(({ event, change }) => {
    const { at, by, etag, position, size } = event;
    const { kind, path, from } = change;
    const content =
      kind === "removed" ? {} : { size, etag, modified: modified.get(`${etag} ${event.path}`)?.toISOString() };
    return { position, kind, path, from, ...content, account: by.account, door: by.door, at: at.toISOString() };
  });
}

/** Uploads that begin or fail have changed no file. */
function changeOf({ entry, from, kind, path }: FileEvent): Change | undefined {
  if (kind === "begun" || kind === "failed") return undefined;
  const named = (one: string): string => (entry === "folder" ? `${one}/` : one);
  return { kind, path: named(path), from: from === undefined ? undefined : named(from) };
}

/** What moves to where the caller may not look is gone for it, and what comes from there has arrived. */
function shownTo(change: Change, rights: Rights): Change | undefined {
  const { from, kind, path } = change;
  const isShown = rights.shows(path);
  if (from === undefined || kind !== "moved") return isShown ? change : undefined;
  const wasShown = rights.shows(from);
  if (isShown) return wasShown ? change : { kind: "arrived", path, from: undefined };
  return wasShown ? { kind: "removed", path: from, from: undefined } : undefined;
}

function fileOf({ at, entry, etag, kind, path, size }: FileEvent): StoredFile | undefined {
  if (entry !== "file" || kind === "removed" || etag === undefined || size === undefined) return undefined;
  return { path, etag, size, modified: at };
}
