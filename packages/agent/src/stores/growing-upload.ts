import {
  type Abortable,
  type Body,
  type CompleteOptions,
  combineAllCrc64,
  countParts,
  orAborted,
  type Part,
  type PartDigest,
  type PutOptions,
  partAt,
  type Receipt,
  type StoredFile,
  TransferError,
  type Upload,
  type UploadSpec,
} from "@naru/core";
import { checkedBody } from "./checked-body.ts";
import { encodeId, type GrowingSpec } from "./growing-id.ts";
import type { GrowingRemote, Written } from "./growing-remote.ts";

const patienceMs = 2000;

/** An upload into a file that grows. The file's size is the authority on what has come. */
export class GrowingUpload implements Upload {
  readonly id: string;
  readonly spec: UploadSpec;
  readonly #partSize: number;
  readonly #waiting: string;
  readonly #remote: GrowingRemote;
  readonly #digests = new Map<number, PartDigest>();
  #turn: Promise<unknown> = Promise.resolve();
  /** The last part that was begun, or there: none after the next may be put. */
  #latest = 0;
  /** Whether each part that was begun here is durable. A part is cut off with the one before it, so it waits for that. */
  readonly #proofs = new Map<number, Promise<void>>();
  /** Up to here parts have receipts. */
  #proven = 0;
  readonly #waitingFor = new Map<number, () => void>();
  #done: StoredFile | undefined;
  #gone = false;

  constructor(full: GrowingSpec, remote: GrowingRemote) {
    const { token, ...spec } = full;
    this.id = encodeId(full);
    this.spec = spec;
    this.#partSize = full.partSize;
    this.#waiting = remote.waitingName(full.path, token);
    this.#remote = remote;
  }

  async receipts({ signal }: Abortable = {}): Promise<readonly Receipt[]> {
    signal?.throwIfAborted();
    const covered = this.#covered(await this.#size("list", { signal }));
    this.#latest = Math.max(this.#latest, covered.length);
    this.#proven = covered.length;
    return covered.map((part) => this.#receipt(part));
  }

  async put(part: Part, body: Body, options: PutOptions = {}): Promise<Receipt> {
    options.signal?.throwIfAborted();
    this.#mustFit(part);
    await this.#predecessor(part, options);
    const before = this.#proofs.get(part.number - 1);
    // One after another, whatever the caller does: a file grows at its end only.
    const work = this.#turn.then(() => this.#write(part, body, options));
    this.#turn = work.catch(() => undefined);
    const proof = Promise.all([work.then(({ durable }) => durable), before]).then(() => undefined);
    this.#begun(part.number, proof);
    await orAborted(proof, options);
    if (options.digest !== undefined) this.#digests.set(part.number, options.digest);
    return this.#receipt(part);
  }

  async complete({ signal, digests }: CompleteOptions = {}): Promise<StoredFile> {
    signal?.throwIfAborted();
    if (this.#done !== undefined) return this.#done;
    const held = await this.#size("complete", { signal });
    const { path, size = held, modified, type } = this.spec;
    if (held < size) {
      throw new TransferError("incomplete", `Cannot complete "${path}": byte ${held} of ${size} has not arrived`);
    }
    if (held > size) {
      throw new TransferError("conflict", `Cannot complete "${path}": the server has ${held} bytes instead of ${size}`);
    }
    const file = await this.#remote.publish(this.#waiting, path, modified, { signal });
    if (file.size !== size) {
      throw new TransferError("conflict", `Cannot verify "${path}": it has ${file.size} bytes instead of ${size}`);
    }
    this.#done = { ...file, path, type, crc64: this.#wholeCrc64(size, digests) };
    return this.#done;
  }

  async abort({ signal }: Abortable = {}): Promise<void> {
    signal?.throwIfAborted();
    if (this.#gone || this.#done !== undefined) return;
    this.#gone = true;
    await this.#turn;
    await this.#remote.remove(this.#waiting, { signal });
  }

  /** Callers may be ready with a part before they are with the one before it: that one has a moment to come first. */
  async #predecessor({ number }: Part, options: Abortable): Promise<void> {
    if (number <= this.#latest + 1) return;
    const begun = new Promise<void>((resolve) => this.#waitingFor.set(number - 1, resolve));
    using patience = deadline(patienceMs);
    await orAborted(Promise.race([begun, patience.over]), options);
    this.#waitingFor.delete(number - 1);
    if (number > this.#latest + 1) {
      const why = `part ${this.#latest + 1} comes first, since files on this server only grow`;
      throw new TransferError("unavailable", `Cannot put part "${number}": ${why}`);
    }
  }

  #begun(number: number, proof: Promise<void>): void {
    this.#latest = number;
    this.#proven = Math.min(this.#proven, number - 1);
    this.#proofs.set(number, proof);
    proof.then(
      () => {
        this.#proven = Math.max(this.#proven, number);
      },
      () => {
        // It comes again, and what follows it after it.
        if (this.#proofs.get(number) === proof) this.#latest = Math.min(this.#latest, number - 1);
      },
    );
    this.#waitingFor.get(number)?.();
  }

  async #write(part: Part, body: Body, options: PutOptions): Promise<Written> {
    const { signal, digest, onProgress } = options;
    signal?.throwIfAborted();
    const goesOn = part.size > 0 && this.#remote.end(this.#waiting) === part.offset;
    if (!goesOn) await this.#clear(part, { signal });
    this.#forgetFrom(part.number);
    const chunks = checkedBody(part, body, { signal, digest });
    return this.#remote.write(this.#waiting, part.offset, chunks, { signal, onProgress, goesOn });
  }

  /** See to it that the file ends where the part begins, or in it. */
  async #clear(part: Part, { signal }: Abortable): Promise<void> {
    const held = await this.#size("put", { signal });
    if (held < Math.min(this.#proven * this.#partSize, part.offset)) {
      const why = `the server has only ${held} bytes left of what it had confirmed`;
      throw new TransferError("not-found", `Cannot put part "${part.number}": ${why}`);
    }
    if (part.offset > held) {
      const why = `byte ${held} comes first, since files on this server only grow`;
      throw new TransferError("unavailable", `Cannot put part "${part.number}": ${why}`);
    }
    // Were it overwritten where it is, the size would go on to vouch for it, whatever becomes of this try.
    if (this.#covers(held, part) && part.size > 0) await this.#remote.cut(this.#waiting, part.offset, { signal });
  }

  async #size(verb: string, options: Abortable): Promise<number> {
    const size = this.#gone ? undefined : await this.#remote.size(this.#waiting, options);
    if (size === undefined) {
      throw new TransferError("not-found", `Cannot ${verb} "${this.spec.path}": there is no such upload`);
    }
    return size;
  }

  #covers(held: number, part: Part): boolean {
    return part.offset + part.size <= held;
  }

  #covered(held: number): readonly Part[] {
    // Without a size the file may end anywhere: only whole parts count.
    const size = this.spec.size ?? Math.floor(held / this.#partSize) * this.#partSize;
    if (this.spec.size === undefined && size === 0) return [];
    const numbers = Array.from({ length: countParts(Math.min(size, held), this.#partSize) }, (_, index) => index + 1);
    const parts = numbers.flatMap((number) => partAt(size, this.#partSize, number) ?? []);
    return parts.filter((part) => this.#covers(held, part));
  }

  #receipt({ number, offset, size }: Part): Receipt {
    return { part: { number, offset, size }, etag: `${offset}+${size}`, digest: this.#digests.get(number) };
  }

  #mustFit(part: Part): void {
    const { number, offset, size } = part;
    const planned =
      this.spec.size === undefined
        ? { offset: (number - 1) * this.#partSize, size: Math.min(size, this.#partSize) }
        : partAt(this.spec.size, this.#partSize, number);
    if (planned?.offset !== offset || planned.size !== size) {
      throw new TransferError("invalid", `Cannot put part "${number}": it is not a part of the plan`);
    }
  }

  #forgetFrom(number: number): void {
    for (const known of this.#digests.keys()) if (known >= number) this.#digests.delete(known);
  }

  #wholeCrc64(size: number, digests: CompleteOptions["digests"]): string | undefined {
    const parts = Array.from({ length: countParts(size, this.#partSize) }, (_, index) => {
      const known = this.#digests.get(index + 1) ?? digests?.get(index + 1);
      const part = partAt(size, this.#partSize, index + 1);
      return known === undefined || part === undefined ? [] : [{ size: part.size, crc64: known.crc64 }];
    }).flat();
    return parts.length === countParts(size, this.#partSize) ? combineAllCrc64(parts) : undefined;
  }
}

function deadline(ms: number): Disposable & { readonly over: Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  return { over, [Symbol.dispose]: () => clearTimeout(timer) };
}
