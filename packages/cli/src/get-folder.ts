/** Fetches a folder with all that is in it. Run again after any cut, it fetches what is missing. */

import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { smallDownloadSize } from "@naru/client/node";
import { normalizePath, TransferError, type WireFile } from "@naru/core";
import { eachAtOnce } from "./each-at-once.ts";
import { exitCodeOf } from "./exit-code.ts";
import { explain } from "./explain.ts";
import { fetchFile, type GetContext } from "./get-file.ts";
import { isSameHere } from "./local-same.ts";
import { paceText, sizeText } from "./progress-line.ts";
import { escaped } from "./terminal-text.ts";

/** Fetch all that is in `source` into the folder `to`. One file that fails does not stop the others; the first failure sets the exit code. */
export async function getFolder(context: GetContext, source: string, to: string): Promise<void> {
  const { progress, signal, filesAtOnce, smallFilesAtOnce } = context;
  const { files, folders } = await treeOf(context, source);
  progress.expect({ files: files.length, bytes: files.reduce((sum, { size }) => sum + size, 0) });
  const run: Run = { ...context, source, to, arrived: 0, kept: 0, received: 0 };
  const began = performance.now();
  await makeFolders(run, folders);
  const fetching = (some: readonly WireFile[], atOnce: number): Promise<void> =>
    eachAtOnce(some, atOnce, async (file) => {
      if (!signal.aborted) await getInto(run, file);
    });
  const isSmall = ({ size }: WireFile): boolean => size <= smallDownloadSize;
  const [small, large] = [files.filter(isSmall), files.filter((file) => !isSmall(file))];
  await Promise.all([fetching(small, smallFilesAtOnce), fetching(large, filesAtOnce)]);
  if (signal.aborted) return;
  const { arrived, kept, received } = run;
  const seconds = (performance.now() - began) / 1000;
  const count = `${arrived.toLocaleString("en")} of ${files.length.toLocaleString("en")} files`;
  const before = kept === 0 ? "" : `  ${kept.toLocaleString("en")} were here`;
  progress.say(`${escaped(to)}/  ${count}${before}  ${sizeText(received)}  ${paceText(received, seconds)}`);
}

/** One run of the command, and what has come of it so far. */
interface Run extends GetContext {
  readonly source: string;
  readonly to: string;
  arrived: number;
  /** Files that an earlier run has fetched. */
  kept: number;
  /** Bytes. */
  received: number;
}

async function makeFolders(run: Run, folders: readonly string[]): Promise<void> {
  for (const path of folders) {
    await placeOf(path, run.source, run.to)
      .then((place) => mkdir(place, { recursive: true }))
      .catch((error: unknown) => sayFailed(run, path, error));
  }
}

/** Fetch one file to its place in the folder, unless it is there. */
async function getInto(run: Run, file: WireFile): Promise<void> {
  let received = 0;
  try {
    const place = await placeOf(file.path, run.source, run.to);
    await mkdir(dirname(place), { recursive: true });
    if (await isSameHere(run, file, place)) run.kept += 1;
    else received = await fetchFile(run, file, place);
    run.arrived += 1;
  } catch (error) {
    sayFailed(run, file.path, error);
  }
  run.received += received;
  run.progress.count({ files: 1, bytes: file.size, sent: received });
}

function sayFailed({ progress, signal }: Run, path: string, error: unknown): void {
  if (signal.aborted) return;
  process.exitCode ||= exitCodeOf(error);
  progress.say(`naru: ${escaped(path)}: ${explain(error)}`);
}

interface Tree {
  readonly files: readonly WireFile[];
  readonly folders: readonly string[];
}

/** Only listings that fold show folders that are empty. */
async function treeOf({ api, signal }: GetContext, source: string): Promise<Tree> {
  const files: WireFile[] = [];
  const folders = [source];
  for (const folder of folders) {
    let cursor: string | undefined;
    do {
      const page = await api.list({ prefix: `${folder}/`, delimiter: "/", cursor, signal });
      files.push(...page.files);
      folders.push(...page.folders.map((path) => path.slice(0, -1)));
      cursor = page.cursor;
    } while (cursor !== undefined);
  }
  return { files, folders };
}

/** Where it goes on this disk. @throws {TransferError} `invalid` for a name that would lead elsewhere or cannot be used */
async function placeOf(path: string, source: string, to: string): Promise<string> {
  const inside = normalizePath(path);
  const folder = `${source.normalize("NFC")}/`;
  if (inside === source.normalize("NFC")) return to;
  if (inside.startsWith(folder)) return join(to, ...inside.slice(folder.length).split("/"));
  throw new TransferError("invalid", `Cannot get "${path}": the server lists it in "${source}"`);
}
