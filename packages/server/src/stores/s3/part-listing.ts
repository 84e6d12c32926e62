import { type Abortable, isTransferError, TransferError } from "@naru/core";
import type { S3Control } from "./s3-control.ts";

/** Makes sure, once, that the store can list the parts of an upload: by that list files are completed and resumed. */
export class PartListing {
  readonly #control: S3Control;
  #works: Promise<void> | undefined;

  constructor(control: S3Control) {
    this.#control = control;
  }

  /**
   * Ask with an upload that was just begun, before a byte of it is sent.
   *
   * @throws {TransferError} `unsupported`
   */
  async ensure(
    path: string,
    upload: { readonly key: string; readonly uploadId: string },
    options: Abortable,
  ): Promise<void> {
    this.#works ??= this.#ask(upload, options);
    const asked = this.#works;
    try {
      await asked;
    } catch (error) {
      // It may have been the line or the signal of the one who asked.
      if (this.#works === asked) this.#works = undefined;
      if (!isTransferError(error) || !refusals.includes(error.code)) throw error;
      const why = "the store does not list the parts of an upload, so it could not be completed";
      throw new TransferError("unsupported", `Cannot create the upload of "${path}": ${why}`, { cause: error });
    }
  }

  async #ask({ key, uploadId }: { key: string; uploadId: string }, { signal }: Abortable): Promise<void> {
    await this.#control.parts(key, uploadId, { limit: 1, signal });
  }
}

/** What those answer that cannot: the call is unknown, or the upload that they have just begun is. */
const refusals: readonly string[] = ["unsupported", "not-found", "invalid"];
