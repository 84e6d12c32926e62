import {
  entryPage,
  existingPath,
  type FilePage,
  type StoredFile,
  searchPage,
  toWireFile,
  type WireEntries,
} from "@naru/core";
import { closed, optional, text } from "@naru/core/schema";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { folderEntries } from "../catalogue/folder-entries.ts";
import { searchNames } from "../catalogue/name-search.ts";
import { call } from "./call.ts";
import type { App } from "./fastify.ts";
import { storeOf } from "./folder-routes.ts";
import { clientSignal } from "./request-body.ts";

const tag = "Folders";
const folder = optional(text("A folder, with or without a final `/`; by default all files.", { maxLength: 1024 }));
const cursor = optional(text("Where the last page ended.", { maxLength: 8192 }));

const calls = {
  entries: call("listEntries", "List a folder, thousands of entries a page", {
    tag,
    description:
      "What a page needs to show and sort a folder. A page may hold less than the limit, and does on slow stores.",
    query: closed({
      folder,
      cursor,
      limit: optional(text("Entries of a page, from 1 to 10000. Default 10000.", { pattern: "^[0-9]{1,5}$" })),
    }),
    answers: { 200: entryPage },
  }),
  search: call("searchFiles", "Find files and folders below a folder by name", {
    tag,
    description:
      "A call looks at a limited number of files: while it answers a cursor, there is more to look at, even if it found nothing.",
    query: closed({
      folder,
      name: text("Words that are all to be in the name, in any case.", { minLength: 1, maxLength: 255 }),
      cursor,
      limit: optional(text("A page ends with so many, from 1 to 1000. Default 200.", { pattern: "^[0-9]{1,4}$" })),
    }),
    answers: { 200: searchPage },
  }),
};

const mostEntries = 10_000;
const mostSearched = 20_000;
const patienceMs = 1500;

/** Folders as a page shows them. */
export function entryRoutes(app: App, catalogue: Catalogue): void {
  app.get("/api/entries", { schema: calls.entries }, async (request, reply) => {
    const { cursor: after, limit = String(mostEntries) } = request.query;
    const within = prefixOf(request.query.folder);
    const store = storeOf(catalogue, request);
    const page = await folderEntries(store, within, {
      cursor: after,
      limit: between(1, Number(limit), mostEntries),
      patienceMs,
      signal: clientSignal(request, reply),
    });
    return toWireEntries(within, page, store.mounts);
  });

  app.get("/api/search", { schema: calls.search }, async (request, reply) => {
    const { cursor: after, limit = "200", name } = request.query;
    const store = storeOf(catalogue, request);
    const page = await searchNames(store, {
      folder: prefixOf(request.query.folder),
      name,
      cursor: after,
      limit: between(1, Number(limit), 1000),
      mostFiles: mostSearched,
      patienceMs,
      signal: clientSignal(request, reply),
    });
    const { files, folders, looked, missing } = page;
    const mounts = store.mounts?.filter((mount) => folders.includes(mount)) ?? [];
    return {
      files: files.map(toWireFile),
      folders,
      ...(mounts.length > 0 && { mounts }),
      ...(missing.length > 0 && { missing }),
      looked,
      cursor: page.cursor,
    };
  });
}

/** Read what the paths in a folder begin with. @throws {TransferError} `invalid` */
export function prefixOf(given = ""): string {
  const path = given.replace(/\/$/u, "");
  return path === "" ? "" : `${existingPath(path)}/`;
}

function toWireEntries(
  asked: string,
  { cursor: next, files, folders }: FilePage,
  mounts: readonly string[] = [],
): WireEntries {
  // A folder that was found by another spelling of its name has that one.
  const [first = asked] = [...folders, ...files.map(({ path }) => path)];
  const within = first.startsWith(asked) ? asked : asked.normalize("NFC");
  const nameIn = (path: string): string => path.slice(within.length);
  const column = <T>(fact: (file: StoredFile) => T): readonly T[] => files.map(fact);
  const fixed = folders
    .filter((path) => mounts.some((mount) => mount.startsWith(path)))
    .map((path) => ({ name: nameIn(path).slice(0, -1), isStore: mounts.includes(path) }));
  return {
    folder: within,
    folders: folders.map((path) => nameIn(path).slice(0, -1)),
    ...(fixed.length > 0 && { mounts: fixed }),
    names: column(({ path }) => nameIn(path)),
    sizes: column(({ size }) => size),
    times: column(({ modified }) => Math.trunc(modified.getTime())),
    cursor: next,
  };
}

function between(least: number, value: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
