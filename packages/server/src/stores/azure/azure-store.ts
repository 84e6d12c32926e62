import { randomUUID } from "node:crypto";
import type { Abortable, Body, Files, Limits, PutOptions, Store, StoredFile, Upload, UploadSpec } from "@naru/core";
import type { CopyingStore, ProfiledStore } from "../../served-store.ts";
import { checkSize } from "../part-coverage.ts";
import { azure } from "../profiles/azure.ts";
import { limitsIn } from "../profiles/store-profile.ts";
import type { CorsVerdict } from "../s3/bucket-cors.ts";
import { S3Wire } from "../s3/s3-wire.ts";
import { type SkewListener, StoreClock } from "../s3/store-clock.ts";
import { unnamedOwner } from "../unnamed-owner.ts";
import { askCors, corsProbes, writeCors } from "./account-cors.ts";
import { finished } from "./azure-completion.ts";
import type { AzureCredentials, AzureToken } from "./azure-credentials.ts";
import { filesOf } from "./azure-files.ts";
import { AzureUpload } from "./azure-upload.ts";
import { BlobAccess } from "./blob-access.ts";
import { noUpload, stagedMetadata, stagedSpec, stageFacts } from "./blob-metadata.ts";
import { nameOf } from "./blob-name.ts";
import { BlobService } from "./blob-service.ts";
import type { ContainerContext, CopySizes } from "./container-context.ts";
import { copierBetween } from "./copy-between.ts";
import { defaultCopySizes } from "./copy-blob.ts";
import { putBlob } from "./put-blob.ts";
import { isUploadId, stageName } from "./stage-name.ts";
import { unfinishedIn } from "./staged-uploads.ts";

export type { AzureCredentials, AzureToken, CopySizes, CorsVerdict };

/** Which container, and how to reach it. */
export interface AzureStoreOptions {
  /** The storage account's name. */
  readonly account: string;
  readonly container: string;
  /** What every name begins with, such as `"incoming/"`. */
  readonly prefix?: string | undefined;
  /** Where this server reaches the blob service: `https://ACCOUNT.blob.core.windows.net` by default; an emulator's ends with the account. */
  readonly endpoint?: string | undefined;
  /** Where browsers reach it, when that differs; parts are spread over them. */
  readonly publicEndpoints?: readonly string[] | undefined;
  readonly credentials: AzureCredentials;
  readonly limits?: Partial<Limits> | undefined;
  /** How the service copies; for tests. */
  readonly copySizes?: CopySizes | undefined;
  /** This machine's time, in milliseconds since 1970; for tests. */
  readonly now?: (() => number) | undefined;
}

/** What only a container has. */
export interface Container extends CopyingStore, ProfiledStore {
  /** A URL on each public endpoint that refuses any PUT, and shows whether CORS admits the page that asks. */
  probes(): Promise<string[]>;
  /** Ask, by one preflight for each public endpoint, whether pages of `origin` may write parts. */
  checkCors(origin: string): Promise<readonly CorsVerdict[]>;
  /** Write a rule of the account's CORS that admits pages of `origins`; the rules of others stay. */
  setCors(origins: readonly string[]): Promise<void>;
  /** How far the service's clock is ahead of this machine's; 0 while they agree. What is signed has the service's time. */
  clockSkewMs(): number;
  /** Listen for that to change: it is found out by the service's answers. */
  onClockSkew(listener: SkewListener): void;
  /** Close all connections. */
  close(): Promise<void>;
}

/** Keep files in a container of Azure Blob Storage, as block blobs. Nothing is asked of it until the first call. */
export function azureStore(options: AzureStoreOptions): Store & Required<Files> & Container {
  const context = contextOf(options);
  const { service, limits, prefix, clock, wire } = context;

  async function create(spec: UploadSpec, { signal }: Abortable = {}): Promise<Upload> {
    signal?.throwIfAborted();
    nameOf(spec.path, prefix);
    checkSize(spec, limits);
    const id = randomUUID();
    const begun = new Date(clock.now());
    const metadata = stagedMetadata(spec, id, { owner: context.owner.current, begun });
    await service.putEmpty(stageName(id, prefix), { metadata }, { signal });
    return new AzureUpload(context, { id, spec, begun, isNew: true });
  }

  async function resume(id: string, { signal }: Abortable = {}): Promise<Upload> {
    signal?.throwIfAborted();
    if (!isUploadId(id)) throw noUpload(id);
    const head = await service.headIfThere(stageName(id, prefix), { signal });
    if (head === undefined) throw noUpload(id);
    const spec = stagedSpec(head.metadata, id);
    // It may have been published by a process that ended before it let go of the upload's blob.
    if (await finished(context, { id, spec }, { signal })) throw noUpload(id);
    return new AzureUpload(context, { id, spec, begun: stageFacts(head.metadata).begun });
  }

  async function putFile(spec: UploadSpec, body: Body, options: PutOptions = {}): Promise<StoredFile> {
    const size = spec.size ?? body.size;
    checkSize({ ...spec, size }, limits);
    return putBlob(context, { ...spec, size }, body, options);
  }

  const store: Store & Required<Files> & Container = {
    direct: true,
    profile: azure,
    limitsFor: () => limits,
    create,
    resume,
    putFile,
    ...filesOf(context),
    ownUploads: (owner) => {
      context.owner.current = owner;
    },
    unfinished: (how) => unfinishedIn(context, how),
    probes: () => corsProbes(context),
    checkCors: (origin) => askCors(context, origin),
    setCors: (origins) => writeCors(context, origins),
    clockSkewMs: () => clock.skewMs,
    onClockSkew: (listener) => clock.onSkew(listener),
    close: () => wire.close(),
    copierFrom: async (other: object) => {
      const from = contexts.get(other);
      return from && copierBetween(from, context);
    },
  };
  contexts.set(store, context);
  return store;
}

/** Of each store made here, so that another one knows whether both are of one account. */
const contexts = new WeakMap<object, ContainerContext>();

function contextOf(options: AzureStoreOptions): ContainerContext {
  const { account, container, prefix = "", credentials, publicEndpoints = [] } = options;
  const endpoint = trimmed(options.endpoint ?? `https://${account}.blob.core.windows.net`);
  const [first = endpoint, ...others] = publicEndpoints.map(trimmed);
  const clock = new StoreClock(options.now);
  const wire = new S3Wire(clock);
  const access = new BlobAccess({ account, endpoint, credentials, wire, clock });
  return {
    container,
    prefix,
    endpoint,
    publicEndpoints: [first, ...others],
    limits: limitsIn(azure, options.limits),
    copySizes: options.copySizes ?? defaultCopySizes,
    service: new BlobService({ container, endpoint, access, wire, clock }),
    access,
    wire,
    clock,
    owner: { current: unnamedOwner },
  };
}

function trimmed(endpoint: string): string {
  return endpoint.replace(/\/+$/, "");
}
