import {
  type Abortable,
  type ByteRange,
  type CompleteOptions,
  isTransferError,
  type ListOptions,
  TransferError,
} from "@naru/core";
import { encodeKey } from "./bucket-address.ts";
import type { BucketFacts } from "./bucket-facts.ts";
import { type ControlCallOptions, controlCall, type SendOptions, slowMs } from "./control-call.ts";
import type { ControlOptions, PartsOptions, VersionOptions, VersionsOptions } from "./control-options.ts";
import { listings } from "./object-listing.ts";
import {
  type BegunUpload,
  decodeKey,
  type ListedPart,
  type ObjectFacts,
  type ObjectHead,
  type ObjectPage,
  type PartsPage,
  type PartTarget,
  unquote,
  type VersionsPage,
  versionOf,
} from "./s3-answers.ts";
import { s3Client } from "./s3-client.ts";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCopyCommand,
} from "./s3-sdk.ts";
import type { StoreClock } from "./store-clock.ts";

/** Calls to a bucket that carry no file's bytes. Every failure is a TransferError. */
export class S3Control {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #clock: StoreClock;
  readonly #facts: BucketFacts;
  readonly #listings: ReturnType<typeof listings>;

  constructor({ bucket, style, endpoint, signer, clock, facts }: ControlOptions) {
    this.#bucket = bucket;
    this.#facts = facts;
    this.#clock = clock;
    this.#client = s3Client({ style, endpoint, signer, clock });
    this.#listings = listings(this.#client, bucket);
  }

  /** Begin a multipart upload. The type is always said: a store may else take that of another request. */
  async create(
    key: string,
    { type = unknownType, metadata }: ObjectFacts,
    { signal }: Abortable = {},
  ): Promise<BegunUpload> {
    const command = new CreateMultipartUploadCommand({
      Bucket: this.#bucket,
      Key: key,
      ContentType: type,
      Metadata: { ...metadata },
    });
    const {
      UploadId = "",
      ServerSideEncryption,
      SSECustomerAlgorithm,
    } = await this.#run(`create an upload of "${key}"`, (abort) => this.#client.send(command, abort), { signal });
    const ownKeys = SSECustomerAlgorithm !== undefined || (ServerSideEncryption ?? "AES256") !== "AES256";
    return { uploadId: UploadId, md5Etags: !ownKeys && this.#facts.profile.etagForm.is === "md5-of-md5s" };
  }

  /** One page of parts, from after the number `after`. */
  async parts(
    key: string,
    uploadId: string,
    { after = 0, limit = 1000, signal }: PartsOptions = {},
  ): Promise<PartsPage> {
    const command = new ListPartsCommand({
      Bucket: this.#bucket,
      Key: key,
      UploadId: uploadId,
      MaxParts: limit,
      ...(after > 0 && { PartNumberMarker: String(after) }),
    });
    const page = await this.#run(`list the parts of "${key}"`, (abort) => this.#client.send(command, abort), {
      signal,
    });
    const parts = (page.Parts ?? []).map(({ PartNumber = 0, Size = 0, ETag = "" }) => ({
      number: PartNumber,
      size: Size,
      etag: unquote(ETag),
    }));
    return { parts, next: page.IsTruncated ? parts.at(-1)?.number : undefined };
  }

  /** @throws {TransferError} `conflict` under `onlyNew` if the key is taken, where the store compares that */
  async complete(
    key: string,
    uploadId: string,
    parts: readonly ListedPart[],
    { onlyNew = false, signal }: Pick<CompleteOptions, "onlyNew" | "signal"> = {},
  ): Promise<void> {
    const list = parts.map(({ number, etag }) => ({ PartNumber: number, ETag: `"${etag}"` }));
    const isConditional = onlyNew && this.#facts.profile.conditionalComplete.is === "honoured";
    const command = new CompleteMultipartUploadCommand({
      Bucket: this.#bucket,
      Key: key,
      UploadId: uploadId,
      MultipartUpload: { Parts: list },
      ...(isConditional && { IfNoneMatch: "*" }),
    });
    await this.#run(`complete "${key}"`, (abort) => this.#client.send(command, abort), { signal, patienceMs: slowMs });
  }

  async abort(key: string, uploadId: string, { signal }: Abortable = {}): Promise<void> {
    const command = new AbortMultipartUploadCommand({ Bucket: this.#bucket, Key: key, UploadId: uploadId });
    await this.#run(`abort the upload of "${key}"`, (abort) => this.#client.send(command, abort), { signal });
  }

  async head(key: string, { signal, version }: VersionOptions = {}): Promise<ObjectHead> {
    const which = { Bucket: this.#bucket, Key: key, VersionId: version };
    const asksChecksum = this.#facts.profile.checksums.is.includes("crc64nvme");
    const command = new HeadObjectCommand({ ...which, ...(asksChecksum && { ChecksumMode: "ENABLED" }) });
    const head = await this.#run(`look up "${key}"`, (abort) => this.#client.send(command, abort), { signal });
    const whole = head.ChecksumCRC64NVME;
    return {
      size: head.ContentLength ?? 0,
      etag: unquote(head.ETag ?? ""),
      modified: head.LastModified ?? new Date(0),
      type: head.ContentType,
      crc64: whole === undefined ? undefined : Buffer.from(whole, "base64").toString("hex"),
      metadata: head.Metadata ?? {},
    };
  }

  async list({ signal, ...options }: ListOptions): Promise<ObjectPage> {
    const list = this.#listings[this.#facts.profile.listing.is];
    return this.#run(`list "${options.prefix ?? ""}"`, (abort) => list(options, abort), { signal });
  }

  /** Write an object of no bytes whose key ends with `/`, which stands for a folder wherever S3 is spoken. */
  async putMarker(key: string, { signal }: Abortable = {}): Promise<void> {
    const command = new PutObjectCommand({
      Bucket: this.#bucket,
      Key: key,
      Body: "",
      ContentLength: 0,
      ContentType: unknownType,
    });
    await this.#run(`mark "${key}"`, (abort) => this.#client.send(command, abort), { signal });
  }

  /** A missing one is fine, though not to every store. */
  async remove(key: string, { signal }: Abortable = {}): Promise<void> {
    const command = new DeleteObjectCommand({ Bucket: this.#bucket, Key: key });
    try {
      await this.#run(`remove "${key}"`, (abort) => this.#client.send(command, abort), { signal });
    } catch (error) {
      if (!(isTransferError(error) && error.code === "not-found")) throw error;
    }
  }

  async copy(from: string, to: string, { signal, version }: VersionOptions = {}): Promise<void> {
    const CopySource = this.#sourceOf(from, version);
    const command = new CopyObjectCommand({ Bucket: this.#bucket, Key: to, CopySource });
    await this.#run(`copy "${from}"`, (abort) => this.#client.send(command, abort), { signal, patienceMs: slowMs });
  }

  /** Fill one part from a range of an object; returns the part's etag. @throws {TransferError} `conflict` if it changed */
  async copyPart(
    from: string,
    to: PartTarget,
    range: ByteRange,
    { signal, version }: VersionOptions = {},
  ): Promise<string> {
    const etag = await this.#copyPart(from, to, range, { signal, version, isConditional: true }).catch(
      async (error: unknown) => {
        if (!isTransferError(error) || error.code !== "conflict") throw error;
        // Swift holds a file of parts for one that has not the etag that it told.
        await this.#checkEtag(from, to.etag, { signal, version });
        return this.#copyPart(from, to, range, { signal, version, isConditional: false });
      },
    );
    // Ceph 16 takes no notice of the condition, and copies from whatever has the name by then.
    const { size } = await this.#checkEtag(from, to.etag, { signal, version });
    // Swift cuts a range short that reaches beyond the end, and answers 200.
    if (range.end <= size) return etag;
    throw new TransferError("conflict", `Cannot copy "${from}" up to byte ${range.end}: it has ${size} bytes`);
  }

  async #copyPart(
    from: string,
    to: PartTarget,
    range: ByteRange,
    { signal, version, isConditional }: VersionOptions & { readonly isConditional: boolean },
  ): Promise<string> {
    const command = new UploadPartCopyCommand({
      Bucket: this.#bucket,
      Key: to.key,
      UploadId: to.uploadId,
      PartNumber: to.number,
      CopySource: this.#sourceOf(from, version),
      CopySourceRange: `bytes=${range.start}-${range.end - 1}`,
      ...(isConditional && { CopySourceIfMatch: `"${to.etag}"` }),
    });
    const copied = await this.#run(`copy "${from}"`, (abort) => this.#client.send(command, abort), {
      signal,
      patienceMs: slowMs,
    });
    return unquote(copied.CopyPartResult?.ETag ?? "");
  }

  /** A page of what the object of this very key was, the newest first, and where the next one begins. */
  async versions(key: string, { cursor, limit, signal }: VersionsOptions): Promise<VersionsPage> {
    const command = new ListObjectVersionsCommand({
      Bucket: this.#bucket,
      Prefix: key,
      MaxKeys: limit,
      EncodingType: "url",
      ...(cursor !== undefined && { KeyMarker: key, VersionIdMarker: cursor }),
    });
    const page = await this.#run(`list the versions of "${key}"`, (abort) => this.#client.send(command, abort), {
      signal,
    });
    const own = (page.Versions ?? []).filter(({ Key = "" }) => decodeKey(Key) === key);
    // Longer keys that begin so come after it.
    const isOver = !page.IsTruncated || decodeKey(page.NextKeyMarker ?? "") !== key;
    return { versions: own.map(versionOf), cursor: isOver ? undefined : page.NextVersionIdMarker };
  }

  /** Whether objects that are replaced or removed are kept. */
  async keepsVersions({ signal }: Abortable = {}): Promise<boolean> {
    const command = new GetBucketVersioningCommand({ Bucket: this.#bucket });
    const { Status } = await this.#run("look up the versioning", (abort) => this.#client.send(command, abort), {
      signal,
    });
    return Status === "Enabled";
  }

  #sourceOf(key: string, version: string | undefined): string {
    const query = version === undefined ? "" : `?versionId=${encodeURIComponent(version)}`;
    return `${this.#bucket}/${encodeKey(key)}${query}`;
  }

  async #checkEtag(key: string, etag: string, options: VersionOptions): Promise<ObjectHead> {
    const head = await this.head(key, options);
    if (head.etag !== etag) throw new TransferError("conflict", `Cannot copy "${key}": it has changed`);
    return head;
  }

  close(): void {
    this.#client.destroy();
  }

  #run<T>(doing: string, send: (options: SendOptions) => Promise<T>, options: ControlCallOptions): Promise<T> {
    return controlCall(this.#clock, { doing, send }, options);
  }
}

/** What RFC 9110 (8.3) calls bytes of which nothing is known. */
export const unknownType: string = "application/octet-stream";
