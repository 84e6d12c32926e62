import { archivePath, filePath, type NaruApi } from "@naru/client";
import { saveFile, type Transfers } from "@naru/client/browser";
import { type FailureCode, isTransferError } from "@naru/core";
import { type CSSResultGroup, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { downloadWords, type WithDownloadWords } from "./language/download-words.ts";
import { Localized } from "./language/language.ts";
import { closeDialog, dialogStyle, showDialogs } from "./question.ts";
import { theme } from "./theme.ts";

/** Smaller files are there in a moment: the browser saves them itself. */
const worthResuming = 64_000_000;

/** What the page is asked about a download before it begins. */
type Asked =
  | { readonly kind: "how"; readonly paths: readonly string[] }
  | { readonly kind: "no-room"; readonly path: string; readonly needed: number }
  | { readonly kind: "failed"; readonly code: FailureCode; readonly path: string | undefined };

interface FolderPicker {
  showDirectoryPicker?(options: {
    id: string;
    mode: "readwrite";
    startIn: "downloads";
  }): Promise<FileSystemDirectoryHandle>;
}

/** `<naru-downloads>`: decides how what was asked for is downloaded, and asks where it must. */
export class NaruDownloads extends LitElement {
  static override readonly styles: CSSResultGroup = [theme, dialogStyle];
  static override readonly properties: PropertyDeclarations = {
    api: { attribute: false },
    transfers: { attribute: false },
  };
  declare api: NaruApi | undefined;
  declare transfers: Transfers | undefined;

  readonly #words: Localized<WithDownloadWords> = new Localized(this, downloadWords);
  #asked: Asked | undefined;

  /** Download files by their paths, and folders, whose paths end with `/`. What goes wrong is told in a dialog. */
  async start(paths: readonly string[]): Promise<void> {
    const [first] = paths;
    if (first === undefined) return;
    try {
      if (paths.length === 1 && !first.endsWith("/")) await this.#file(first);
      else if (this.transfers !== undefined && picker().showDirectoryPicker) this.#ask({ kind: "how", paths });
      else this.#zip(paths);
    } catch (error) {
      this.#fail(error, paths.length === 1 && !first.endsWith("/") ? first : undefined);
    }
  }

  override render(): TemplateResult | typeof nothing {
    const asked = this.#asked;
    if (asked === undefined) return nothing;
    const { download: d } = this.#words.t;
    if (asked.kind === "how") {
      const { paths } = asked;
      const buttons = html`<button type="button" data-action="zip" @click=${() => this.#zip(paths)}>${d.asZip}</button>
        <button type="button" class="primary" autofocus data-action="into-folder" @click=${() => void this.#intoFolder(paths)}>${d.intoFolder}</button>`;
      return this.#dialog({ title: d.howTitle(paths.length), text: d.how, buttons });
    }
    if (asked.kind === "no-room") {
      const { path, needed } = asked;
      const text = d.noRoom(this.#words.format.bytes(needed));
      return this.#dialog({ title: d.noRoomTitle(nameIn(path)), text, buttons: this.#plain(path) });
    }
    const { what, todo } = failureText(asked.code, this.#words);
    const plain = asked.path === undefined || asked.code === "not-found" ? nothing : this.#plain(asked.path);
    return this.#dialog({ title: d.failedTitle, text: `${what} ${todo}`, buttons: plain });
  }

  override updated(): void {
    showDialogs(this.renderRoot);
  }

  #dialog(of: { title: string; text: string; buttons: TemplateResult | typeof nothing }): TemplateResult {
    const { download } = this.#words.t;
    return html`<dialog aria-labelledby="title" aria-describedby="meaning" @close=${this.#close}>
      <h2 id="title">${of.title}</h2>
      <p id="meaning">${of.text}</p>
      <div class="answers"><button type="button" data-action="close" @click=${this.#close}>${download.close}</button>${of.buttons}</div>
    </dialog>`;
  }

  #plain(path: string): TemplateResult {
    const { download } = this.#words.t;
    const href = `${this.api?.origin ?? ""}${filePath(path)}`;
    return html`<a class="button primary" data-action="plain" href=${href} download=${nameIn(path)} aria-label=${download.plain(nameIn(path))} @click=${this.#close}>${download.plainDo}</a>`;
  }

  async #file(path: string): Promise<void> {
    const { api, transfers } = this;
    const file = await api?.stat(path);
    if (api === undefined || file === undefined) return this.#ask({ kind: "failed", code: "not-found", path });
    if (transfers === undefined || file.size < worthResuming) return saveFile(api, file);
    const failed = await begun(transfers, path);
    if (failed === "unsupported") saveFile(api, file);
    // Some browsers give more room once they were asked to keep it.
    else if (failed === "no-space" && !((await persisted()) && (await begun(transfers, path)) === undefined))
      this.#ask({ kind: "no-room", path, needed: file.size });
  }

  async #intoFolder(paths: readonly string[]): Promise<void> {
    try {
      const folder = await picker().showDirectoryPicker?.({ id: "naru", mode: "readwrite", startIn: "downloads" });
      this.#close();
      if (folder !== undefined) await this.transfers?.download(paths, { into: folder });
    } catch (error) {
      // Closed without a choice: the question stands.
      if (!(error instanceof DOMException) || error.name !== "AbortError") this.#fail(error, undefined);
    }
  }

  #zip(paths: readonly string[]): void {
    this.#close();
    const link = document.createElement("a");
    link.href = `${this.api?.origin ?? ""}${archivePath(paths, { zoneMinutes: -new Date().getTimezoneOffset() })}`;
    link.download = "";
    link.click();
  }

  #fail(error: unknown, path: string | undefined): void {
    const code = isTransferError(error) ? error.code : "internal";
    if (code === "unauthenticated")
      this.dispatchEvent(new CustomEvent("naru-signed-out", { bubbles: true, composed: true }));
    else this.#ask({ kind: "failed", code, path });
  }

  #ask(asked: Asked): void {
    this.#asked = asked;
    this.requestUpdate();
  }

  readonly #close = (): void => {
    closeDialog(this.renderRoot);
    this.#asked = undefined;
    this.requestUpdate();
  };
}

/** What happened to a download, and what to do; codes without words of their own mean the same both ways. */
export function failureText(code: FailureCode, { t }: Localized<WithDownloadWords>): { what: string; todo: string } {
  const own: Readonly<Partial<Record<FailureCode, { what: string; todo: string }>>> = t.download.failures;
  return own[code] ?? t.failures[code];
}

/** Begin a download; tells why it could not begin, where the browser's own might. */
async function begun(transfers: Transfers, path: string): Promise<"unsupported" | "no-space" | undefined> {
  try {
    await transfers.download([path]);
    return undefined;
  } catch (error) {
    const code = isTransferError(error) ? error.code : "internal";
    if (code === "unsupported" || code === "no-space") return code;
    throw error;
  }
}

async function persisted(): Promise<boolean> {
  return navigator.storage.persist().catch(() => false);
}

/** Not in all browsers, and not in the page's types. */
function picker(): FolderPicker {
  return window as FolderPicker;
}

function nameIn(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

customElements.define("naru-downloads", NaruDownloads);
