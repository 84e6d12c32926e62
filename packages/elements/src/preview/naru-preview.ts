import type { NaruApi } from "@naru/client";
import { isTransferError, previewType, type WireFile } from "@naru/core";
import { type CSSResultGroup, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { icon } from "../icons.ts";
import { Localized } from "../language/language.ts";
import { previewWords, type WithPreviewWords } from "../language/preview-words.ts";
import { closeDialog, showDialogs } from "../question.ts";
import { theme } from "../theme.ts";
import { fileAddress, nameIn, previewAddress } from "./file-reader.ts";
import "./naru-text-preview.ts";
import "./naru-zip-preview.ts";
import type { PreviewProblem } from "./preview-part.ts";
import { previewStyle } from "./preview-style.ts";

/** Larger images take more memory, decoded, than many computers have to spare. */
const largestImage = 100_000_000;

/** What is to be shown. */
export interface PreviewWish {
  readonly path: string;
  /** The files beside it, in the order of the list; the arrow keys lead from one to the next. */
  readonly paths?: readonly string[] | undefined;
}

/**
 * `<naru-preview>`: shows one file in a dialog. Its bytes come from an address that lets nothing in them run, or are shown as
 * plain text. The button to download it fires `naru-download` {paths}.
 */
export class NaruPreview extends LitElement {
  static override readonly styles: CSSResultGroup = [theme, previewStyle];
  static override readonly properties: PropertyDeclarations = { api: { attribute: false } };
  declare api: NaruApi | undefined;

  readonly #words: Localized<WithPreviewWords> = new Localized(this, previewWords);
  #paths: readonly string[] = [];
  #at = 0;
  #isOpen = false;
  #file: WireFile | undefined;
  #problem: PreviewProblem | undefined;

  /** Show a file. */
  async show({ path, paths = [] }: PreviewWish): Promise<void> {
    this.#paths = paths.includes(path) ? paths : [path];
    this.#isOpen = true;
    await this.#go(this.#paths.indexOf(path));
  }

  override render(): TemplateResult | typeof nothing {
    const path = this.#paths[this.#at];
    const { api } = this;
    if (!this.#isOpen || path === undefined || api === undefined) return nothing;
    const { t, format } = this.#words;
    const p = t.preview;
    const name = nameIn(path);
    const count = this.#paths.length;
    const position = count > 1 ? p.position(format.count(this.#at + 1), format.count(count)) : "";
    return html`<dialog aria-labelledby="title" @close=${this.#closed} @keydown=${this.#key}>
      <div class="head">
        <h2 id="title" title=${name} dir="auto"><span class="unseen">${p.title("")}</span>${name}</h2>
        <span class="position muted" role="status">${position}</span>
        ${
          count > 1
            ? html`<button class="bare" data-action="previous" aria-label=${p.previous} title=${p.previous} ?disabled=${this.#at === 0} @click=${() => this.#go(this.#at - 1)}><span class="flip">${icon("chevronRight")}</span></button>
        <button class="bare" data-action="next" aria-label=${p.next} title=${p.next} ?disabled=${this.#at === count - 1} @click=${() => this.#go(this.#at + 1)}>${icon("chevronRight")}</button>`
            : nothing
        }
        ${this.#download(api, path)}
        <button class="bare" data-action="close-preview" autofocus aria-label=${p.close} title=${p.close} @click=${this.#close}>${icon("close")}</button>
      </div>
      <div class="shown" data-preview=${path} data-state=${this.#state}>${this.#content(api, name)}</div>
    </dialog>`;
  }

  override updated(): void {
    showDialogs(this.renderRoot);
  }

  get #state(): string {
    return this.#problem ?? (this.#file === undefined ? "loading" : "shown");
  }

  #download(api: NaruApi, path: string): TemplateResult {
    const { preview } = this.#words.t;
    return html`<a class="button download" data-action="download-preview" href=${fileAddress(api, path)} download=${nameIn(path)} @click=${this.#asked}>${icon("download")}<span>${preview.download}</span></a>`;
  }

  #content(api: NaruApi, name: string): TemplateResult {
    if (this.#problem !== undefined) return this.#cannot(api, this.#problem);
    const file = this.#file;
    const { preview: p } = this.#words.t;
    if (file === undefined) return html`<p class="stage muted" role="status">${p.loading}</p>`;
    const address = previewAddress(api, file.path);
    switch (previewType(file.path)?.kind) {
      case "image":
        return html`<div class="stage"><img src=${address} alt=${name} @error=${() => this.#fail("image")} /></div>`;
      case "video":
        return html`<div class="stage"><video controls preload="metadata" playsinline src=${address} aria-label=${name} @error=${() => this.#fail("media")}></video></div>`;
      case "audio":
        return html`<div class="stage"><audio controls preload="metadata" src=${address} aria-label=${name} @error=${() => this.#fail("media")}></audio></div>`;
      case "pdf":
        return html`<div class="pdf"><p><a href=${address} target="_blank" rel="noopener noreferrer" data-action="open-tab">${p.openTab}</a></p><iframe src=${address} title=${name}></iframe></div>`;
      default:
        return this.#read(api, file);
    }
  }

  #read(api: NaruApi, file: WireFile): TemplateResult {
    const failed = (event: CustomEvent<PreviewProblem>): void => this.#fail(event.detail);
    return /\.(?:zip|jar|cbz|epub)$/iu.test(file.path)
      ? html`<naru-zip-preview .api=${api} .file=${file} @naru-preview-problem=${failed}></naru-zip-preview>`
      : html`<naru-text-preview .api=${api} .file=${file} @naru-preview-problem=${failed}></naru-text-preview>`;
  }

  #cannot(api: NaruApi, problem: PreviewProblem): TemplateResult {
    const { t, format } = this.#words;
    const { reasons, cannot, tryAgain } = t.preview;
    const reason = problem === "too-large" ? reasons[problem](format.bytes(largestImage)) : reasons[problem];
    const path = this.#paths[this.#at] ?? "";
    return html`<div class="stage"><div class="cannot" role="alert">${icon(problem === "type" ? "file" : "warning")}
      <h3>${cannot}</h3><p>${reason}</p>
      <div class="buttons">${problem === "failed" ? html`<button data-action="try-preview" @click=${() => this.#go(this.#at)}>${tryAgain}</button>` : nothing}
      ${problem === "not-found" ? nothing : this.#download(api, path)}</div>
    </div></div>`;
  }

  async #go(at: number): Promise<void> {
    const path = this.#paths[at];
    if (path === undefined || this.api === undefined) return;
    this.#at = at;
    this.#file = undefined;
    this.#problem = undefined;
    this.requestUpdate();
    const isShown = (): boolean => this.#isOpen && this.#paths[this.#at] === path;
    try {
      const file = await this.api.stat(path);
      if (!isShown()) return;
      this.#problem = file === undefined ? "not-found" : problemOf(file);
      this.#file = file;
    } catch (error) {
      if (isTransferError(error) && error.code === "unauthenticated") {
        this.#close();
        this.dispatchEvent(new CustomEvent("naru-signed-out", { bubbles: true, composed: true }));
      } else if (isShown()) this.#problem = "failed";
    }
    this.requestUpdate();
  }

  #fail(problem: PreviewProblem): void {
    this.#problem = problem;
    this.requestUpdate();
  }

  readonly #asked = (event: MouseEvent): void => {
    const paths = [this.#paths[this.#at]];
    const wish = new CustomEvent("naru-download", {
      detail: { paths },
      bubbles: true,
      composed: true,
      cancelable: true,
    });
    if (!this.dispatchEvent(wish)) event.preventDefault();
  };

  readonly #key = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const [at] = event.composedPath();
    // There they seek.
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey || at instanceof HTMLMediaElement) return;
    // Tables and long lines are scrolled by them, as far as there is anything to scroll.
    if (at instanceof Element && at.scrollWidth > at.clientWidth && at.matches(".scroll")) return;
    event.preventDefault();
    void this.#go(this.#at + step);
  };

  readonly #close = (): void => closeDialog(this.renderRoot);

  /** Taken away, so that nothing of it plays or loads any longer. */
  readonly #closed = (): void => {
    this.#isOpen = false;
    this.#file = undefined;
    this.requestUpdate();
  };
}

function problemOf({ path, size }: WireFile): PreviewProblem | undefined {
  const kind = previewType(path)?.kind;
  if (kind === "image" && size > largestImage) return "too-large";
  if (kind === "pdf" && !navigator.pdfViewerEnabled) return "pdf";
  return undefined;
}

customElements.define("naru-preview", NaruPreview);
