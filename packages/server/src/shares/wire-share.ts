import { decoder, type GuestField, guestFields, type ShareState, type WireShare } from "@naru/core";
import { list, oneOf, text } from "@naru/core/schema";
import type { ShareRow } from "../database/tables/shares.ts";

const readTypes = decoder(list(text("A type."), "Types."));
const readAsks = decoder(list(oneOf(guestFields, "A field."), "Fields."));

/** What may be sent by a link. */
export function typesOf({ types }: ShareRow): readonly string[] {
  return readTypes(JSON.parse(types));
}

/** What a guest must fill in. */
export function asksOf({ asks }: ShareRow): readonly GuestField[] {
  return readAsks(JSON.parse(asks));
}

/** Whether a link works, and why not. */
export function stateOf({ revoked, expires, max_downloads, downloads }: ShareRow, now: number): ShareState {
  if (revoked !== null) return "revoked";
  if (expires <= now) return "expired";
  return max_downloads !== null && downloads >= max_downloads ? "used-up" : "open";
}

export interface Sent {
  readonly files: number;
  readonly bytes: number;
}

/** Tell its owner of a link. */
export function wireShareOf(row: ShareRow, { files, bytes }: Sent, now: number): WireShare {
  return {
    id: row.id,
    kind: row.kind,
    path: row.path,
    title: row.title,
    note: row.note,
    created: new Date(row.created).toISOString(),
    expires: new Date(row.expires).toISOString(),
    state: stateOf(row, now),
    hasPassword: row.password !== null,
    preview: row.preview === 1,
    maxDownloads: row.max_downloads ?? undefined,
    downloads: row.downloads,
    maxFileSize: row.max_file_size ?? undefined,
    maxBytes: row.max_bytes ?? undefined,
    maxFiles: row.max_files ?? undefined,
    types: typesOf(row),
    asks: asksOf(row),
    senderFolders: row.sender_folders === 1,
    files,
    bytes,
  };
}
