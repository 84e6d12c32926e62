/** Where a file is read: presigned URLs at the store while they last, else our server. */

import type { Abortable, ByteRange, WireDownload, WireFile } from "@naru/core";
import { filePath, type NaruApi } from "./api.ts";
import { authHeaders } from "./api-call.ts";
import { storeFailure } from "./direct-store.ts";
import type { GetBytes, GetResponse } from "./get-bytes.ts";
import { rangeHeader } from "./http-files.ts";
import { rangeAnswer } from "./range-answer.ts";

export interface ReadAddressOptions {
  readonly api: NaruApi;
  readonly get: GetBytes;
  readonly path: string;
  readonly direct: boolean;
}

/** One file at its address; expired URLs are signed again. */
export class ReadAddress {
  readonly file: WireFile;
  readonly route: "direct" | "proxy";
  readonly #options: ReadAddressOptions;
  #urls: readonly string[];
  #signing: Promise<void> | undefined;
  #turn = 0;

  private constructor(options: ReadAddressOptions, { file, urls }: WireDownload) {
    this.file = file;
    this.#options = options;
    this.#urls = options.direct ? urls : [];
    this.route = this.#urls.length > 0 ? "direct" : "proxy";
  }

  /** Ask the server where the file is. @throws {TransferError} `not-found` */
  static async of(options: ReadAddressOptions, { signal }: Abortable = {}): Promise<ReadAddress> {
    return new ReadAddress(options, await options.api.download(options.path, { signal }));
  }

  /** Begin to read a range. @throws {TransferError} `conflict` when the file is another one by now */
  async read(range: ByteRange, { signal }: Abortable = {}): Promise<GetResponse> {
    const first = await this.#get(range, signal);
    if (first.status !== 403 || this.route === "proxy") return this.#check(first, range);
    first.discard();
    await this.#signAgain(signal);
    return this.#check(await this.#get(range, signal), range);
  }

  async #get(range: ByteRange, signal: AbortSignal | undefined): Promise<GetResponse> {
    const { api, get, path } = this.#options;
    this.#turn += 1;
    const url = this.#urls[this.#turn % Math.max(1, this.#urls.length)];
    const headers = { ...rangeHeader(range), "if-match": `"${this.file.etag}"` };
    if (url !== undefined) return get(url, headers, { signal });
    return get(`${api.origin}${filePath(path)}`, { ...headers, ...authHeaders(api.auth) }, { signal });
  }

  #check(answer: GetResponse, range: ByteRange): Promise<GetResponse> {
    const { size, path } = this.file;
    const failure = this.route === "direct" ? storeFailure : undefined;
    return rangeAnswer(answer, { range, path, size, failure });
  }

  /** Callers that find the URLs expired at the same time share one signing. */
  #signAgain(signal: AbortSignal | undefined): Promise<void> {
    this.#signing ??= this.#sign(signal).finally(() => {
      this.#signing = undefined;
    });
    return this.#signing;
  }

  async #sign(signal: AbortSignal | undefined): Promise<void> {
    const { api, path } = this.#options;
    this.#urls = (await api.download(path, { signal })).urls;
  }
}
