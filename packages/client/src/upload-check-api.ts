/** Asks the server before the first byte what would become of files. */

import { type Abortable, type CheckedUploads, decodeCheckedUploads, type FileToCheck } from "@naru/core";
import { type ApiCaller, callerOf, type NaruApiOptions } from "./api-call.ts";

/** Checks of uploads, as a call; in a module of its own, so that a page need not load it to be seen. */
export class UploadCheckApi {
  readonly #caller: ApiCaller;

  constructor(options: NaruApiOptions) {
    this.#caller = callerOf(options);
  }

  /** Ask about up to `maxBatchUploads` files; answers come in order. Nothing is claimed by it. */
  async check(
    files: readonly FileToCheck[],
    options: Abortable & { readonly timeoutMs?: number } = {},
  ): Promise<CheckedUploads> {
    return decodeCheckedUploads(await this.#caller.json("POST", "/api/uploads/check", { ...options, json: { files } }));
  }
}
