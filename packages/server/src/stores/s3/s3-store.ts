import { randomUUID } from "node:crypto";
import {
  type Abortable,
  type Body,
  type Files,
  type PutOptions,
  type Store,
  type StoredFile,
  TransferError,
  type Upload,
  type UploadSpec,
} from "@naru/core";
import type { ExaminedStore } from "../../examined-store.ts";
import type { CopyingStore, FileVersions, NamingStore } from "../../served-store.ts";
import { checkSize } from "../part-coverage.ts";
import type { StoreProfile } from "../profiles/store-profile.ts";
import { unnamedOwner } from "../unnamed-owner.ts";
import type { BucketAddress } from "./bucket-address.ts";
import type { BucketContext } from "./bucket-context.ts";
import { askCors, type CorsVerdict, corsProbes, writeCors } from "./bucket-cors.ts";
import { BucketFacts, type BucketFactsOptions } from "./bucket-facts.ts";
import { copierBetween } from "./copy-between.ts";
import { wouldLeaveParts } from "./former-parts.ts";
import { hmacKeys, type S3Credentials } from "./hmac-key.ts";
import { PartListing } from "./part-listing.ts";
import { putWhole } from "./put-whole.ts";
import { recogniseBucket } from "./recognise-bucket.ts";
import { finished } from "./s3-completion.ts";
import { S3Control } from "./s3-control.ts";
import { filesOf } from "./s3-files.ts";
import { metadataOf } from "./s3-metadata.ts";
import { bucketSubject } from "./s3-subject.ts";
import { S3Upload } from "./s3-upload.ts";
import { versionsOf } from "./s3-versions.ts";
import { S3Wire } from "./s3-wire.ts";
import type { SigningKey } from "./signature-v4.ts";
import { Signer } from "./signer.ts";
import { type SkewListener, StoreClock } from "./store-clock.ts";
import { unfinishedIn } from "./unfinished-uploads.ts";
import { decodeUploadKey, noUpload } from "./upload-id.ts";
import { keyOf } from "./written-key.ts";

export { decodeRecognised, type Recognised } from "../profiles/recognised.ts";
export type { CorsVerdict, S3Credentials };

/** Which bucket, and what its store can bear. */
export interface BucketOptions extends BucketAddress, BucketFactsOptions {
  /** What every key begins with, such as `"incoming/"`. */
  readonly prefix?: string | undefined;
  /** Where this server reaches the store: scheme, host and port. */
  readonly endpoint: string;
  /** Where browsers reach it, when that differs; parts are spread over them. */
  readonly publicEndpoints?: readonly string[] | undefined;
  /** This machine's time, in milliseconds since 1970; for tests. */
  readonly now?: (() => number) | undefined;
}

export interface S3StoreOptions extends BucketOptions {
  readonly region: string;
  readonly credentials: () => Promise<S3Credentials>;
}

/** What only a bucket has. */
export interface Bucket extends ExaminedStore, NamingStore {
  /** A URL on each public endpoint that refuses any PUT, and shows whether CORS admits the page that asks. */
  probes(): Promise<string[]>;
  /** Ask, by one preflight for each public endpoint, whether pages of `origin` may write parts. */
  checkCors(origin: string): Promise<readonly CorsVerdict[]>;
  /** Replace the bucket's CORS rules by one that admits pages of `origins`. */
  setCors(origins: readonly string[]): Promise<void>;
  /** How far the store's clock is ahead of this machine's; 0 while they agree. What is signed has the store's time. */
  clockSkewMs(): number;
  /** Listen for that to change: it is found out by the store's answers. */
  onClockSkew(listener: SkewListener): void;
  /** What objects were, where the bucket keeps that. */
  readonly versions: FileVersions;
  readonly copierFrom: CopyingStore["copierFrom"];
  /** Which kind of store it is. */
  readonly profile: StoreProfile;
  /** Ask which store it is, if that is to be found out and is not known yet. It never fails. */
  recognise(): Promise<void>;
  /** Close all connections. */
  close(): Promise<void>;
}

/** Keep files in a bucket of anything that speaks S3. Nothing is asked of it until the first call. */
export function s3Store({ credentials, region, ...options }: S3StoreOptions): Store & Required<Files> & Bucket {
  return bucketStore(options, hmacKeys(credentials, region));
}

/** The same with whatever signs: stores that speak as S3 does differ in their keys. */
export function bucketStore(options: BucketOptions, keys: () => Promise<SigningKey>): Store & Required<Files> & Bucket {
  const context = contextOf(options, keys);
  const { control, wire, facts, clock } = context;
  const listing = new PartListing(control);

  async function create(spec: UploadSpec, { signal }: Abortable = {}): Promise<Upload> {
    signal?.throwIfAborted();
    await checkReady(facts, spec);
    const key = keyOf(spec.path, context);
    checkSize(spec, facts.limits);
    const token = randomUUID();
    const begun = await control.create(key, { type: spec.type, metadata: metadataOf(spec, token) }, { signal });
    const upload = new S3Upload(context, { key, token, spec, begun: clock.now(), ...begun });
    // Beside what comes next, so that it delays nothing.
    void upload.mark();
    try {
      await listing.ensure(spec.path, { key, uploadId: begun.uploadId }, { signal });
    } catch (error) {
      await upload.abort().catch(() => undefined);
      throw error;
    }
    return upload;
  }

  async function resume(id: string, { signal }: Abortable = {}): Promise<Upload> {
    const uploadKey = decodeUploadKey(id);
    await facts.ready();
    const parts = control.parts(uploadKey.key, uploadKey.uploadId, { limit: 1, signal });
    // Swift lists and even takes parts of an upload that has completed, and breaks the file by them.
    const [arrived] = await Promise.all([finished(context, uploadKey, { signal }), parts]);
    if (arrived !== undefined) throw noUpload(id);
    return new S3Upload(context, uploadKey);
  }

  async function putFile(spec: UploadSpec, body: Body, options: PutOptions = {}): Promise<StoredFile> {
    const size = spec.size ?? body.size;
    await facts.ready();
    checkSize({ ...spec, size }, facts.limits);
    if (!(await wouldLeaveParts(context, keyOf(spec.path, context), options)))
      return putWhole(context, spec, body, options);
    // By one part: only when the store has it the old file goes.
    const upload = await create({ ...spec, size, partSize: Math.max(1, size) }, options);
    try {
      const { onlyNew, signal } = options;
      const { digest } = await upload.put({ number: 1, offset: 0, size }, body, options);
      const { md5, crc64 } = digest ?? {};
      const digests = md5 && crc64 ? new Map([[1, { md5, crc64 }]]) : undefined;
      return await upload.complete({ digests, onlyNew, signal });
    } catch (error) {
      await upload.abort().catch(() => undefined);
      throw error;
    }
  }

  const store: Store & Required<Files> & Bucket = {
    direct: true,
    limitsFor: () => facts.limits,
    create,
    resume,
    putFile,
    checkPath: (path) => void keyOf(path, context),
    ownUploads: (owner) => {
      context.owner.current = owner;
    },
    unfinished: (options) => unfinishedIn(context, options),
    ...filesOf(context),
    versions: versionsOf(context),
    get profile() {
      return facts.profile;
    },
    recognise: () => facts.ready(),
    subject: bucketSubject(context, { ...options, keys }),
    probes: () => corsProbes(context),
    checkCors: (origin) => askCors(context, origin),
    setCors: (origins) => writeCors(context, origins),
    clockSkewMs: () => clock.skewMs,
    onClockSkew: (listener) => clock.onSkew(listener),
    close: async () => {
      control.close();
      await wire.close();
    },
    copierFrom: async (other) => {
      const from = contexts.get(other);
      return from && copierBetween(from, context);
    },
  };
  contexts.set(store, context);
  return store;
}

/** Of each store made here, so that another one knows whether both are of one service. */
const contexts = new WeakMap<object, BucketContext>();

function contextOf(options: BucketOptions, keys: () => Promise<SigningKey>): BucketContext {
  const { bucket, style, prefix = "", endpoint, publicEndpoints = [] } = options;
  const facts = new BucketFacts(options, () => recogniseBucket(context));
  const [first = endpoint, ...others] = publicEndpoints;
  const address = { bucket, style };
  const clock = new StoreClock(options.now);
  const signer = new Signer({ ...address, keys, now: () => clock.now() });
  const context: BucketContext = {
    ...address,
    prefix,
    endpoint: new URL(endpoint),
    publicEndpoints: [new URL(first), ...others.map((url) => new URL(url))],
    keys,
    facts,
    control: new S3Control({ ...address, endpoint, signer: signer.forClient, clock, facts }),
    wire: new S3Wire(clock),
    signer,
    clock,
    owner: { current: unnamedOwner },
  };
  return context;
}

/** The first upload may have been planned before the store was recognised: then it is planned again. */
async function checkReady(facts: BucketFacts, { path, partSize, size = 0 }: UploadSpec): Promise<void> {
  const before = facts.limits;
  await facts.ready();
  const { maxParts } = facts.limits;
  if (facts.limits === before || partSize === undefined || size <= partSize * maxParts) return;
  const why = `the store was recognised just now, and takes ${maxParts} parts of a file`;
  throw new TransferError("unavailable", `Cannot create "${path}": ${why}`);
}
