/**
 * Files as they come into a page: chosen, dropped or pasted. Folders are walked lazily, one file at a time, and a
 * `FileSystemFileHandle` is kept where the browser gives one, so that a reload needs no second choosing.
 *
 * @module
 */

import type { Incoming } from "@naru/client/browser";

interface PickerWindow {
  showOpenFilePicker(options: { readonly multiple: boolean }): Promise<FileSystemFileHandle[]>;
}

interface HandleItem {
  getAsFileSystemHandle(): Promise<FileSystemHandle | null>;
}

/** What was taken out of a drop or a paste while its event was alive. */
type Dropped =
  | { readonly kind: "handle"; readonly handle: Promise<FileSystemHandle | null>; readonly file: File | null }
  | { readonly kind: "entry"; readonly entry: FileSystemEntry }
  | { readonly kind: "file"; readonly file: File };

/** Tell whether this browser's picker gives handles. */
export function canPickHandles(): boolean {
  return "showOpenFilePicker" in globalThis;
}

/** Open the browser's picker for files with handles; nothing chosen is an empty list. Call it from a click. */
export async function pickFiles({ multiple = true }: { multiple?: boolean } = {}): Promise<readonly Incoming[]> {
  // Only called where canPickHandles().
  const picker = globalThis as unknown as PickerWindow;
  let handles: FileSystemFileHandle[];
  try {
    handles = await picker.showOpenFilePicker({ multiple });
  } catch (error) {
    // A tool that drives the browser refuses the picker in the name of the user, who may still use the plain input.
    const driven = error instanceof Error && /intercepted/i.test(error.message);
    if (error instanceof DOMException && error.name === "AbortError" && !driven) return [];
    throw error;
  }
  return Promise.all(handles.map(async (handle) => ({ path: handle.name, file: await handle.getFile(), handle })));
}

/** The files of an `<input type=file>`, with their paths where a folder was chosen. */
export function* fromInput(files: Iterable<File>): Generator<Incoming> {
  // One by one, when it is asked for: of 100,000 each takes a moment.
  for (const file of files) yield { path: file.webkitRelativePath || file.name, file };
}

/** The files of a drop or a paste, folders walked. Call it inside the event: what it needs is taken out at once. */
export function fromDataTransfer(
  data: DataTransfer,
  { onEmptyFolder = () => undefined }: { readonly onEmptyFolder?: (path: string) => void } = {},
): AsyncIterable<Incoming> {
  return walk(takeOut(data), onEmptyFolder);
}

function takeOut(data: DataTransfer): Dropped[] {
  const taken: Dropped[] = [];
  for (const item of data.items) {
    if (item.kind !== "file") continue;
    if (givesHandle(item)) {
      taken.push({ kind: "handle", handle: item.getAsFileSystemHandle(), file: item.getAsFile() });
      continue;
    }
    const entry = item.webkitGetAsEntry();
    const file = item.getAsFile();
    if (entry !== null) taken.push({ kind: "entry", entry });
    else if (file !== null) taken.push({ kind: "file", file });
  }
  return taken;
}

function givesHandle(item: DataTransferItem): item is DataTransferItem & HandleItem {
  return "getAsFileSystemHandle" in item;
}

type OnEmpty = (path: string) => void;

async function* walk(dropped: readonly Dropped[], onEmpty: OnEmpty): AsyncGenerator<Incoming> {
  for (const one of dropped) {
    if (one.kind === "entry") yield* walkEntry(one.entry, "", onEmpty);
    else if (one.kind === "file") yield { path: one.file.name, file: one.file };
    else {
      // A pasted picture has a file but no handle.
      const handle = await one.handle.catch(() => null);
      if (handle !== null) yield* walkHandle(handle, "", onEmpty);
      else if (one.file !== null) yield { path: one.file.name, file: one.file };
    }
  }
}

async function* walkHandle(handle: FileSystemHandle, folder: string, onEmpty: OnEmpty): AsyncGenerator<Incoming> {
  const path = folder + handle.name;
  if (isFile(handle)) yield { path, file: await handle.getFile(), handle };
  else if (isFolder(handle)) {
    let isEmpty = true;
    for await (const child of handle.values()) {
      isEmpty = false;
      yield* walkHandle(child, `${path}/`, onEmpty);
    }
    if (isEmpty) onEmpty(path);
  }
}

function isFile(handle: FileSystemHandle): handle is FileSystemFileHandle {
  return handle.kind === "file";
}

function isFolder(handle: FileSystemHandle): handle is FileSystemDirectoryHandle {
  return handle.kind === "directory";
}

async function* walkEntry(entry: FileSystemEntry, folder: string, onEmpty: OnEmpty): AsyncGenerator<Incoming> {
  const path = folder + entry.name;
  if (isFileEntry(entry)) {
    yield { path, file: await new Promise<File>((done, failed) => entry.file(done, failed)) };
  } else if (isFolderEntry(entry)) {
    const reader = entry.createReader();
    let isEmpty = true;
    // A reader gives a hundred at a time and then nothing.
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed));
      if (some.length === 0) break;
      isEmpty = false;
      for (const child of some) yield* walkEntry(child, `${path}/`, onEmpty);
    }
    if (isEmpty) onEmpty(path);
  }
}

function isFileEntry(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolderEntry(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
