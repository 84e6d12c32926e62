import { FilesApi, type NaruApi, versionPath } from "@naru/client";
import { isTransferError, type WireDetails, type WireFolderDetails, type WireVersions } from "@naru/core";
import {
  type CSSResultGroup,
  css,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type TemplateResult,
} from "lit";
import { icon } from "../icons.ts";
import { Localized } from "../language/language.ts";
import { dialogStyle, showDialogs } from "../question.ts";
import { theme } from "../theme.ts";
import { hashOf } from "./crumbs.ts";
import { detailsWords, type WithDetailsWords } from "./details-words.ts";
import { type Entry, parentOf } from "./entry.ts";

/** `<naru-details>`: all that is known of a file or folder, in a sheet at the side. Fires `naru-act` with a command, and `close`. */
export class NaruDetails extends LitElement {
  static override readonly styles: CSSResultGroup = [
    theme,
    dialogStyle,
    css`
      dialog.sheet { position: fixed; inset: 0 0 0 auto; margin: 0; width: min(420px, 100vw); height: 100dvh; max-height: none; border-width: 0 0 0 1px; border-radius: 0; padding: 20px 24px; overflow-y: auto; animation: slide 0.16s ease-out; }
      @keyframes slide { from { translate: 32px 0; opacity: 0; } }
      header { display: flex; gap: 10px; align-items: flex-start; margin-bottom: 12px; }
      header h2 { flex: 1; margin: 4px 0; }
      header > .icon { width: 24px; height: 24px; margin-top: 6px; color: var(--accent); }
      .acts { display: flex; flex-wrap: wrap; gap: 8px; margin-bottom: 18px; }
      dl { margin: 0; }
      dt { color: var(--muted); font-size: 13px; margin-top: 14px; }
      dd { margin: 2px 0 0; overflow-wrap: anywhere; }
      .sum { display: flex; gap: 8px; align-items: center; }
      .sum span { color: var(--muted); font-size: 13px; flex: none; width: 62px; }
      .sum code { flex: 1; min-width: 0; font-size: 13px; overflow: hidden; text-overflow: ellipsis; }
      .note { min-height: 22px; color: var(--muted); font-size: 13px; margin: 14px 0 0; }
      @media (max-width: 640px) { dialog.sheet { inset: auto 0 0; width: 100vw; max-width: none; height: auto; max-height: 86dvh; border-width: 1px 0 0; border-radius: 18px 18px 0 0; } }
    `,
  ];
  static override readonly properties: PropertyDeclarations = {
    api: { attribute: false },
    entry: { attribute: false },
  };
  /** The server that knows. */
  declare api: NaruApi | undefined;
  /** What is looked at. */
  declare entry: Entry | undefined;

  readonly #words: Localized<WithDetailsWords> = new Localized(this, detailsWords);
  #file: WireDetails | undefined;
  #folder: WireFolderDetails | undefined;
  #versions: WireVersions["versions"] = [];
  #failure: string | undefined;
  #note = "";

  override firstUpdated(): void {
    void this.#load();
  }

  override updated(): void {
    showDialogs(this.renderRoot);
  }

  override render(): TemplateResult {
    const { t } = this.#words;
    const { entry } = this;
    const act = (command: string) => (): void => {
      this.#close();
      this.dispatchEvent(new CustomEvent("naru-act", { detail: command }));
    };
    return html`<dialog class="sheet" aria-labelledby="name" @close=${() => this.dispatchEvent(new Event("close"))}>
      <header>${icon(entry?.kind ?? "file")}<h2 id="name">${entry?.name}</h2>
        <button class="bare" autofocus data-action="close" aria-label=${t.details.close} title=${t.details.close} @click=${this.#close}>${icon("close")}</button></header>
      <div class="acts">
        <button data-action="open" @click=${act("open")}>${icon("eye")}${t.details.open}</button>
        <button data-action="download" @click=${act("download")}>${icon("download")}${t.file.commands.download}</button>
        <button data-action="link" @click=${this.#copyLink}>${icon("link")}${t.details.copyLink}</button>
      </div>
      ${this.#facts()}
      <p class="note" role="status">${this.#note}</p>
    </dialog>`;
  }

  #facts(): TemplateResult {
    const { t } = this.#words;
    if (this.#failure !== undefined)
      return html`<p class="bad" role="alert">${this.#failure}</p><button @click=${() => void this.#load()}>${t.tryAgain}</button>`;
    const where = html`<dt>${t.details.where}</dt><dd>${parentOf(this.entry?.path ?? "") || t.allFiles}</dd>`;
    if (this.#file !== undefined) return html`<dl>${where}${this.#ofFile(this.#file)}</dl>`;
    if (this.#folder !== undefined) return html`<dl>${where}${this.#ofFolder(this.#folder)}</dl>`;
    return html`<dl>${where}</dl><p aria-busy="true">${t.loading}</p>`;
  }

  #ofFile({ file, account, door, arrived, md5, sha256 }: WireDetails): TemplateResult {
    const { t, format } = this.#words;
    const when = (date: string): TemplateResult =>
      html`<time datetime=${date} title=${date}>${format.when(new Date(date), new Date())}</time>`;
    const by =
      account === undefined
        ? t.details.unknownBy
        : t.details.byDoor(account, t.details.doors[door ?? ""] ?? door ?? "");
    const sums = [
      { name: "CRC-64", value: file.crc64 },
      { name: "MD5", value: md5 },
      { name: "SHA-256", value: sha256 },
    ];
    return html`<dt>${t.details.size}</dt><dd>${t.details.bytes(format.bytes(file.size), format.count(file.size))}</dd>
      <dt>${t.details.type}</dt><dd>${file.type ?? t.details.unknown}</dd>
      <dt>${t.details.modified}</dt><dd>${when(file.modified)}</dd>
      <dt>${t.details.by}</dt><dd data-role="by">${by}</dd>
      ${arrived === undefined ? nothing : html`<dt>${t.details.arrived}</dt><dd>${when(arrived)}</dd>`}
      <dt>${t.details.checksums}</dt>
      ${sums.every(({ value }) => value === undefined) ? html`<dd>${t.details.noChecksum}</dd>` : sums.map(({ name, value }) => (value === undefined ? nothing : this.#sum(name, value)))}
      ${this.#ofVersions()}`;
  }

  #ofVersions(): TemplateResult | typeof nothing {
    const { t, format } = this.#words;
    if (this.#versions.length === 0) return nothing;
    return html`<dt>${t.details.versions}</dt>${this.#versions.map(({ id, size, modified, current }) => {
      const when = format.when(new Date(modified), new Date());
      const href = `${this.api?.origin ?? ""}${versionPath(this.entry?.path ?? "", id)}`;
      return html`<dd class="sum" data-version=${id}><code>${when} · ${format.bytes(size)}</code>
        ${
          current
            ? html`<span>${t.details.current}</span>`
            : html`<a class="button bare" href=${href} download aria-label=${t.details.downloadVersion(when)} title=${t.details.downloadVersion(when)}>${icon("download")}</a>
        <button data-action="restore-version" aria-label=${t.details.restore(when)} @click=${() => void this.#restore(id)}>${t.details.restoreDo}</button>`
        }</dd>`;
    })}`;
  }

  #sum(name: string, value: string): TemplateResult {
    const { t } = this.#words;
    const label = t.details.copy(name);
    return html`<dd class="sum"><span>${name}</span><code title=${value}>${value}</code>
      <button class="bare" data-action="copy-sum" aria-label=${label} title=${label} @click=${() => void this.#copy(value)}>${icon("copy")}</button></dd>`;
  }

  #ofFolder({ files, folders, size, whole }: WireFolderDetails): TemplateResult {
    const { t, format } = this.#words;
    const more = whole ? "" : ` ${t.details.more}`;
    return html`<dt>${t.details.holds}</dt><dd>${t.details.holdsFiles(format.count(files), format.count(folders))}${more}</dd>
      <dt>${t.details.size}</dt><dd>${t.details.bytes(format.bytes(size), format.count(size))}${more}</dd>`;
  }

  async #load(): Promise<void> {
    const { entry } = this;
    await this.#do(async (files) => {
      if (entry?.kind === "folder") this.#folder = await files.folderDetails(entry.path);
      if (entry?.kind !== "file") return;
      this.#file = await files.details(entry.path);
      if (this.#file.versions) this.#versions = (await files.versions(entry.path)).versions;
    });
  }

  async #restore(version: string): Promise<void> {
    const path = this.entry?.path ?? "";
    await this.#do(async (files) => {
      await files.restoreVersion(path, version);
      this.#note = this.#words.t.details.restored;
      this.#file = await files.details(path);
      this.#versions = (await files.versions(path)).versions;
    });
  }

  async #do(work: (files: FilesApi) => Promise<void>): Promise<void> {
    const { api } = this;
    if (api === undefined) return;
    this.#failure = undefined;
    try {
      await work(new FilesApi({ origin: api.origin, auth: api.auth }));
    } catch (error) {
      this.#failure = this.#words.t.failures[isTransferError(error) ? error.code : "internal"].what;
    }
    this.requestUpdate();
  }

  readonly #copyLink = (): void => {
    if (this.entry !== undefined) void this.#copy(new URL(hashOf(this.entry.path), location.href).href);
  };

  async #copy(text: string): Promise<void> {
    const { details } = this.#words.t;
    this.#note = await navigator.clipboard.writeText(text).then(
      () => details.copied,
      () => details.notCopied,
    );
    this.requestUpdate();
  }

  readonly #close = (): void => this.renderRoot.querySelector("dialog")?.close();
}

customElements.define("naru-details", NaruDetails);
