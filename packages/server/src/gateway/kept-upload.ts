import { randomBytes } from "node:crypto";
import {
  type Abortable,
  defaultConflict,
  isTransferError,
  type Limits,
  type Part,
  type PartDigest,
  type Receipt,
  type StoredFile,
  TransferError,
  type Upload,
} from "@naru/core";
import type { Caller } from "../catalogue/file-events.ts";
import { encodeTail, type KeptTail, noTail, removeTail } from "../uploads/kept-tail.ts";
import type { GatewayContext } from "./gateway-context.ts";

/** What an arrival is, before anything of it is at the store. */
export interface ArrivalFacts {
  readonly owner: string;
  readonly door: string;
  /** What its owner calls it. */
  readonly name: string;
  /** Where it is to appear: the same, or the name without `.filepart`. */
  readonly key: string;
  readonly hint?: number | undefined;
  readonly partSize: number;
  readonly modified?: Date | undefined;
  /** Made of a finished file: cut off, it is nothing to resume. */
  readonly edit?: boolean | undefined;
}

export interface Begun {
  readonly id: string;
  readonly epoch: number;
  readonly upload: Upload;
}

/** The upload at the store and its line in the ledger, made when the first byte has to go somewhere. */
export class KeptUpload {
  readonly #context: GatewayContext;
  readonly #facts: ArrivalFacts;
  #begun: Begun | undefined;
  #beginning: Promise<Begun> | undefined;
  #tail: KeptTail;
  #expires = 0;

  constructor(
    context: GatewayContext,
    facts: ArrivalFacts,
    known?: { readonly begun: Begun; readonly tail: KeptTail },
  ) {
    this.#context = context;
    this.#facts = facts;
    this.#begun = known?.begun;
    this.#tail = known?.tail ?? noTail;
  }

  /** Whose it is, and by which door it comes. */
  get by(): Caller {
    return { account: this.#facts.owner, door: this.#facts.door };
  }

  /** The ledger's id, once there is one. */
  get id(): string | undefined {
    return this.#begun?.id;
  }

  async begin(modified: Date | undefined, options: Abortable): Promise<Begun> {
    if (this.#begun) return this.#begun;
    this.#beginning ??= this.#begin(modified, options).finally(() => {
      this.#beginning = undefined;
    });
    return this.#beginning;
  }

  /** What the store can bear where the file is to appear. */
  get limits(): Limits {
    return this.#context.store.limitsFor(this.#facts.key);
  }

  /** When the file is said to be modified, as the store was told at the beginning. */
  get modified(): Date | undefined {
    return this.#begun?.upload.spec.modified;
  }

  /** Whether the store gives parts back before the file is whole; it can leave them out of it, too. */
  get readsBack(): boolean {
    return this.#begun?.upload.readPart !== undefined;
  }

  /** Whether the store takes what it needs of a part's digests, once the upload is begun. */
  get hashesItself(): boolean {
    return this.#begun?.upload.hashesItself === true;
  }

  /** The bytes of a part that is at the store; `undefined` if it does not give them back. */
  async readBack(part: Part, options: Abortable = {}): Promise<ReadableStream<Uint8Array> | undefined> {
    return this.#begun?.upload.readPart?.(part, options);
  }

  /** @throws {TransferError} `superseded` if someone took over, `not-found` if it was aborted */
  async checkLease(): Promise<void> {
    if (!this.#begun) return;
    const { id, epoch } = this.#begun;
    const row = await this.#context.ledger.get(id);
    const { name } = this.#facts;
    if (!row) throw new TransferError("not-found", `Cannot resume "${name}": it was aborted`);
    if (row.epoch !== epoch) throw new TransferError("superseded", `Cannot resume "${name}": it was opened again`);
  }

  async noteReceipt(receipt: Receipt, durable: () => number): Promise<void> {
    const { ledger, now, ttlMs } = this.#context;
    if (!this.#begun) return;
    const { id } = this.#begun;
    await this.checkLease();
    await ledger.noteReceipt(id, receipt, receipt.digest);
    await ledger.arrivals.update(id, { durable: durable() });
    const expires = now() + ttlMs;
    if (expires - this.#expires > Math.min(60_000, ttlMs / 10)) {
      this.#expires = expires;
      await ledger.update(id, { expires });
    }
  }

  async noteDurable(durable: number): Promise<void> {
    if (!this.#begun) return;
    const { ledger, now, ttlMs } = this.#context;
    await this.checkLease();
    await ledger.arrivals.update(this.#begun.id, { durable });
    await ledger.update(this.#begun.id, { expires: now() + ttlMs });
  }

  /** Say which hidden files hold the tail, before they are written: whatever happens, they can be found. */
  async noteTail(tail: KeptTail): Promise<void> {
    if (!this.#begun) return;
    const before = this.#tail.pieces;
    await this.#context.ledger.arrivals.update(this.#begun.id, { tail: encodeTail(tail) });
    this.#tail = tail;
    const kept = new Set(tail.pieces.map(({ path }) => path));
    await removeTail(this.#context.store, { pieces: before.filter(({ path }) => !kept.has(path)) });
  }

  /** Parts after the first `count` are not of the file any more, though the store has them. */
  async forgetParts(count: number): Promise<void> {
    if (this.#begun) await this.#context.ledger.arrivals.forgetParts(this.#begun.id, count);
  }

  /** A part is about to be put again with other bytes: until then it does not count, whatever happens. */
  async forgetPart(number: number): Promise<void> {
    if (this.#begun) await this.#context.ledger.arrivals.forgetPart(this.#begun.id, number);
  }

  /** Cut off, it is nothing to resume from now on, or it is. */
  async noteEdit(edit: boolean): Promise<void> {
    if (this.#begun) await this.#context.ledger.arrivals.update(this.#begun.id, { edit: edit ? 1 : 0 });
  }

  /** It waits for its final name from now on, or no longer. */
  async noteFinished(finished: number | null): Promise<void> {
    if (this.#begun) await this.#context.ledger.arrivals.update(this.#begun.id, { finished, edit: 0 });
  }

  /** Have the store make the file of these parts appear. */
  async complete(receipts: readonly Receipt[], options: Abortable): Promise<StoredFile> {
    const { upload, id } = await this.begin(undefined, options);
    const digests = await this.#digests(id, receipts);
    return await upload.complete({ ...options, digests, count: receipts.length });
  }

  /** Take it out of the ledger; its hidden files too. */
  async close(): Promise<void> {
    if (!this.#begun) return;
    await removeTail(this.#context.store, this.#tail).catch((error: unknown) => {
      this.#context.log.warn({ upload: this.id, err: error }, "cannot remove the kept tail of an upload");
    });
    await this.#context.ledger.remove(this.#begun.id);
  }

  /** Forget it, at the store too. */
  async abort(): Promise<void> {
    const begun = this.#begun ?? (await this.#beginning?.catch(() => undefined));
    if (!begun) return;
    // It may have become a file, though the answer was lost.
    await this.#context.catalogue.settle({ upload: begun.id });
    await forgetAtStore(begun.upload);
    await this.close();
  }

  /** Forget what is at the store; the next byte that has to go somewhere begins another upload. */
  async startOver(): Promise<void> {
    const begun = this.#begun;
    if (!begun) return;
    await this.checkLease();
    // From here on its removal from the ledger is not ours.
    this.#begun = undefined;
    const pieces = this.#tail;
    this.#tail = noTail;
    await forgetAtStore(begun.upload);
    await removeTail(this.#context.store, pieces);
    await this.#context.ledger.forget(begun.id);
    this.#context.confirmed.delete(begun.id);
  }

  async #begin(modified: Date | undefined, options: Abortable): Promise<Begun> {
    const { store, ledger, now, ttlMs, log } = this.#context;
    const { owner, door, name, key, hint, partSize, edit = false } = this.#facts;
    const upload = await store.create({ path: key, modified }, options);
    const id = randomBytes(15).toString("base64url");
    const created = now();
    const row = {
      id,
      owner,
      store_id: upload.id,
      path: key,
      size: hint ?? 0,
      type: null,
      kind: "growing" as const,
      part_size: 0,
      modified: modified?.toISOString() ?? null,
      conflict: defaultConflict.door,
      created,
      expires: created + ttlMs,
      epoch: 1,
      confirmed: 0,
      state: "open" as const,
      file: null,
    };
    const known = hint === undefined ? 0 : 1;
    const arrival = {
      upload: id,
      door,
      name,
      part_size: partSize,
      size_known: known,
      durable: 0,
      tail: encodeTail(noTail),
      finished: null,
      edit: edit ? 1 : 0,
    };
    await ledger.arrivals.insert(row, arrival).catch(async (error: unknown) => {
      await upload.abort().catch(() => undefined);
      throw error;
    });
    log.info({ upload: id, owner, door, path: name }, "arrival begun");
    this.#begun = { id, epoch: 1, upload };
    return this.#begun;
  }

  /** What the ledger knows of these very parts. */
  async #digests(id: string, receipts: readonly Receipt[]): Promise<Map<number, PartDigest>> {
    const etags = new Map(receipts.map(({ part, etag }) => [part.number, etag]));
    const digests = new Map<number, PartDigest>();
    for (const { number, md5, crc64, etag } of await this.#context.ledger.listDigests(id)) {
      if (md5 && crc64 && etag === etags.get(number)) digests.set(number, { md5, crc64 });
    }
    return digests;
  }
}

async function forgetAtStore(upload: Upload): Promise<void> {
  await upload.abort().catch((error: unknown) => {
    if (!isTransferError(error) || error.code !== "not-found") throw error;
  });
}
