/**
 * What a caller may do, by path. Every door asks the same rights: HTTP through `rightsStore` and its uploads, SFTP and FTP
 * through the gateway's session.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { isTemporaryNameOf, TransferError } from "@naru/core";

/** `replace` is to write where a file is already; without it, one that is sent gets another name. */
export type Doing = "list" | "read" | "write" | "replace" | "remove";

/** Leave to do something at some paths. */
export interface Right {
  /**
   * Empty, or a folder with its final `/`: everything below it. Else one path; whoever may write it may also write, see and
   * remove files under its temporary names.
   */
  readonly prefix: string;
  readonly may: ReadonlySet<Doing>;
  /** When it ends, in milliseconds since 1970. */
  readonly until?: number | undefined;
}

/** What an account may: everything. */
export const everything: readonly Right[] = [
  { prefix: "", may: new Set(["list", "read", "write", "replace", "remove"]) },
];

/** What a token for one upload may: send a file to its path, and see how far it is. What stood there before is not its own. */
export function oneUpload(path: string): readonly Right[] {
  const prefix = plain(path);
  return prefix === "" ? [] : [{ prefix, may: new Set(["list", "write", "replace"]) }];
}

export interface RightsOptions {
  readonly now: () => number;
  /** The only upload that may be used, where the rights are for one that exists. */
  readonly upload?: string | undefined;
  /** Of whom the rights were given, at this moment: what may not be done by them may not be done here. */
  readonly within?: Rights | undefined;
}

/** The rights of one caller. Paths are taken with or without a leading `/`, in any spelling. */
export class Rights {
  /** Whether nothing is refused. */
  readonly areAll: boolean;
  readonly #rights: readonly Right[];
  readonly #upload: string | undefined;
  readonly #within: Rights | undefined;
  readonly #now: () => number;

  constructor(rights: readonly Right[], { now, upload, within }: RightsOptions) {
    this.#rights = rights;
    this.#within = within;
    this.#upload = upload;
    this.#now = now;
    this.areAll = rights === everything && within === undefined;
  }

  /** Whether something may be done to the file at `path`, or to the folder when it ends with `/`. */
  may(doing: Doing, path: string): boolean {
    if (this.areAll) return true;
    if (this.#within?.may(doing, path) === false) return false;
    const key = path.endsWith("/") ? `${plain(path)}/` : plain(path);
    return this.#current().some((right) => grants(right, doing, key));
  }

  /** Whether a folder lies above something that may be seen: then it may be seen, too, and made. */
  leadsTo(folder: string): boolean {
    if (this.areAll) return true;
    if (this.#within?.leadsTo(folder) === false && !this.#within.may("list", `${folder}/`)) return false;
    const key = plain(folder);
    return this.#current().some(({ prefix, may }) => may.has("list") && (key === "" || prefix.startsWith(`${key}/`)));
  }

  /** Whether every path that begins with `prefix` may be seen. */
  showsAllOf(prefix: string): boolean {
    const isFolder = (right: Right): boolean => right.prefix === "" || right.prefix.endsWith("/");
    const shows = (right: Right): boolean =>
      right.may.has("list") && isFolder(right) && prefix.startsWith(right.prefix);
    if (this.#within?.showsAllOf(prefix) === false) return false;
    return this.areAll || this.#current().some(shows);
  }

  /** Whether nothing may be seen at all. */
  get showsNothing(): boolean {
    return !this.areAll && !this.#current().some(({ may }) => may.has("list"));
  }

  /** The only file that may be seen, where it is one. */
  get onlyFile(): string | undefined {
    const [only, ...others] = this.areAll ? [] : this.#current();
    return only === undefined || others.length > 0 || only.prefix === "" || only.prefix.endsWith("/")
      ? undefined
      : only.prefix;
  }

  /** Whether a listing shows a file or folder. */
  shows(path: string): boolean {
    return this.leadsTo(path) || this.may("list", path);
  }

  /** @throws {TransferError} `forbidden`, where `words` is the verb, unless it may be done */
  check(doing: Doing, path: string, words: string): void {
    if (!this.may(doing, path)) throw forbidden(words, path);
  }

  /** @throws {TransferError} `forbidden` unless this upload, which is to `path`, may be sent */
  checkUpload(id: string, path: string): void {
    if (this.#upload !== undefined && this.#upload !== id) throw forbidden("send", path);
    this.check("write", path, "send");
  }

  /** @throws {TransferError} `forbidden` unless listings show it */
  checkShown(path: string, words: string): void {
    if (!this.shows(path)) throw forbidden(words, path);
  }

  #current(): readonly Right[] {
    const now = this.#now();
    return this.#rights.filter(({ until }) => until === undefined || until > now);
  }
}

function grants({ prefix, may }: Right, doing: Doing, key: string): boolean {
  if (prefix === "" || prefix.endsWith("/")) return may.has(doing) && key.startsWith(prefix);
  if (key === prefix) return may.has(doing);
  return doing !== "read" && may.has("write") && isTemporaryNameOf(key, prefix, digest);
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The names of a path, without the ways there are to write it. */
function plain(path: string): string {
  const names: string[] = [];
  for (const name of path.normalize("NFC").split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  return names.join("/");
}

function forbidden(doing: string, path: string): TransferError {
  return new TransferError("forbidden", `Cannot ${doing} "${path}": the token is valid for another file only`);
}
