import { type Abortable, TransferError } from "@naru/core";
import { status } from "@naru/core/sftp-v3";
import type { Entry, GatewaySession } from "../gateway/gateway-session.ts";
import { attrsAnswer, nameAnswer, okAnswer, statusAnswer } from "./answers.ts";
import { nameOf } from "./client-path.ts";
import { namedFile } from "./longname.ts";
import { attrsOf } from "./name-requests.ts";
import type { FileRequest, OpenFile } from "./open-file.ts";
import { Lane } from "./order.ts";
import type { FileAttrs, NamedFile } from "./packets.ts";

/** So many names in one answer: with 255 bytes each, still a packet that every client takes. */
const namesPerAnswer = 100;

export interface OpenFolderOptions extends Abortable {
  readonly now: () => number;
}

/** @throws {TransferError} `not-found` */
export async function openFolder(
  session: GatewaySession,
  path: string,
  { now, signal }: OpenFolderOptions,
): Promise<OpenFile> {
  const pages = session.list(path, { signal })[Symbol.asyncIterator]();
  // The first page tells whether there is such a folder.
  const first = await pages.next();
  const clock = { owner: session.account, now: now() };
  const attrs: FileAttrs = { kind: "folder", size: 0, modified: new Date(clock.now) };
  const names = [namedFile(".", attrs, clock), namedFile("..", attrs, clock)];
  const page = (entries: readonly Entry[]): NamedFile[] =>
    entries.map((entry) => namedFile(nameOf(entry.path), attrsOf(entry), clock));
  if (first.done !== true) names.push(...page(first.value));
  return new OpenFolder({ path, attrs, names, pages, page });
}

interface FolderParts {
  readonly path: string;
  readonly attrs: FileAttrs;
  readonly names: NamedFile[];
  readonly pages: AsyncIterator<readonly Entry[]>;
  readonly page: (entries: readonly Entry[]) => NamedFile[];
}

class OpenFolder implements OpenFile {
  readonly lane: Lane = new Lane();
  readonly #parts: FolderParts;
  #names: NamedFile[];
  #ended = false;

  constructor(parts: FolderParts) {
    this.#parts = parts;
    this.#names = parts.names;
  }

  async answer(ask: FileRequest): Promise<Uint8Array> {
    switch (ask.kind) {
      case "readdir": {
        const names = await this.#next();
        return names.length === 0
          ? statusAnswer(ask.id, status.eof, "The folder ends here")
          : nameAnswer(ask.id, names);
      }
      case "fstat":
        return attrsAnswer(ask.id, this.#parts.attrs);
      case "fsetstat":
      case "fsync":
        return okAnswer(ask.id);
      case "read":
        throw new TransferError("invalid", `Cannot read "${this.#parts.path}": it is a folder`);
    }
  }

  async write(): Promise<void> {
    throw new TransferError("invalid", `Cannot write "${this.#parts.path}": it is a folder`);
  }

  async close(): Promise<void> {
    await this.#parts.pages.return?.();
  }

  leave(): Promise<void> {
    return this.close();
  }

  async #next(): Promise<readonly NamedFile[]> {
    while (this.#names.length === 0 && !this.#ended) {
      const next = await this.#parts.pages.next();
      if (next.done === true) this.#ended = true;
      else this.#names = this.#parts.page(next.value);
    }
    return this.#names.splice(0, namesPerAnswer);
  }
}
