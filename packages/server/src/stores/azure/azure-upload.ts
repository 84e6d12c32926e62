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
  readExactly,
  type SignedPart,
  type StoredFile,
  TransferError,
  type Upload,
  type UploadSpec,
} from "@naru/core";
import { checkPart, md5Missing } from "../part-coverage.ts";
import { md5Header } from "../s3/signer.ts";
import { finish, finished } from "./azure-completion.ts";
import type { SignedGrant } from "./blob-access.ts";
import { noUpload } from "./blob-metadata.ts";
import { blobUrl, existingNameOf } from "./blob-name.ts";
import { blockId } from "./block-id.ts";
import type { ContainerContext } from "./container-context.ts";
import { isReadByService, sourceOf } from "./copy-blob.ts";
import { drained, sendBlob } from "./send-blob.ts";
import { stageName } from "./stage-name.ts";
import { type StagedSpec, StageRenewal } from "./stage-renewal.ts";
import { receiptsOf, type StagedPart, type StagedReceipt, stagedParts } from "./staged-blocks.ts";

/** For so long one grant is handed out: what is signed is good for the rest of its hour. */
const grantKeptMs = 600_000;

/**
 * An upload: its parts are blocks of a blob of its own, which only it writes, and which is copied to its name at the end
 * (`docs/decisions/036-azure.md`). The service lists the blocks; nothing is remembered here but digests.
 */
export class AzureUpload implements Upload {
  readonly id: string;
  readonly spec: UploadSpec;
  /** Absent of an empty file: the service takes no block without bytes. */
  readonly presign?: NonNullable<Upload["presign"]>;
  readonly #context: ContainerContext;
  readonly #name: string;
  readonly #digests = new Map<string, Partial<PartDigest>>();
  readonly #grants = new Map<string, { readonly until: number; readonly grant: Promise<SignedGrant> }>();
  readonly #renewal: StageRenewal;
  #empty: Receipt | undefined;
  #ended: StoredFile | "aborted" | undefined;

  constructor(context: ContainerContext, staged: StagedSpec) {
    const { id, spec } = staged;
    this.id = id;
    this.spec = spec;
    this.#context = context;
    this.#name = stageName(id, context.prefix);
    this.#renewal = new StageRenewal(context, staged);
    if (spec.size !== 0) this.presign = (parts, options) => this.#presign(parts, options);
  }

  async receipts(options: Abortable = {}): Promise<readonly Receipt[]> {
    options.signal?.throwIfAborted();
    const held = await this.#held(options);
    return held.map(({ part, etag, digest }) => ({ part, etag, digest }));
  }

  async put(part: Part, body: Body, options: PutOptions = {}): Promise<Receipt> {
    options.signal?.throwIfAborted();
    this.#check(part);
    const what = `part ${part.number} of "${this.spec.path}"`;
    if (part.size === 0) return this.#putEmpty(part, body, { ...options, what });
    const { id, etag } = blockId(part.number, options.digest?.md5, this.#context.clock.now());
    const url = this.#blockUrl(this.#context.endpoint, id);
    const renewed = this.#renewal.touch();
    const { digest } = await sendBlob(this.#context, { url, size: part.size, what }, body, options);
    await renewed;
    this.#digests.set(id, digest);
    return { part, etag, digest };
  }

  async copyPart(part: Part, from: CopySource, options: Abortable = {}): Promise<Receipt> {
    options.signal?.throwIfAborted();
    this.#check(part);
    const { prefix, service, clock } = this.#context;
    const name = existingNameOf(from.path, prefix);
    if (!isReadByService(this.#context, name)) {
      throw new TransferError(
        "unsupported",
        `Cannot copy "${from.path}": its name is too long for the service to read it`,
      );
    }
    const { url } = await sourceOf(this.#context, name);
    const { id, etag } = blockId(part.number, undefined, clock.now());
    const source = { url, etag: from.etag, start: from.start, size: part.size };
    const crc64 = await service.blockFrom(this.#name, id, source, options);
    const digest = crc64 === undefined ? undefined : { crc64 };
    if (digest) this.#digests.set(id, digest);
    return { part, etag, digest };
  }

  async #presign(parts: readonly PartToSign[], { signal }: Abortable = {}): Promise<readonly SignedPart[]> {
    signal?.throwIfAborted();
    const { publicEndpoints, clock } = this.#context;
    void this.#renewal.touch();
    // Files of one part go round too, not all to the first.
    const turn = Number.parseInt(this.id.slice(0, 4), 16);
    return Promise.all(
      parts.map(async ({ digest, number, offset, size }) => {
        const part = { number, offset, size };
        this.#check(part);
        if (!digest?.md5) throw md5Missing(part, this.spec);
        const endpoint = publicEndpoints[(number + turn) % publicEndpoints.length] ?? publicEndpoints[0];
        const { query, expires } = await this.#grant(endpoint);
        const { id } = blockId(number, digest.md5, clock.now());
        const url = `${this.#blockUrl(endpoint, id)}&${query}`;
        const headers = { "content-length": String(size), ...md5Header(digest.md5) };
        return { part, method: "PUT" as const, url, headers, expires };
      }),
    );
  }

  async complete(options: CompleteOptions = {}): Promise<StoredFile> {
    options.signal?.throwIfAborted();
    if (this.#ended === "aborted") throw noUpload(this.id);
    if (this.#ended !== undefined) return this.#ended;
    await this.#renewal.settled();
    const { count = Number.POSITIVE_INFINITY, digests } = options;
    const held = await this.#held(options, digests).catch(async (error: unknown) => {
      // Completed already, perhaps by a call whose answer was lost.
      this.#ended = await finished(this.#context, this, options);
      if (this.#ended === undefined) throw error;
      return [];
    });
    if (this.#ended !== undefined) return this.#ended;
    const receipts = held.filter(({ part }) => part.number <= count);
    const staged = { id: this.id, spec: this.spec, stage: this.#name };
    const stored = await finish(this.#context, staged, receipts, { onlyNew: options.onlyNew, signal: options.signal });
    this.#ended = stored;
    return stored;
  }

  async abort(options: Abortable = {}): Promise<void> {
    if (this.#ended === undefined) this.#ended = "aborted";
    await this.#renewal.settled();
    await this.#context.service.drop(this.#name, options);
  }

  /** The service would take a block of an upload that has ended, into a blob that nobody looks at. */
  #check(part: Part): void {
    if (this.#ended !== undefined) throw noUpload(this.id);
    const { maxParts, maxPartSize } = this.#context.limits;
    checkPart(part, this.spec, maxParts);
    if (part.size <= maxPartSize) return;
    const why = `part ${part.number} has ${part.size} bytes, and a block ${maxPartSize} at most`;
    throw new TransferError("too-large", `Cannot write "${this.spec.path}": ${why}`);
  }

  async #putEmpty(part: Part, body: Body, options: PutOptions & { readonly what: string }): Promise<Receipt> {
    await drained(readExactly(body, 0, options));
    this.#empty = { part, etag: "" };
    return this.#empty;
  }

  async #held(options: Abortable, given?: ReadonlyMap<number, PartDigest>): Promise<readonly StagedReceipt[]> {
    const staged = stagedParts(await this.#context.service.blocks(this.#name, options));
    const receipts = receiptsOf(staged, this.spec, (part) => this.#digestOf(part, given?.get(part.number)));
    return receipts.length === 0 && this.#empty ? [{ ...this.#empty, id: "" }] : receipts;
  }

  /** @throws {TransferError} `checksum-mismatch` if the service has other bytes than `given` says */
  #digestOf({ id, number, etag }: StagedPart, given: PartDigest | undefined): Partial<PartDigest> | undefined {
    const known = this.#digests.get(id);
    const other = [
      [known?.md5 ?? (etag.length === 32 ? etag : undefined), given?.md5],
      [known?.crc64, given?.crc64],
    ].find(([is, said]) => is && said && is !== said);
    if (other === undefined) return given ?? known;
    const what = `part ${number} of "${this.spec.path}"`;
    throw new TransferError("checksum-mismatch", `Cannot complete ${what}: the store has other bytes (${other[0]})`);
  }

  #blockUrl(endpoint: string, id: string): string {
    const query = `comp=block&blockid=${encodeURIComponent(id)}`;
    return `${blobUrl(endpoint, this.#context.container, this.#name)}?${query}`;
  }

  /** One signature is good for all blocks of this upload, and for nothing else. */
  #grant(endpoint: string): Promise<SignedGrant> {
    const { access, clock, container } = this.#context;
    const known = this.#grants.get(endpoint);
    if (known && known.until > clock.now()) return known.grant;
    const httpsOnly = endpoint.startsWith("https:");
    const grant = access.grant({ container, name: this.#name, permissions: "w", httpsOnly });
    this.#grants.set(endpoint, { until: clock.now() + grantKeptMs, grant });
    grant.catch(() => this.#grants.delete(endpoint));
    return grant;
  }
}
