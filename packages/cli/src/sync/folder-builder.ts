import { type FolderContent, keyOf, type SyncFile, type Unfit } from "./sync-side.ts";

/** Gathers what is in a folder. Of two names that are one at the other side, the first is carried. */
export class FolderBuilder implements FolderContent {
  readonly files: Map<string, SyncFile> = new Map();
  readonly folders: Map<string, string> = new Map();
  readonly unfit: Map<string, Unfit> = new Map();
  readonly parts: Map<string, { readonly file: SyncFile; readonly of: string }> = new Map();

  file(file: SyncFile): void {
    if (this.#isFree(file.name)) this.files.set(keyOf(file.name), file);
  }

  folder(name: string): void {
    if (this.#isFree(name)) this.folders.set(keyOf(name), name);
  }

  /** Note something that stays where it is. */
  leave(name: string, why: string, { isFailure = false }: { readonly isFailure?: boolean } = {}): void {
    this.unfit.set(this.#has(keyOf(name)) ? `${keyOf(name)}\n${name}` : keyOf(name), { name, why, isFailure });
  }

  part(file: SyncFile, of: string): void {
    this.parts.set(file.name, { file, of: keyOf(of) });
  }

  #isFree(name: string): boolean {
    const key = keyOf(name);
    if (!this.#has(key)) return true;
    this.leave(name, "it has the same name as another one, but for case or spelling", { isFailure: true });
    return false;
  }

  #has(key: string): boolean {
    return this.files.has(key) || this.folders.has(key) || this.unfit.has(key);
  }
}
