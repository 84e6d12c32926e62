/** The uploads that an experiment has begun and not completed. */

import { isTransferError } from "@naru/core";
import type { NaruApi } from "../../api.ts";

export class OpenUploads {
  readonly #api: Pick<NaruApi, "abort">;
  readonly #ids = new Set<string>();
  readonly #changed: (ids: readonly string[]) => void;

  /** `changed` is called with those that are open, whenever they change. */
  constructor(api: Pick<NaruApi, "abort">, changed: (ids: readonly string[]) => void) {
    this.#api = api;
    this.#changed = changed;
  }

  begun(id: string): void {
    this.#ids.add(id);
    this.#tell();
  }

  ended(id: string): void {
    this.#ids.delete(id);
    this.#tell();
  }

  /** Abort all that are open. */
  async abort(): Promise<void> {
    for (const id of this.#ids) {
      await this.#api.abort(id).catch((error: unknown) => {
        if (!isTransferError(error) || error.code !== "not-found") throw error;
      });
      this.ended(id);
    }
  }

  #tell(): void {
    this.#changed([...this.#ids]);
  }
}
