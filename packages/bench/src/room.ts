/** Where a benchmark runs: its folder, its place on the line, its store; everything goes when the room does. */

import { randomFillSync } from "node:crypto";
import { mkdir, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Bucket, type S3 } from "./bucket.ts";
import { Chromium, type ChromiumOptions } from "./chromium.ts";
import { daemon } from "./command.ts";
import { type Naru, type NaruOptions, startNaru } from "./naru.ts";
import type { StoreHost } from "./store-host.ts";

export interface RoomOptions {
  /** The address that servers listen at. */
  readonly host: string;
  /** Words before a command that make it run at the near end of the line. */
  readonly near: readonly string[];
  readonly linkPid: number | undefined;
  /** The host of the store, if that is not `host`. */
  readonly store: Pick<StoreHost, "address" | "prefix"> | undefined;
  readonly rounds: number;
  /** Only competitors whose name holds one of these words; all when empty. */
  readonly only: readonly string[];
  /** Only contests whose title holds one of these words; all when empty. */
  readonly titles: readonly string[];
  /** Sizes of files, where a benchmark lets them be chosen. */
  readonly megabytes: readonly number[] | undefined;
}

interface NaruOnBucketOptions {
  readonly endpoints?: readonly string[];
  /** More options of `naru serve`. */
  readonly args?: readonly string[];
  /** Another checkout, whose server is run. */
  readonly root?: string | undefined;
}

const mib = 1024 * 1024;

export class Room implements AsyncDisposable {
  readonly options: RoomOptions;
  readonly dir: string;
  readonly #things = new AsyncDisposableStack();
  #bucket: Promise<Bucket> | undefined;

  private constructor(options: RoomOptions, dir: string) {
    this.options = options;
    this.dir = dir;
    this.#things.defer(() => rm(dir, { recursive: true, force: true }));
  }

  static async open(options: RoomOptions): Promise<Room> {
    return new Room(options, await mkdtemp(join(tmpdir(), "naru-bench-")));
  }

  /** Keep a thing until the room is left. */
  keep<T extends AsyncDisposable>(thing: T): T {
    return this.#things.use(thing);
  }

  /** A bucket of its own in a real Ceph, started at the first call. */
  bucket(): Promise<Bucket> {
    this.#bucket ??= this.#makeBucket();
    return this.#bucket;
  }

  /** A Naru server in front of the bucket; `endpoints` are what clients see of the store. */
  async naruOnBucket({ endpoints, args, root }: NaruOnBucketOptions = {}): Promise<Naru> {
    const { s3, name } = await this.bucket();
    const query = new URLSearchParams({ endpoint: s3.endpoint, region: "us-east-1", style: "path" });
    for (const endpoint of endpoints ?? []) query.append("publicEndpoint", endpoint);
    const env = { AWS_ACCESS_KEY_ID: s3.accessKey, AWS_SECRET_ACCESS_KEY: s3.secretKey };
    return this.naru(`s3://${name}?${query}`, { env, args, root });
  }

  async naru(store: string, options: Pick<NaruOptions, "env" | "args" | "root"> = {}): Promise<Naru> {
    const dataDir = await mkdtemp(join(this.dir, "data-"));
    return this.keep(await startNaru({ host: this.options.host, dataDir, store, ...options }));
  }

  /** A browser at the near end, on the page of `origin`: a fresh one, or with a profile that it had before. The caller closes it. */
  async chromium(origin: string, { profile }: Pick<ChromiumOptions, "profile"> = {}): Promise<Chromium> {
    const browser = await Chromium.start(origin, { prefix: this.options.near, profile });
    await browser.open(origin);
    return browser;
  }

  /** Write a file of random bytes and hand back its path. */
  async file(name: string, bytes: number): Promise<string> {
    const path = join(this.dir, name);
    await mkdir(join(path, ".."), { recursive: true });
    await using file = await open(path, "w");
    const block = Buffer.alloc(Math.min(bytes, 8 * mib));
    for (let written = 0; written < bytes; written += block.length) {
      await file.write(randomFillSync(block), 0, Math.min(block.length, bytes - written));
    }
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#things.disposeAsync();
  }

  async #makeBucket(): Promise<Bucket> {
    const bucket = new Bucket(await this.#store(), `bench-${process.pid}-${Date.now().toString(36)}`);
    await bucket.make();
    await bucket.admitPages();
    await bucket.warmUp();
    this.#things.defer(() => bucket.empty());
    return bucket;
  }

  async #store(): Promise<S3> {
    // A store that runs already, for when Ceph cannot be started here.
    const { NARU_BENCH_S3: given } = process.env;
    if (given !== undefined && this.options.near.length === 0) return JSON.parse(given) as S3;
    const script = new URL("./ceph-host.ts", import.meta.url).pathname;
    const { host, store } = this.options;
    const { address, prefix } = store ?? { address: host, prefix: [] };
    const ceph = await daemon([process.execPath, script, join(this.dir, "ceph"), address], /^ready \{/, { prefix });
    this.keep(ceph);
    return JSON.parse(ceph.readyLine.slice("ready ".length)) as S3;
  }
}
