/**
 * What is looked at before the first byte of a drop: names, sizes, rights, room and conflicts, in calls of a thousand files.
 * Whatever needs an answer is asked once, before anything is sent; after that nothing stops for a question.
 *
 * @module
 */

import { type Incoming, Turns } from "@naru/client/browser";
import {
  type CheckedFile,
  type CheckedUploads,
  type FailureCode,
  type FileToCheck,
  maxBatchUploads,
  type PathFault,
  pathFault,
} from "@naru/core";
import type { TakenAnswer } from "./language/pre-flight-words.ts";
import { isSystemFile } from "./system-files.ts";

/** A file whose name is taken. */
export interface TakenFile {
  readonly incoming: Incoming;
  readonly checked: CheckedFile;
}

/** A file that cannot be sent, whatever is answered. */
export interface RefusedFile {
  readonly path: string;
  readonly size: number;
  readonly why: PathFault | FailureCode;
}

/** What is asked about. */
export interface PreFlightReport {
  /** Files with nothing against them. */
  readonly clear: number;
  readonly taken: readonly TakenFile[];
  readonly refused: readonly RefusedFile[];
  /** Bytes, where there is not room for all. */
  readonly room?: { readonly needed: number; readonly free: number } | undefined;
}

/** What was answered: for all, and for some paths of their own. */
export interface PreFlightAnswer {
  readonly forAll: TakenAnswer;
  readonly own: ReadonlyMap<string, TakenAnswer>;
}

/** What was left out without a question. */
export interface LeftOut {
  readonly system: readonly string[];
  /** Files that are in the transfers already. */
  readonly sending: number;
}

export interface PreFlightOptions {
  /** The folder they go to: "" or "a/b/". */
  readonly to: string;
  /** @throws {TransferError} where the server cannot be asked */
  readonly check: (files: readonly FileToCheck[]) => Promise<CheckedUploads>;
  /** `undefined` is an answer too: nothing is sent. */
  readonly ask: (report: PreFlightReport) => Promise<PreFlightAnswer | undefined>;
  /** How a file stands in the transfers: on its way, or waiting for its file. */
  readonly row: (path: string, size: number) => "sending" | "waiting" | undefined;
  /** Resolves when unfinished uploads that the server knows of are among the transfers. */
  readonly listed: () => Promise<void>;
  readonly onLeftOut: (leftOut: LeftOut) => void;
}

/**
 * From so many files on, those with nothing against them are sent while the rest are found and looked at: a folder of a
 * hundred thousand takes a while to be read.
 */
const heldBack = 2 * maxBatchUploads;

interface Found {
  readonly clear: Incoming[];
  readonly taken: TakenFile[];
  readonly refused: RefusedFile[];
  readonly system: string[];
  sending: number;
  bytes: number;
  free: number | undefined;
}

/** Look at files as they are found; gives those that are to be sent, with what becomes of them where their name is taken. */
export async function* preFlight(
  files: Iterable<Incoming> | AsyncIterable<Incoming>,
  options: PreFlightOptions,
): AsyncGenerator<Incoming> {
  const found: Found = { clear: [], taken: [], refused: [], system: [], sending: 0, bytes: 0, free: undefined };
  let released = 0;
  for await (const chunk of chunksOf(files, found, options.to)) {
    await lookAt(await seen(chunk), found, options);
    if (released + found.clear.length <= heldBack || lacksRoom(found)) continue;
    released += found.clear.length;
    yield* found.clear.splice(0);
  }
  if (found.system.length + found.sending > 0) options.onLeftOut(found);
  const { clear, taken, refused } = found;
  if (taken.length + refused.length === 0 && !lacksRoom(found)) return yield* clear;
  const room = lacksRoom(found) ? { needed: found.bytes, free: found.free ?? 0 } : undefined;
  const answer = await options.ask({ clear: released + clear.length, taken, refused, room });
  if (answer === undefined) return;
  yield* clear;
  for (const { incoming } of taken) {
    const conflict = answer.own.get(incoming.path) ?? answer.forAll;
    if (conflict !== "skip") yield { ...incoming, conflict };
  }
}

/** A thousand at a time; what needs no server is decided here. */
async function* chunksOf(
  files: Iterable<Incoming> | AsyncIterable<Incoming>,
  { refused, system }: Found,
  to: string,
): AsyncGenerator<readonly Incoming[]> {
  let chunk: Incoming[] = [];
  for await (const incoming of files) {
    const { path, file } = incoming;
    const fault = pathFault(to + path);
    if (isSystemFile(path)) system.push(path);
    else if (fault !== undefined) refused.push({ path, size: file.size, why: fault });
    else chunk.push(incoming);
    if (chunk.length < maxBatchUploads) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** For each question about a chosen file Chromium looks at the disk, and waits; a copy of it knows its size and time. */
async function seen(chunk: readonly Incoming[]): Promise<readonly Incoming[]> {
  const copies: Incoming[] = [];
  const turns = new Turns();
  for (const incoming of chunk) {
    copies.push({ ...incoming, file: structuredClone(incoming.file) });
    await turns.next();
  }
  return copies;
}

async function lookAt(chunk: readonly Incoming[], found: Found, options: PreFlightOptions): Promise<void> {
  const { to, check, row, listed } = options;
  const asked = chunk.map(({ path, file: { size, lastModified } }): FileToCheck => {
    return { path: (to + path).normalize("NFC"), size, modified: new Date(lastModified).toISOString() };
  });
  // A server that cannot be asked takes files all the same, later; then the same bytes are at least not stored twice.
  const answer = await check(asked).catch(() => undefined);
  found.free ??= answer?.free;
  // Files may be chosen before the list of unfinished uploads has come: those go on, and are not asked about.
  if (answer?.results.some(({ taken }) => taken === "upload")) await listed();
  for (const [index, incoming] of chunk.entries()) {
    const { path, size } = asked[index] ?? { path: incoming.path, size: incoming.file.size };
    const stands = incoming.upload === undefined ? row(path, size) : "waiting";
    const checked = answer === undefined ? unasked : answer.results[index];
    if (stands === "sending") {
      found.sending += 1;
      continue;
    }
    if (checked?.error && stands === undefined) {
      found.refused.push({ path: incoming.path, size, why: checked.error.code });
      continue;
    }
    found.bytes += size;
    if (checked?.taken === undefined || stands === "waiting") found.clear.push(incoming);
    // What is there is not sent again, once a checksum has proved it: nothing to ask.
    else if (checked.same !== undefined) found.clear.push({ ...incoming, conflict: "same" });
    else found.taken.push({ incoming, checked });
  }
}

const unasked: CheckedFile = { taken: "file", same: "facts" };

function lacksRoom({ bytes, free }: Found): boolean {
  return free !== undefined && bytes > free;
}
