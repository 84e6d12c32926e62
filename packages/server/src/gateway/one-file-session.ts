import { createHash } from "node:crypto";
import { type Abortable, type StoreSpace, TransferError } from "@naru/core";
import type { DigestAsk } from "./file-digest.ts";
import type { Arrival, ChecksumName, Entry, GatewaySession, Reading, WriteMode } from "./gateway-session.ts";
import type { OwnUploads } from "./own-uploads.ts";

/**
 * The session of a token that is good for one upload: it sends a file, under its path or under a temporary name beside it,
 * makes the folders above it, and sees nothing else.
 */
export class OneFileSession implements GatewaySession {
  readonly account: string;
  readonly uploads: OwnUploads | undefined;
  readonly #inner: GatewaySession;
  readonly #path: string;
  readonly #folder: string;

  constructor(inner: GatewaySession, path: string) {
    this.account = inner.account;
    this.uploads = inner.uploads && oneFileUploads(inner.uploads, plain(path));
    this.#inner = inner;
    this.#path = plain(path);
    this.#folder = this.#path.slice(0, Math.max(0, this.#path.lastIndexOf("/")));
  }

  async stat(path: string, options?: Abortable): Promise<Entry | undefined> {
    if (!this.#isAbove(path)) this.#check(path, "look at");
    return this.#inner.stat(path, options);
  }

  async *list(folder: string, options?: Abortable): AsyncGenerator<readonly Entry[]> {
    if (!this.#isAbove(folder)) throw forbidden("list", folder);
    for await (const page of this.#inner.list(folder, options)) {
      yield page.filter(({ path }) => this.#isAbove(path) || this.#isOurs(path));
    }
  }

  async openWrite(path: string, mode: WriteMode, options?: Abortable): Promise<Arrival> {
    this.#check(path, "write");
    // As the token spells it: what another program spelled otherwise is another file.
    return this.#inner.openWrite(path.normalize("NFC"), mode, options);
  }

  async openRead(path: string): Promise<Reading> {
    throw forbidden("read", path);
  }

  async remove(path: string, options?: Abortable): Promise<void> {
    this.#check(path, "remove");
    // What stood there before is not this upload's.
    const entry = await this.#inner.stat(path, options);
    if (entry && !entry.arriving && plain(path) === this.#path) throw forbidden("remove", path);
    return this.#inner.remove(path.normalize("NFC"), options);
  }

  async move(from: string, to: string, options?: Abortable & { readonly replace?: boolean }): Promise<void> {
    this.#check(from, "move");
    this.#check(to, "move to");
    return this.#inner.move(from.normalize("NFC"), to.normalize("NFC"), options);
  }

  async makeFolder(path: string, options?: Abortable): Promise<void> {
    if (!this.#isAbove(path)) throw forbidden("create the folder", path);
    return this.#inner.makeFolder(path, options);
  }

  async removeFolder(path: string): Promise<void> {
    throw forbidden("remove the folder", path);
  }

  async setModified(path: string, modified: Date, options?: Abortable): Promise<void> {
    this.#check(path, "set the modification time of");
    return this.#inner.setModified(path.normalize("NFC"), modified, options);
  }

  async checksum(path: string, name: ChecksumName, options?: Abortable): Promise<string | undefined> {
    this.#check(path, "check");
    return this.#inner.checksum(path, name, options);
  }

  async digest(path: string, ask: DigestAsk, options?: Abortable): Promise<readonly string[]> {
    // Who may not read a file may not ask for digests of pieces of it either.
    if (ask.start || ask.length || ask.block) throw forbidden("read", path);
    this.#check(path, "check");
    return this.#inner.digest(path, ask, options);
  }

  space(path: string, options?: Abortable): Promise<StoreSpace | undefined> {
    return this.#inner.space(path, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#inner[Symbol.asyncDispose]();
  }

  #check(path: string, doing: string): void {
    if (!this.#isOurs(path)) throw forbidden(doing, path);
  }

  /** The file, or its temporary name: `x.1a2b3c4d.partial`, `x.filepart`, or a digest in place of a long `x`. */
  #isOurs(path: string): boolean {
    const key = plain(path);
    if (key === this.#path) return true;
    const slash = key.lastIndexOf("/");
    if (key.slice(0, Math.max(0, slash)) !== this.#folder) return false;
    const stem = /^(.+?)(?:\.filepart|(?:\.[0-9a-f]{8})?\.partial)$/u.exec(key.slice(slash + 1))?.[1];
    const name = this.#path.slice(this.#path.lastIndexOf("/") + 1);
    return stem !== undefined && (stem === name || stem === shortened(name));
  }

  #isAbove(path: string): boolean {
    const key = plain(path);
    return key === "" || this.#folder === key || this.#folder.startsWith(`${key}/`);
  }
}

/** Uploads to one path only. */
function oneFileUploads(uploads: OwnUploads, path: string): OwnUploads {
  const known = new Set<string>();
  const ours = async (id: string): Promise<void> => {
    if (known.has(id)) return;
    const upload = await uploads.get(id, {});
    if (upload.path !== path) throw forbidden("send", upload.path);
    known.add(id);
  };
  return {
    create: async (wish, options) => {
      if (wish.path !== path) throw forbidden("send", wish.path);
      // A file that would get another name would be out of this token's reach.
      return uploads.create({ ...wish, conflict: wish.conflict === "fail" ? "fail" : "overwrite" }, options);
    },
    get: (id, options) => ours(id).then(() => uploads.get(id, options)),
    resume: (id, options) => ours(id).then(() => uploads.resume(id, options)),
    expect: (id, number, options) => ours(id).then(() => uploads.expect(id, number, options)),
    put: (id, number, body, options) => uploads.put(id, number, body, options),
    complete: (id, options) => ours(id).then(() => uploads.complete(id, options)),
    abort: (id, options) => ours(id).then(() => uploads.abort(id, options)),
  };
}

/** What the agent writes in place of a name that is too long to add to: so no other file's temporary name is ours. */
function shortened(name: string): string {
  return createHash("sha256").update(name).digest("hex").slice(0, 16);
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
