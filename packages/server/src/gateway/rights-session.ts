import type { Abortable, StoreSpace } from "@naru/core";
import type { Rights } from "../catalogue/rights.ts";
import type { DigestAsk } from "./file-digest.ts";
import type { Arrival, ChecksumName, Entry, GatewaySession, Reading, WriteMode } from "./gateway-session.ts";
import type { OwnUploads } from "./own-uploads.ts";

/** A session that asks the rights of its client before it does anything. Its uploads ask for themselves. */
export class RightsSession implements GatewaySession {
  readonly account: string;
  readonly uploads: OwnUploads | undefined;
  readonly #inner: GatewaySession;
  readonly #rights: Rights;

  constructor(inner: GatewaySession, rights: Rights) {
    this.account = inner.account;
    this.uploads = inner.uploads;
    this.#inner = inner;
    this.#rights = rights;
  }

  async stat(path: string, options?: Abortable): Promise<Entry | undefined> {
    this.#rights.checkShown(path, "look at");
    return this.#inner.stat(path, options);
  }

  async *list(folder: string, options?: Abortable): AsyncGenerator<readonly Entry[]> {
    if (!this.#rights.leadsTo(folder)) this.#rights.check("list", asFolder(folder), "list");
    for await (const page of this.#inner.list(folder, options)) {
      yield page.filter(({ path }) => this.#rights.shows(path));
    }
  }

  async openWrite(path: string, mode: WriteMode, options?: Abortable): Promise<Arrival> {
    this.#rights.check("write", path, "write");
    return this.#inner.openWrite(spelled(path), mode, options);
  }

  async openRead(path: string, options?: Abortable): Promise<Reading> {
    this.#rights.check("read", path, "read");
    return this.#inner.openRead(spelled(path), options);
  }

  async remove(path: string, options?: Abortable): Promise<void> {
    if (!this.#rights.may("remove", path)) {
      // Whoever may write a file may give up what came of it; what stood there before is another matter.
      this.#rights.check("write", path, "remove");
      const entry = await this.#inner.stat(spelled(path), options);
      if (entry && !entry.arriving) this.#rights.check("remove", path, "remove");
    }
    return this.#inner.remove(spelled(path), options);
  }

  async move(from: string, to: string, options?: Abortable & { readonly replace?: boolean }): Promise<void> {
    this.#rights.check("remove", from, "move");
    this.#rights.check("write", to, "move to");
    return this.#inner.move(spelled(from), spelled(to), options);
  }

  async makeFolder(path: string, options?: Abortable): Promise<void> {
    if (!this.#rights.leadsTo(path)) this.#rights.check("write", asFolder(path), "make the folder");
    return this.#inner.makeFolder(path, options);
  }

  async removeFolder(path: string, options?: Abortable): Promise<void> {
    this.#rights.check("remove", asFolder(path), "remove the folder");
    return this.#inner.removeFolder(spelled(path), options);
  }

  async setModified(path: string, modified: Date, options?: Abortable): Promise<void> {
    this.#rights.check("write", path, "date");
    return this.#inner.setModified(spelled(path), modified, options);
  }

  async checksum(path: string, name: ChecksumName, options?: Abortable): Promise<string | undefined> {
    this.#rights.check("list", path, "check");
    return this.#inner.checksum(spelled(path), name, options);
  }

  async digest(path: string, ask: DigestAsk, options?: Abortable): Promise<readonly string[]> {
    // Whoever may not read a file may not ask for digests of pieces of it either.
    const isPart = Boolean(ask.start || ask.length || ask.block);
    this.#rights.check(isPart ? "read" : "list", path, isPart ? "read" : "check");
    return this.#inner.digest(spelled(path), ask, options);
  }

  space(...where: Parameters<GatewaySession["space"]>): Promise<StoreSpace | undefined> {
    return this.#inner.space(...where);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#inner[Symbol.asyncDispose]();
  }
}

function asFolder(path: string): string {
  return `${path}/`;
}

/** As rights spell it: what another program spelled otherwise is another file. */
function spelled(path: string): string {
  return path.normalize("NFC");
}
