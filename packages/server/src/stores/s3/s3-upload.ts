import {
  type Abortable,
  type Body,
  type CompleteOptions,
  type CopySource,
  type Part,
  type PartDigest,
  type PartToSign,
  type PutOptions,
  type Receipt,
  type SignedPart,
  type StoredFile,
  TransferError,
  type Upload,
  type UploadSpec,
} from "@naru/core";
import { mapPool } from "../../pool.ts";
import { checkPart, isPlanned, md5Missing } from "../part-coverage.ts";
import { existingKeyOf } from "./bucket-address.ts";
import type { BucketContext } from "./bucket-context.ts";
import { isReadByStore } from "./copy-object.ts";
import { emptyParts } from "./empty-parts.ts";
import { endUpload } from "./end-upload.ts";
import { checkUnspoilt } from "./late-parts.ts";
import { listParts } from "./list-parts.ts";
import { PartsUnderway } from "./parts-underway.ts";
import type { ListedPart } from "./s3-answers.ts";
import { type FinishOptions, finish, finished } from "./s3-completion.ts";
import { isMd5, sendBody } from "./send-body.ts";
import { partHeaders } from "./signer.ts";
import { encodeUploadKey, noUpload, type UploadKey } from "./upload-id.ts";
import { UploadMark } from "./upload-mark.ts";

/** As many as Node has threads for what takes long: an RSA signature does. */
const signedAtOnce = 4;

/** A multipart upload. The store lists the parts; nothing is remembered here but digests. */
export class S3Upload implements Upload {
  readonly id: string;
  readonly spec: UploadSpec;
  /** Where the store fills parts from a file that it has. */
  readonly copyPart?: (part: Part, from: CopySource, options?: Abortable) => Promise<Receipt>;
  readonly #context: BucketContext;
  readonly #uploadKey: UploadKey;
  readonly #mark: UploadMark;
  readonly #digests = new Map<number, PartDigest>();
  readonly #underway = new PartsUnderway();
  #arrived: StoredFile | undefined;

  constructor(context: BucketContext, uploadKey: UploadKey) {
    this.id = encodeUploadKey(uploadKey);
    this.spec = uploadKey.spec;
    this.#context = context;
    this.#uploadKey = uploadKey;
    this.#mark = new UploadMark(context, uploadKey);
    if (context.facts.profile.copiesParts.is)
      this.copyPart = (part, from, options) => this.#copyPart(part, from, options);
  }

  /** Write beside it that it is ours; done when that is there, or could not be written. */
  mark(): Promise<void> {
    return this.#mark.touch();
  }

  async receipts(options: Abortable = {}): Promise<readonly Receipt[]> {
    return this.#receiptsOf(await listParts(this.#context, this.#uploadKey, options));
  }

  async put(part: Part, body: Body, options: PutOptions = {}): Promise<Receipt> {
    options.signal?.throwIfAborted();
    this.#check(part);
    const { signer, wire, endpoint } = this.#context;
    const { url } = await signer.presignPart(endpoint, this.#uploadKey, { ...part, digest: options.digest });
    const what = `part ${part.number} of "${this.spec.path}"`;
    const { md5Etags } = this.#uploadKey;
    const marked = this.mark();
    const sending = { url, size: part.size, md5Etags, what };
    const { etag, digest } = await this.#underway.run(options, ({ signal, sent }) => {
      const onProgress = (bytes: number): void => {
        if (bytes === part.size) sent();
        options.onProgress?.(bytes);
      };
      return sendBody(wire, sending, body, { ...options, signal, onProgress });
    });
    await marked;
    this.#digests.set(part.number, digest);
    return { part, etag, digest };
  }

  async #copyPart(part: Part, from: CopySource, options: Abortable = {}): Promise<Receipt> {
    const { control, prefix } = this.#context;
    this.#check(part);
    const source = existingKeyOf(from.path, prefix);
    if (!isReadByStore(this.#context, source)) {
      throw new TransferError(
        "unsupported",
        `Cannot copy "${from.path}": the store mistakes a percent sign in its name`,
      );
    }
    const range = { start: from.start, end: from.start + part.size };
    const target = { ...this.#uploadKey, number: part.number, etag: from.etag };
    const marked = this.mark();
    const etag = await this.#underway.run(options, ({ signal, sent }) => {
      // It is the store that writes: to hang up does not stop it.
      sent();
      return control.copyPart(source, target, range, { signal });
    });
    await marked;
    return { part, etag };
  }

  async presign(parts: readonly PartToSign[], { signal }: Abortable = {}): Promise<readonly SignedPart[]> {
    signal?.throwIfAborted();
    const { facts, signer, publicEndpoints } = this.#context;
    const lifeSeconds = facts.profile.partLifeSeconds.is;
    void this.mark();
    // Files of one part go round too, not all to the first.
    const turn = Buffer.from(this.#uploadKey.uploadId).reduce((sum, byte) => sum + byte, 0);
    for (const { digest, ...part } of parts) {
      this.#check(part);
      if (part.size > 0 && !digest?.md5) throw md5Missing(part, this.spec);
    }
    return mapPool(parts, signedAtOnce, async (toSign) => {
      const { digest, number, offset, size } = toSign;
      const endpoint = publicEndpoints[(number + turn) % publicEndpoints.length] ?? publicEndpoints[0];
      const { url, expires } = await signer.presignPart(endpoint, this.#uploadKey, toSign, { lifeSeconds });
      const part = { number, offset, size };
      // A browser gives the length itself, and may not be told it.
      return { part, method: "PUT", url, headers: partHeaders(size, digest?.md5), expires };
    });
  }

  async complete(options: CompleteOptions = {}): Promise<StoredFile> {
    options.signal?.throwIfAborted();
    if (this.#arrived !== undefined) return this.#arrived;
    let unmarking: Promise<void> | undefined;
    const onCompleted = (): void => {
      // What stays behind is found later, and says nothing any more.
      unmarking ??= this.#mark.remove().catch(() => undefined);
    };
    const file = await this.#complete({ ...options, onCompleted });
    onCompleted();
    await unmarking;
    return file;
  }

  async #complete(options: CompleteOptions & FinishOptions): Promise<StoredFile> {
    const listed = await listParts(this.#context, this.#uploadKey, options).catch(async (error: unknown) => {
      // Completed already, perhaps by a call whose answer was lost.
      this.#arrived = await this.#finished(options);
      if (this.#arrived === undefined) throw error;
      return [];
    });
    // Swift lists the parts of what has completed, too: what is there may be this file, and not one to be removed for it.
    if (this.#context.facts.leavesParts) this.#arrived ??= await this.#finished(options);
    if (this.#arrived !== undefined) return this.#arrived;
    this.#checkStrays(listed);
    const { count = Number.POSITIVE_INFINITY } = options;
    const kept = listed.filter(({ number }) => number <= count);
    const receipts = this.#receiptsOf(kept, options.digests);
    this.#arrived = await finish(this.#context, this.#uploadKey, receipts, options);
    const beyond = listed.filter(({ number, size }) => number > count && size > 0);
    if (this.#context.facts.leavesParts) await emptyParts(this.#context, this.#uploadKey, beyond, options);
    return this.#arrived;
  }

  async #finished(options: Abortable): Promise<StoredFile | undefined> {
    const file = await finished(this.#context, this.#uploadKey, options);
    if (file !== undefined) await checkUnspoilt(this.#context, this.#uploadKey, file, options);
    return file;
  }

  async abort(options: Abortable = {}): Promise<void> {
    await this.#underway.without(noUpload(this.id), () => endUpload(this.#context, this.#uploadKey, options));
    await this.#mark.remove(options).catch(() => undefined);
  }

  /** Swift takes parts of an upload that has completed, and the file is broken by them. */
  #check(part: Part): void {
    if (this.#arrived !== undefined) throw noUpload(this.id);
    checkPart(part, this.spec, this.#context.facts.limits.maxParts);
  }

  /** Stored parts that fit the plan; others are as good as missing, since sending them again replaces them. */
  #receiptsOf(listed: readonly ListedPart[], given?: ReadonlyMap<number, PartDigest>): readonly Receipt[] {
    let end = 0;
    return listed.flatMap(({ number, size, etag }) => {
      const { partSize } = this.spec;
      const part = { number, offset: partSize === undefined ? end : (number - 1) * partSize, size };
      end = part.offset + size;
      if (!isPlanned(part, this.spec)) return [];
      return [{ part, etag, digest: this.#digestOf(part, etag, given?.get(number)) }];
    });
  }

  /** @throws {TransferError} `checksum-mismatch` if the store has other bytes than `given` says */
  #digestOf({ number }: Part, etag: string, given: PartDigest | undefined): Partial<PartDigest> | undefined {
    const known = given ?? this.#digests.get(number);
    if (!this.#uploadKey.md5Etags || !isMd5(etag)) return known;
    if (known?.md5 === etag) return known;
    if (given?.md5) {
      const what = `part ${number} of "${this.spec.path}"`;
      throw new TransferError(
        "checksum-mismatch",
        `Cannot complete ${what}: the store has other bytes, with MD5 ${etag}`,
      );
    }
    return given?.crc64 ? { md5: etag, crc64: given.crc64 } : { md5: etag };
  }

  /** A part outside the plan can neither be left out (Ceph refuses) nor replaced. */
  #checkStrays(listed: readonly ListedPart[]): void {
    const { size, partSize, path } = this.spec;
    if (size === undefined || partSize === undefined) return;
    const last = Math.max(1, Math.ceil(size / partSize));
    const stray = listed.find(({ number }) => number < 1 || number > last);
    if (stray === undefined) return;
    const why = `the store holds part ${stray.number}, and the plan has ${last}`;
    throw new TransferError("incomplete", `Cannot complete "${path}": ${why}`);
  }
}
