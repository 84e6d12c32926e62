import type { NaruApi } from "@naru/client";
import { isTransferError, type WireFile } from "@naru/core";
import { LitElement, type PropertyDeclarations, type PropertyValues } from "lit";
import { Localized } from "../language/language.ts";
import { previewWords, type WithPreviewWords } from "../language/preview-words.ts";
import { rangesOf } from "./file-reader.ts";
import type { ReadRange } from "./zip-directory.ts";

/** Why a preview shows nothing. */
export type PreviewProblem = "type" | "image" | "media" | "pdf" | "zip" | "too-large" | "not-found" | "failed";

/** What a preview that cannot show its file says: `naru-preview-problem`. */
export class PreviewProblemEvent extends CustomEvent<PreviewProblem> {
  constructor(problem: PreviewProblem) {
    super("naru-preview-problem", { detail: problem });
  }
}

/** A preview that reads its file itself. It is told another file by its property, and stops reading when it is taken away. */
export abstract class PreviewPart extends LitElement {
  static override readonly properties: PropertyDeclarations = { api: { attribute: false }, file: { attribute: false } };
  declare api: NaruApi | undefined;
  declare file: WireFile | undefined;

  protected readonly words: Localized<WithPreviewWords> = new Localized(this, previewWords);
  protected busy = false;
  #stop = new AbortController();

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop.abort();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("file") && !changed.has("api")) return;
    this.#stop.abort();
    this.#stop = new AbortController();
    this.reset();
    void this.load();
  }

  /** Forget what was read of another file. */
  protected abstract reset(): void;

  /** Read the file, or more of it. */
  protected abstract read(file: WireFile, range: ReadRange): Promise<void>;

  protected async load(): Promise<void> {
    const { api, file } = this;
    const { signal } = this.#stop;
    if (api === undefined || file === undefined) return;
    this.busy = true;
    this.requestUpdate();
    try {
      await this.read(file, rangesOf(api, file, signal));
    } catch (error) {
      if (!signal.aborted) this.problem(isTransferError(error) && error.code === "not-found" ? "not-found" : "failed");
    } finally {
      if (!signal.aborted) {
        this.busy = false;
        this.requestUpdate();
      }
    }
  }

  protected problem(problem: PreviewProblem): void {
    this.dispatchEvent(new PreviewProblemEvent(problem));
  }
}
