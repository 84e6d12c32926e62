import { type Abortable, type StoreSpace, TransferError } from "@naru/core";
import type { AccountFolders, AccountStore } from "../catalogue/account-store.ts";
import { refuseClash } from "../catalogue/clashes.ts";
import type { Rights } from "../catalogue/rights.ts";
import type { ArrivalRecord } from "../uploads/arrival-ledger.ts";
import { Entries, fileEntry } from "./entries.ts";
import { type DigestAsk, readDigests } from "./file-digest.ts";
import type { GatewayContext } from "./gateway-context.ts";
import type { Arrival, ChecksumName, Entry, GatewaySession, Reading, WriteMode } from "./gateway-session.ts";
import type { LiveArrival } from "./live-arrival.ts";
import type { LiveArrivals, Name } from "./live-arrivals.ts";
import { publishAs } from "./moving.ts";
import { type OwnUploads, ownUploads } from "./own-uploads.ts";
import { plainPath } from "./paths.ts";
import { FileReading } from "./reading.ts";
import { spelledKey } from "./spelling.ts";

export interface SessionOptions {
  readonly context: GatewayContext;
  readonly live: LiveArrivals;
  readonly account: string;
  readonly door: string;
  /** Asked for uploads by numbered parts. */
  readonly rights?: Rights | undefined;
}

/** One signed-in client over the stores and the ledger. */
export class StoreSession implements GatewaySession {
  readonly account: string;
  readonly uploads: OwnUploads | undefined;
  readonly #files: AccountStore;
  readonly #context: GatewayContext;
  readonly #live: LiveArrivals;
  readonly #door: string;
  readonly #entries: Entries;
  readonly #writing = new Set<LiveArrival>();
  readonly #reading = new Set<FileReading>();
  /** Sizes that this client was told of files on their way which others may still be writing. */
  readonly #reported = new Map<string, number>();

  constructor({ context, live, account, door, rights }: SessionOptions) {
    this.account = account;
    const by = { account, door };
    this.uploads = context.uploads && ownUploads(context.uploads, { owner: account, door, rights });
    this.#files = context.catalogue.for(by);
    this.#context = context;
    this.#live = live;
    this.#door = door;
    const isMine = (arrival: LiveArrival): boolean => this.#writing.has(arrival);
    this.#entries = new Entries({ context, live, files: this.#files, owner: account, isMine });
  }

  async stat(path: string, options: Abortable = {}): Promise<Entry | undefined> {
    const entry = await this.#entries.stat(await this.#key(path, options), options);
    if (entry) this.#note(entry);
    return entry;
  }

  async *list(folder: string, options: Abortable = {}): AsyncGenerator<readonly Entry[]> {
    const key = await this.#key(folder, options);
    if (!(await this.#entries.hasFolder(key, options))) throw missing("list", folder);
    for await (const page of this.#entries.list(key, options)) {
      for (const entry of page) this.#note(entry);
      yield page;
    }
  }

  async openWrite(path: string, mode: WriteMode, options: Abortable = {}): Promise<Arrival> {
    const name = await this.#fileKey(path, options);
    const arrival = await this.#live.open({ ...this.#who(name), door: this.#door }, mode, options);
    for (const old of this.#writing)
      if (this.#live.find(this.#who(old.path.slice(1))) !== old) this.#writing.delete(old);
    this.#writing.add(arrival);
    await this.#goBack(arrival, name, mode);
    return arrival;
  }

  async openRead(path: string, options: Abortable = {}): Promise<Reading> {
    const key = await this.#fileKey(path, options);
    await this.#publishWaiting(key, options);
    const arriving = await this.#entries.arriving(key);
    // Its owner is told the size of what came: the former file, cut to that, would pass for a whole one.
    // Who changes a finished file would be given what it was before.
    const live = this.#live.find(this.#who(key));
    if (arriving?.arriving && !live?.isUntouched) throw onItsWay("read", path);
    const file = await this.#files.stat(key, options);
    if (!file) throw missing("read", path);
    const entry = { ...(arriving ?? fileEntry(file)), size: file.size, arriving: false };
    const reading = new FileReading(this.#files, file, entry);
    this.#reading.add(reading);
    return reading;
  }

  async remove(path: string, options: Abortable = {}): Promise<void> {
    const key = await this.#fileKey(path, options);
    if (await this.#live.drop(this.#who(key))) return;
    if (!(await this.#files.removeIfThere(key, options))) throw missing("remove", path);
  }

  async move(from: string, to: string, options: Abortable & { readonly replace?: boolean } = {}): Promise<void> {
    const source = await this.#fileKey(from, options);
    const target = await this.#fileKey(to, options);
    if (source === target) return;
    const { ledger } = this.#context;
    const running = this.#live.find(this.#who(source));
    const isFile = running !== undefined || (await ledger.arrivals.find(this.account, source)) !== undefined;
    if (!isFile && !(await this.#files.stat(source, options))) return this.#moveFolder(source, target, options);
    const conflict = options.replace === true ? "overwrite" : "fail";
    if (conflict === "fail" && (await this.#files.stat(target, options))) throw taken("move", from, to);
    // Asked before the lock is taken, which would end the upload that others still write.
    if (running && !running.isUntouched) throw onItsWay("move", from);
    await this.#alone(source, target, async () => {
      const record = await ledger.arrivals.find(this.account, source);
      if (record && record.finished === null) throw onItsWay("move", from);
      if (record) {
        const doing = `move "${from}" to "${to}"`;
        await refuseClash(this.#files, { doing, path: target, kind: "file" }, options);
        await publishAs(this.#context, record, target, { ...options, conflict });
        // What stood under the temporary name, an empty file that was closed before its bytes came, was replaced by it.
        if (record.path !== source) await this.#files.remove(source, options);
      } else await this.#files.move(source, target, { ...options, conflict });
      // What was on its way to this name would hide the file that now has it.
      await this.#live.drop(this.#who(target));
    });
  }

  async makeFolder(path: string, options: Abortable = {}): Promise<void> {
    const key = await this.#key(path, options);
    const there = await this.#entries.stat(key, options);
    if (there) throw new TransferError("conflict", `Cannot create the folder "${path}": there is a ${there.kind}`);
    await this.#folders("create", path).create(key, options);
  }

  async removeFolder(path: string, options: Abortable = {}): Promise<void> {
    const key = await this.#fileKey(path, options);
    if (!(await this.#entries.hasFolder(key, options))) throw missing("remove the folder", path);
    for await (const page of this.#entries.list(key, options)) {
      if (page.length > 0) throw new TransferError("conflict", `Cannot remove the folder "${path}": it is not empty`);
    }
    await this.#folders("remove", path).removeAll(key, { recursive: false });
  }

  async setModified(path: string, modified: Date, options: Abortable = {}): Promise<void> {
    const key = await this.#key(path, options);
    const { ledger } = this.#context;
    const live = this.#live.find(this.#who(key));
    if (live) return live.setModified(modified);
    const record = await ledger.arrivals.find(this.account, key);
    if (record) return ledger.arrivals.setModified(record.id, modified);
    const { catalogue, recent } = this.#context;
    const known = recent.look(key);
    if (known?.is === "file") {
      const { file } = known;
      const add = (): Promise<void> => catalogue.facts.add(file, { modified: modified.getTime() });
      return recent.learn(key, add, () => ({ is: "file", file: { ...file, modified } }));
    }
    if (await this.#files.setModified(key, modified, options)) return;
    // Folders have no date; clients that set one mean well.
    if (!(await this.#entries.hasFolder(key, options))) throw missing("set the modification time of", path);
  }

  async checksum(path: string, name: ChecksumName, options: Abortable = {}): Promise<string | undefined> {
    const key = await this.#fileKey(path, options);
    if (await this.#context.ledger.arrivals.find(this.account, key)) return undefined;
    const file = await this.#files.stat(key, options);
    if (!file) throw missing("check", path);
    if (name === "crc64") return file.crc64;
    return (await this.#files.digests(file))[name] ?? undefined;
  }

  async digest(path: string, ask: DigestAsk, options: Abortable = {}): Promise<readonly string[]> {
    const key = await this.#fileKey(path, options);
    await this.#publishWaiting(key, options);
    if ((await this.#entries.stat(key, options))?.arriving) throw onItsWay("compute the checksum of", path);
    const { length, name, start = 0 } = ask;
    const isWhole = start === 0 && length === undefined && ask.block === undefined;
    const known = isWhole && (name === "md5" || name === "sha256") && (await this.checksum(path, name, options));
    if (known) return [known];
    const file = await this.#files.stat(key, options);
    if (!file) throw missing("check", path);
    return readDigests(this.#files, file, ask, options);
  }

  async space(path: string, options: Abortable = {}): Promise<StoreSpace | undefined> {
    return this.#files.space?.({ ...options, path: plainPath(path) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#writing].map((arrival) => arrival.suspend()));
    await Promise.all([...this.#reading].map((reading) => reading.close()));
  }

  #key(path: string, options: Abortable): Promise<string> {
    return spelledKey(this.#files, path, options);
  }

  async #fileKey(path: string, options: Abortable): Promise<string> {
    const key = await this.#key(path, options);
    if (key === "") throw new TransferError("conflict", `Cannot use "${path}": it is the root`);
    return key;
  }

  /** Who reads a file that waits for its final name wants it as it is; of two at once the second finds it so. */
  async #publishWaiting(key: string, options: Abortable): Promise<void> {
    const waiting = async (): Promise<ArrivalRecord | undefined> => {
      const record = await this.#context.ledger.arrivals.find(this.account, key);
      return record?.finished === null ? undefined : record;
    };
    if (!(await waiting())) return;
    await this.#live.alone(this.#who(key), async () => {
      const record = await waiting();
      if (record) await publishAs(this.#context, record, key, { ...options, conflict: "overwrite" });
    });
  }

  #note({ arriving, path, size }: Entry): void {
    const key = path.slice(1);
    const live = this.#live.find(this.#who(key));
    if (arriving && !(live && this.#writing.has(live))) this.#reported.set(key, size);
    else this.#reported.delete(key);
  }

  /**
   * A client goes on from the size that it was told, whatever came since from a connection that was about to end: what it
   * sends is what belongs there.
   */
  async #goBack(arrival: LiveArrival, name: string, mode: WriteMode): Promise<void> {
    const reported = this.#reported.get(name);
    this.#reported.delete(name);
    if (mode.truncate || reported === undefined || arrival.isUntouched || reported >= arrival.size) return;
    await arrival.goBack(reported);
    if (arrival.size === reported) return;
    await arrival.suspend();
    const why = `resume at ${arrival.size}`;
    throw new TransferError("conflict", `Cannot resume "/${name}" at ${reported}: ${why}`);
  }

  #who(name: string): Omit<Name, "door"> {
    return { owner: this.account, name };
  }

  /** Run something while nobody opens either file; always in the same order, so that no two wait for each other. */
  #alone(one: string, other: string, work: () => Promise<void>): Promise<void> {
    const [first, second] = one < other ? [one, other] : [other, one];
    return this.#live.alone(this.#who(first), () => this.#live.alone(this.#who(second), work));
  }

  async #moveFolder(from: string, to: string, options: Abortable): Promise<void> {
    await this.#folders("move", `/${from}`).move(from, to, { ...options, conflict: "fail" });
  }

  #folders(doing: string, path: string): AccountFolders {
    const { folders } = this.#files;
    if (folders) return folders;
    throw new TransferError("unsupported", `Cannot ${doing} the folder "${path}": the store has none`);
  }
}

function missing(doing: string, path: string): TransferError {
  return new TransferError("not-found", `Cannot ${doing} "${path}": no such file or folder`);
}

function onItsWay(doing: string, path: string): TransferError {
  return new TransferError("conflict", `Cannot ${doing} "${path}": it is still being uploaded`);
}

function taken(doing: string, from: string, to: string): TransferError {
  return new TransferError("conflict", `Cannot ${doing} "${from}" to "${to}": the name is taken`);
}
