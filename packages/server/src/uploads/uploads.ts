import { randomBytes } from "node:crypto";
import {
  type Abortable,
  type Body,
  type CreateUpload,
  choosePartSize,
  type Files,
  isTransferError,
  type Part,
  type PartToSign,
  type SignedParts,
  type Store,
  type StoredFile,
  TransferError,
  toWireReceipt,
  type Upload,
  type WirePartDigest,
  type WireReceipt,
  type WireUpload,
  wholeDigest,
} from "@naru/core";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { UploadRow } from "../database/tables/uploads.ts";
import type { Locks } from "../locks/locks.ts";
import type { Log } from "../log.ts";
import { mapPool } from "../pool.ts";
import { beginUpload, conflictOf } from "./begin-upload.ts";
import { finishUpload } from "./finish-upload.ts";
import type { Holder, PutPartOptions } from "./holder.ts";
import { decodeTail, removeTail } from "./kept-tail.ts";
import { leadingTo } from "./leading-to.ts";
import { checkLease, checkOwner, gone, hasDigest, isDirect, partOf, refuseArrival } from "./upload-checks.ts";
import type { UploadLedger } from "./upload-ledger.ts";
import type { UploadsOptions } from "./uploads-options.ts";
import { wireArrival, wireReceipts, wireUpload } from "./wire-upload.ts";

const mostAsked = 100;
const askedAtOnce = 8;
/** Cached handles of uploads at the store; a part must not pay for looking its upload up. */
const maxHandles = 5000;

/** Uploads as their owners see them: named, leased, remembered in the ledger. Bytes go on to the store. */
export class Uploads {
  readonly #store: Store & Files;
  readonly #ledger: UploadLedger;
  readonly #catalogue: Catalogue;
  readonly #now: () => number;
  readonly #ttlMs: number;
  readonly #log: Log;
  readonly #handles = new Map<string, Upload>();
  readonly #locks: Locks;

  constructor({ store, ledger, catalogue, locks, now, ttlMs, log }: UploadsOptions) {
    this.#store = store;
    this.#ledger = ledger;
    this.#catalogue = catalogue;
    this.#locks = locks;
    this.#now = now;
    this.#ttlMs = ttlMs;
    this.#log = log;
  }

  /** Make an upload and take its lease. */
  async create(wish: CreateUpload, { door = "http", owner, rights, signal }: Holder): Promise<WireUpload> {
    const limits = this.#store.limitsFor(wish.path);
    const partSize = choosePartSize(wish.size, limits, wish.partSize);
    rights?.check("write", wish.path, "send");
    const conflict = conflictOf(wish, rights);
    const { claims } = this.#catalogue;
    using begun = await beginUpload(wish, { claims, conflict, partSize, signal, store: this.#store });
    const { path, upload } = begun;
    const now = this.#now();
    const row: UploadRow = {
      id: randomBytes(15).toString("base64url"),
      owner,
      store_id: upload.id,
      path,
      size: wish.size,
      kind: "planned",
      part_size: partSize,
      type: wish.type ?? null,
      modified: wish.modified ?? null,
      conflict,
      created: now,
      expires: now + this.#ttlMs,
      epoch: 1,
      confirmed: 0,
      state: "open",
      file: null,
    };
    await this.#ledger.insert(row, door).catch(async (error: unknown) => {
      await upload.abort().catch(() => undefined);
      throw error;
    });
    this.#remember(row.id, upload);
    this.#log.info({ upload: row.id, owner, size: row.size }, "upload created");
    return wireUpload(row, { limits, direct: isDirect(upload), epoch: 1, receipts: [] });
  }

  /** My unfinished uploads; how far the newest are is asked at the store, since on the direct route it alone knows. */
  async listMine(owner: string, options: Abortable = {}): Promise<readonly WireUpload[]> {
    const rows = await this.#ledger.listOpen(owner, this.#now());
    const { direct } = this.#store;
    return mapPool(rows, askedAtOnce, async (row, index) => {
      const asLedger = wireUpload(row, { limits: this.#store.limitsFor(row.path), direct });
      if (index >= mostAsked && row.kind === "planned") return asLedger;
      // An upload that the store does not tell about is listed all the same: its owner can abort it.
      const { receipts, ...told } = await this.#describe(row, undefined, options).catch(() => ({
        ...asLedger,
        receipts: [],
      }));
      return told;
    });
  }

  /** Look, without taking the lease; its epoch tells whoever held it that it was taken over. */
  async get(id: string, holder: Holder): Promise<WireUpload> {
    const row = await this.#open(id, holder);
    return this.#describe(row, row.epoch, { signal: holder.signal });
  }

  /** Take the lease over; who held it gets `superseded` from now on. */
  async resume(id: string, holder: Holder): Promise<WireUpload> {
    const row = await this.#open(id, holder);
    refuseArrival(row);
    const expires = this.#now() + this.#ttlMs;
    const epoch = await this.#ledger.takeLease(row.id, expires);
    this.#log.info({ upload: id, owner: row.owner, epoch }, "upload resumed");
    return this.#describe({ ...row, expires, epoch }, epoch, { signal: holder.signal });
  }

  /** Sign parts for the direct route; their digests are kept. */
  async sign(id: string, parts: readonly WirePartDigest[], holder: Holder): Promise<SignedParts> {
    const row = await this.#held(id, holder);
    const upload = await this.#handle(row, holder);
    if (!upload.presign) {
      throw new TransferError("unsupported", `Cannot sign parts of "${id}": the store has no direct route`);
    }
    const toSign = parts.map(({ number, md5, crc64 }): PartToSign => {
      const digest = { ...(md5 !== undefined && { md5 }), ...(crc64 !== undefined && { crc64 }) };
      return { ...partOf(row, number), digest };
    });
    const signed = await upload.presign(toSign, { signal: holder.signal });
    await this.#ledger.noteDigests(id, parts.filter(hasDigest));
    await this.#extend(row);
    return {
      parts: signed.map(({ part, url, headers, expires }) => ({
        number: part.number,
        url,
        headers,
        expires: expires.toISOString(),
      })),
    };
  }

  /** Find the part that a body is to be, before the body is read. */
  async expect(id: string, number: number, holder: Holder): Promise<Part> {
    return partOf(await this.#held(id, holder), number);
  }

  /** Write one part through this server. */
  async put(id: string, number: number, body: Body, options: PutPartOptions): Promise<WireReceipt> {
    const { crc32, digest, signal } = options;
    const row = await this.#held(id, options);
    const part = partOf(row, number);
    const upload = await this.#handle(row, options);
    const receipt = await this.#atStore(row, () => upload.put(part, body, { signal, digest: wholeDigest(digest) }));
    // A newcomer may have taken over while the bytes flowed; this receipt is not the former holder's to have.
    await this.#held(id, options);
    await this.#ledger.noteReceipt(id, receipt, { ...receipt.digest, ...digest, crc32: crc32?.hex() });
    await this.#extend(row);
    return toWireReceipt({ ...receipt, digest: { ...digest, ...receipt.digest } });
  }

  /** Make the file appear. For a day after, the same call gives the same answer. */
  complete(id: string, parts: readonly WirePartDigest[], holder: Holder): Promise<StoredFile> {
    return this.#locks.run(`upload ${id}`, async () => {
      const row = await this.#owned(id, holder);
      refuseArrival(row);
      checkLease(row, holder);
      const { door = "http", signal } = holder;
      const handle = (): Promise<Upload> => this.#handle(row, holder);
      const file = await finishUpload(row, {
        parts,
        door,
        catalogue: this.#catalogue,
        ledger: this.#ledger,
        handle,
        signal,
      });
      this.#handles.delete(id);
      this.#log.info({ upload: id, owner: row.owner, size: row.size }, "upload complete");
      return file;
    });
  }

  /** Forget an upload, here and at the store. */
  abort(id: string, holder: Holder): Promise<void> {
    return this.#locks.run(`upload ${id}`, async () => {
      const row = await this.#ledger.get(id);
      if (!row) return;
      checkOwner(row, holder);
      await this.#catalogue.settle({ upload: id });
      if ((await this.#ledger.get(id))?.state === "complete") return;
      await this.drop(row, { signal: holder.signal });
      this.#log.info({ upload: id, owner: row.owner }, "upload aborted");
    });
  }

  /** Abort at the store and forget; for the reaper too. */
  async drop({ id }: Pick<UploadRow, "id">, options: Abortable = {}): Promise<void> {
    // It may have become a file, though the answer was lost.
    await this.#catalogue.settle({ upload: id });
    const row = await this.#ledger.get(id);
    if (!row) return;
    if (row.state !== "complete") {
      await this.#atStore(row, async () => {
        const upload = this.#handles.get(row.id) ?? (await this.#store.resume(row.store_id, options));
        await upload.abort(options);
      }).catch((error: unknown) => {
        if (!isTransferError(error) || error.code !== "not-found") throw error;
      });
    }
    this.#handles.delete(row.id);
    const arrival = row.kind === "planned" ? undefined : await this.#ledger.arrivals.get(row.id);
    if (arrival) await removeTail(this.#store, decodeTail(arrival.tail));
    await this.#ledger.remove(row.id);
  }

  async #describe(row: UploadRow, epoch: number | undefined, options: Abortable): Promise<WireUpload> {
    const arrival = row.kind === "planned" ? undefined : await this.#ledger.arrivals.get(row.id);
    if (arrival) return wireArrival(row, arrival, this.#store.limitsFor(row.path));
    const upload = await this.#handle(row, options);
    const held = await this.#atStore(row, () => upload.receipts(options));
    const receipts = wireReceipts(held, await this.#ledger.listDigests(row.id));
    const wire = wireUpload(row, {
      limits: this.#store.limitsFor(row.path),
      direct: isDirect(upload),
      epoch,
      receipts,
    });
    if (wire.confirmed !== row.confirmed) await this.#ledger.update(row.id, { confirmed: wire.confirmed });
    return wire;
  }

  async #owned(id: string, holder: Holder): Promise<UploadRow> {
    const row = await this.#ledger.get(id);
    if (!row || row.state === "piped" || row.expires <= this.#now()) throw gone(id);
    checkOwner(row, holder);
    return row;
  }

  async #open(id: string, holder: Holder): Promise<UploadRow> {
    const row = await this.#owned(id, holder);
    if (row.state === "complete") throw gone(id);
    return row;
  }

  async #held(id: string, holder: Holder): Promise<UploadRow> {
    const row = await this.#owned(id, holder);
    refuseArrival(row);
    // Who was taken over must not begin anew because the newcomer has finished already.
    checkLease(row, holder);
    if (row.state === "complete") throw gone(id);
    return row;
  }

  async #handle(row: UploadRow, options: Abortable): Promise<Upload> {
    const known = this.#handles.get(row.id);
    if (known) return known;
    return this.#remember(row.id, leadingTo(row, await this.#store.resume(row.store_id, { signal: options.signal })));
  }

  #remember(id: string, upload: Upload): Upload {
    const oldest = this.#handles.size >= maxHandles ? this.#handles.keys().next().value : undefined;
    if (oldest !== undefined) this.#handles.delete(oldest);
    this.#handles.set(id, upload);
    return upload;
  }

  /** A handle whose upload is gone at the store is of no more use. */
  async #atStore<T>(row: UploadRow, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (isTransferError(error) && error.code === "not-found") this.#handles.delete(row.id);
      throw error;
    }
  }

  async #extend(row: UploadRow): Promise<void> {
    const expires = this.#now() + this.#ttlMs;
    // To the minute: not every part needs a write.
    if (expires - row.expires > Math.min(60_000, this.#ttlMs / 10)) await this.#ledger.update(row.id, { expires });
  }
}
