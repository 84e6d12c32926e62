import { type Abortable, type StoreSpace, TransferError } from "@naru/core";
import { refuseClash } from "../catalogue/clashes.ts";
import { keepFolderOf } from "../catalogue/kept-folders.ts";
import { moveFile } from "../catalogue/move-file.ts";
import type { Rights } from "../catalogue/rights.ts";
import type { ArrivalRecord } from "../uploads/arrival-ledger.ts";
import { Entries } from "./entries.ts";
import { type DigestAsk, readDigests } from "./file-digest.ts";
import type { GatewayPlace } from "./gateway-place.ts";
import type { Arrival, ChecksumName, Entry, GatewaySession, Reading, WriteMode } from "./gateway-session.ts";
import type { LiveArrival } from "./live-arrival.ts";
import type { LiveArrivals, Name } from "./live-arrivals.ts";
import { publishAs } from "./moving.ts";
import { type OwnUploads, ownUploads } from "./own-uploads.ts";
import { plainPath } from "./paths.ts";
import { FileReading } from "./reading.ts";
import { spelledKey } from "./spelling.ts";

export interface SessionOptions {
  readonly place: GatewayPlace;
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
  readonly #place: GatewayPlace;
  readonly #live: LiveArrivals;
  readonly #door: string;
  readonly #entries: Entries;
  readonly #writing = new Set<LiveArrival>();
  readonly #reading = new Set<FileReading>();
  /** Sizes that this client was told of files on their way which others may still be writing. */
  readonly #told = new Map<string, number>();

  constructor({ place, live, account, door, rights }: SessionOptions) {
    this.account = account;
    this.uploads = place.uploads && ownUploads(place.uploads, { owner: account, rights });
    this.#place = place;
    this.#live = live;
    this.#door = door;
    this.#entries = new Entries({ place, live, owner: account, isMine: (arrival) => this.#writing.has(arrival) });
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
    const { store, ledger } = this.#place;
    const waiting = async (): Promise<ArrivalRecord | undefined> => {
      const record = await ledger.arrivals.find(this.account, key);
      return record?.finished === null ? undefined : record;
    };
    // Who reads a file that waits for its final name wants it as it is; of two at once the second finds it so.
    if (await waiting()) {
      await this.#live.alone(this.#who(key), async () => {
        const record = await waiting();
        if (record) await publishAs(this.#place, record, key, options);
      });
    }
    const entry = await this.#entries.stat(key, options);
    // Its owner is told the size of what came: the former file, cut to that, would pass for a whole one.
    // Who changes a finished file would be given what it was before.
    const live = this.#live.find(this.#who(key));
    if (entry?.arriving && !live?.isUntouched) throw onItsWay("read", path);
    const file = await store.stat(key, options);
    if (!file || !entry) throw missing("read", path);
    const reading = new FileReading(store, file, { ...entry, size: file.size, arriving: false });
    this.#reading.add(reading);
    return reading;
  }

  async remove(path: string, options: Abortable = {}): Promise<void> {
    const key = await this.#fileKey(path, options);
    const { store, ledger } = this.#place;
    const arriving = await this.#live.drop(this.#who(key));
    const file = await store.stat(key, options);
    if (!file && !arriving) throw missing("remove", path);
    if (!file || arriving) return;
    await ledger.paths.alone(key, async () => {
      await store.remove(key, options);
      await ledger.forgetChecksum(key);
      await ledger.facts.forget(key);
    });
    await keepFolderOf(this.#place.store, key, options);
  }

  async move(from: string, to: string, options: Abortable & { readonly replace?: boolean } = {}): Promise<void> {
    const source = await this.#fileKey(from, options);
    const target = await this.#fileKey(to, options);
    if (source === target) return;
    const { store, ledger, moves } = this.#place;
    // Its target is there by now, which is no clash.
    if (await moves.isBegun(source, target)) return await moves.move(source, target, options);
    moves.refuseOverlap(source, target);
    if (options.replace !== true && (await store.stat(target, options))) throw taken("move", from, to);
    const doing = `move "${from}" to "${to}"`;
    await refuseClash(store, { doing, path: target, kind: "file" }, options);
    const running = this.#live.find(this.#who(source));
    // Asked before the lock is taken, which would end the upload that others still write.
    if (running && !running.isUntouched) throw onItsWay("move", from);
    await this.#alone(source, target, async () => {
      const record = await ledger.arrivals.find(this.account, source);
      if (record && record.finished === null) throw onItsWay("move", from);
      if (record) {
        await publishAs(this.#place, record, target, { ...options, replace: options.replace === true });
        // What stood under the temporary name, an empty file that was closed before its bytes came, was replaced by it.
        if (record.path !== source) await store.remove(source, options);
      } else if (await store.stat(source, options)) {
        await moveFile(this.#place, source, target, { ...options, replace: options.replace === true });
      } else return await this.#moveFolder(source, target, options);
      // What was on its way to this name would hide the file that now has it.
      await this.#live.drop(this.#who(target));
    });
    await keepFolderOf(this.#place.store, source, options);
  }

  async makeFolder(path: string, options: Abortable = {}): Promise<void> {
    const key = await this.#key(path, options);
    const there = await this.#entries.stat(key, options);
    if (there) throw new TransferError("conflict", `Cannot create the folder "${path}": there is a ${there.kind}`);
    const { store } = this.#place;
    await refuseClash(store, { doing: `make the folder "${path}"`, path: key, kind: "folder" }, options);
    const { folders } = store;
    if (!folders) throw new TransferError("unsupported", `Cannot create the folder "${path}": the store has none`);
    await folders.make(key, options);
  }

  async removeFolder(path: string, options: Abortable = {}): Promise<void> {
    const key = await this.#fileKey(path, options);
    if (!(await this.#entries.hasFolder(key, options))) throw missing("remove the folder", path);
    for await (const page of this.#entries.list(key, options)) {
      if (page.length > 0) throw new TransferError("conflict", `Cannot remove the folder "${path}": it is not empty`);
    }
    const { folders } = this.#place.store;
    await folders?.remove(key, options);
    if (await folders?.has(key, options)) {
      const why = "it holds files whose names cannot be shown here; remove them over HTTP, by their keys";
      throw new TransferError("conflict", `Cannot remove the folder "${path}": ${why}`);
    }
    await keepFolderOf(this.#place.store, key, options);
  }

  async setModified(path: string, modified: Date, options: Abortable = {}): Promise<void> {
    const key = await this.#key(path, options);
    const { store, ledger } = this.#place;
    const live = this.#live.find(this.#who(key));
    if (live) return live.setModified(modified);
    const record = await ledger.arrivals.find(this.account, key);
    if (record) return ledger.arrivals.setModified(record.id, modified);
    const file = await store.stat(key, options);
    if (file) return ledger.facts.note(file, { modified: modified.getTime() });
    // Folders have no date; clients that set one mean well.
    if (!(await this.#entries.hasFolder(key, options))) throw missing("set the modification time of", path);
  }

  async checksum(path: string, name: ChecksumName, options: Abortable = {}): Promise<string | undefined> {
    const { store, ledger, digests } = this.#place;
    const key = await this.#fileKey(path, options);
    const record = await ledger.arrivals.find(this.account, key);
    if (record) return name === "crc64" ? undefined : digests.get(record.id)?.[name];
    const file = await store.stat(key, options);
    if (!file) throw missing("check", path);
    if (name === "crc64") return (await ledger.withChecksum(file)).crc64;
    return (await ledger.facts.look(file))?.[name] ?? undefined;
  }

  async digest(path: string, ask: DigestAsk, options: Abortable = {}): Promise<readonly string[]> {
    const key = await this.#fileKey(path, options);
    if ((await this.#entries.stat(key, options))?.arriving) throw onItsWay("compute the checksum of", path);
    const { length, name, start = 0 } = ask;
    const isWhole = start === 0 && length === undefined && ask.block === undefined;
    const known = isWhole && (name === "md5" || name === "sha256") && (await this.checksum(path, name, options));
    if (known) return [known];
    const file = await this.#place.store.stat(key, options);
    if (!file) throw missing("check", path);
    return readDigests(this.#place, file, ask, options);
  }

  async space(path: string, options: Abortable = {}): Promise<StoreSpace | undefined> {
    return this.#place.store.space?.({ ...options, path: plainPath(path) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#writing].map((arrival) => arrival.suspend()));
    await Promise.all([...this.#reading].map((reading) => reading.close()));
  }

  #key(path: string, options: Abortable): Promise<string> {
    return spelledKey(this.#place.store, path, options);
  }

  async #fileKey(path: string, options: Abortable): Promise<string> {
    const key = await this.#key(path, options);
    if (key === "") throw new TransferError("conflict", `Cannot use "${path}": it is the root`);
    return key;
  }

  #note({ arriving, path, size }: Entry): void {
    const key = path.slice(1);
    const live = this.#live.find(this.#who(key));
    if (arriving && !(live && this.#writing.has(live))) this.#told.set(key, size);
    else this.#told.delete(key);
  }

  /**
   * A client goes on from the size that it was told, whatever came since from a connection that was about to end: what it
   * sends is what belongs there.
   */
  async #goBack(arrival: LiveArrival, name: string, mode: WriteMode): Promise<void> {
    const told = this.#told.get(name);
    this.#told.delete(name);
    if (mode.truncate || told === undefined || arrival.isUntouched || told >= arrival.size) return;
    await arrival.goBack(told);
    if (arrival.size === told) return;
    await arrival.suspend();
    const why = `resume at ${arrival.size}`;
    throw new TransferError("conflict", `Cannot resume "/${name}" at ${told}: ${why}`);
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
    if (!(await this.#entries.hasFolder(from, options))) throw missing("move", `/${from}`);
    if (`${to}/`.startsWith(`${from}/`)) {
      throw new TransferError("invalid", `Cannot move "/${from}" to "/${to}": the target is inside it`);
    }
    if (await this.#place.store.stat(to, options)) throw taken("move", `/${from}`, `/${to}`);
    for (const folder of [from, to]) {
      const arriving = await this.#place.ledger.arrivals.listBelow(this.account, `${folder}/`);
      if (arriving.length === 0) continue;
      throw new TransferError("conflict", `Cannot move "/${from}": a file is being uploaded into "/${folder}"`);
    }
    await this.#place.moves.move(from, to, options);
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
