import type { StoredFile } from "@naru/core";
import type { ArrivedChange, MadeChange, MovedChange, RemovedChange } from "./change-journal.ts";
import type { ChangesOptions, Note } from "./changes-options.ts";
import type { Facts } from "./file-facts.ts";

type Records = Pick<ChangesOptions, "facts" | "uploads" | "bin" | "now">;

/** Note a file that has arrived: its facts, its event, and what has become of its upload. */
export function noteArrived(
  change: ArrivedChange,
  file: StoredFile,
  { facts, now, uploads }: Pick<Records, "facts" | "now" | "uploads">,
  more: Facts = {},
): Note {
  const { by, path, upload } = change;
  return async (db, report) => {
    const brought = { account: by.account, door: by.door, arrived: now() };
    await facts.replace(file, { ...factsOf(file, { ...change.facts, ...more }), ...brought }, db);
    if (upload?.id !== undefined) await uploads.noteArrived(upload.id, datedFile(file, change.facts), db);
    const { etag, size } = file;
    await report({ kind: "arrived", entry: "file", path, size, etag, by, upload: upload?.id });
  };
}

export function noteMoved(change: MovedChange, file: StoredFile, { bin, facts }: Pick<Records, "bin" | "facts">): Note {
  const { by, from, path } = change;
  return async (db, report) => {
    await facts.forget(from, db);
    await facts.replace(file, factsOf(file, change.facts), db);
    await bin.noteMoved({ entry: "file", from, path, by, size: file.size }, db);
    await report({ kind: "moved", entry: "file", path, from, size: file.size, etag: file.etag, by });
  };
}

export function noteRemoved({ by, path }: RemovedChange, { facts }: Pick<Records, "facts">): Note {
  return async (db, report) => {
    await facts.forget(path, db);
    await report({ kind: "removed", entry: "file", path, by });
  };
}

export function noteFolder({ by, kind, path }: MadeChange | RemovedChange): Note {
  return (_db, report) => report({ kind, entry: "folder", path, by });
}

/** The file with the modification time that its owner gave it, and the checksum that is known. */
export function datedFile(file: StoredFile, { crc64, modified }: Facts): StoredFile {
  const date = typeof modified === "number" ? new Date(modified) : file.modified;
  return { ...file, crc64: file.crc64 ?? crc64 ?? undefined, modified: date };
}

/** The date is noted also where nobody gave one: a bucket lists another than it answers, by fractions of a second. */
function factsOf(file: StoredFile, facts: Facts): Facts {
  const { crc64, modified } = datedFile(file, facts);
  return { ...facts, crc64: crc64 ?? null, modified: modified.getTime() };
}
