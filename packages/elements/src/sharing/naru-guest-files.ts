import { filePath, type NaruApi } from "@naru/client";
import { type StoredFile, toStoredFile, type WireGuestShare } from "@naru/core";
import {
  type CSSResultGroup,
  css,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from "lit";
import { icon } from "../icons.ts";
import { guestWords, type WithGuestWords } from "../language/guest-words.ts";
import { currentLanguage, Localized } from "../language/language.ts";
import { openPreview } from "../preview/open-preview.ts";
import { theme } from "../theme.ts";

interface Listed {
  readonly folders: readonly string[];
  readonly files: readonly StoredFile[];
  readonly cursor: string | undefined;
}

const pageSize = 500;

/** `<naru-guest-files>`: what is shared by a link, each file by an address that every download program resumes. */
export class NaruGuestFiles extends LitElement {
  static override readonly styles: CSSResultGroup = [
    theme,
    css`
      :host { display: block; }
      .card { display: flex; flex-wrap: wrap; gap: 16px; align-items: center; background: var(--surface); border: 1px solid var(--line); border-radius: 14px; padding: 22px 24px; }
      .card > .icon { width: 30px; height: 30px; color: var(--accent); stroke-width: 1.2; }
      .card .grow { flex-basis: 240px; }
      .what { display: block; font-weight: 620; overflow-wrap: anywhere; }
      .facts { color: var(--muted); font-size: 14px; }
      .sum { flex-basis: 100%; margin: 0; color: var(--muted); font-size: 13px; overflow-wrap: anywhere; }
      code { font: 13px ui-monospace, "Cascadia Mono", Consolas, monospace; }
      .button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 650; min-height: 42px; padding: 5px 20px; }
      .look { min-height: 42px; }
      .top { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; margin-bottom: 12px; }
      .crumbs { flex: 1 1 200px; display: flex; flex-wrap: wrap; align-items: center; gap: 2px; min-width: 0; min-height: 36px; }
      .crumbs a { color: var(--muted); text-decoration: none; padding: 4px 6px; margin-left: -6px; border-radius: 6px; }
      .crumbs a:hover { color: var(--text); background: var(--accent-soft); }
      .crumbs .icon { width: 14px; height: 14px; color: var(--muted); margin-right: 8px; }
      .crumbs b { font-weight: 650; overflow-wrap: anywhere; }
      ul { list-style: none; margin: 0; padding: 0; background: var(--surface); border: 1px solid var(--line); border-radius: 12px; overflow: hidden; }
      li { border-top: 1px solid color-mix(in srgb, var(--line) 70%, transparent); }
      li:first-child { border-top: 0; }
      li { display: flex; align-items: center; }
      li .bare { margin-right: 8px; }
      li a { flex: 1; min-width: 0; display: flex; gap: 12px; align-items: center; min-height: 48px; padding: 6px 16px; color: inherit; text-decoration: none; }
      li a:hover { background: color-mix(in srgb, var(--accent) 5%, var(--surface)); }
      li a:focus-visible { outline-offset: -2px; }
      li .icon { color: var(--muted); }
      li[data-folder] .icon { color: var(--accent); }
      .name { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
      li .facts { white-space: nowrap; }
      .none { text-align: center; color: var(--muted); padding: 40px 16px; background: var(--surface); border: 1px solid var(--line); border-radius: 12px; margin: 0; }
      .hint { margin: 14px 0 0; color: var(--muted); font-size: 13px; }
      .more { display: flex; margin: 16px auto 0; }
      @media (max-width: 640px) { .time { display: none; } .card .button, .look { width: 100%; } .top .button { width: 100%; } }
    `,
  ];
  static override readonly properties: PropertyDeclarations = {
    api: { attribute: false },
    share: { attribute: false },
  };
  /** The server below the link's address. */
  declare api: NaruApi | undefined;
  declare share: WireGuestShare | undefined;

  readonly #words: Localized<WithGuestWords> = new Localized(this, guestWords);
  #listed: Listed | undefined;
  #failed = false;
  #folder = folderOfLocation();

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("hashchange", this.#moved);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("hashchange", this.#moved);
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("share") && this.share?.entry === "folder" && this.#listed === undefined) void this.#load();
  }

  override render(): TemplateResult | typeof nothing {
    const { share } = this;
    if (share === undefined) return nothing;
    const { guest } = this.#words.t;
    const body = share.entry === "folder" ? this.#folderView() : this.#fileView(share);
    return html`${body}<p class="hint">${guest.resumes}</p><naru-preview .api=${this.api}></naru-preview>`;
  }

  #fileView({ file }: WireGuestShare): TemplateResult {
    const { t, format } = this.#words;
    if (file === undefined) return html`<p class="none" role="alert">${t.guest.gone}</p>`;
    const { path, size, modified, crc64 } = file;
    return html`<div class="card" data-path=${path}>${icon("file")}
      <div class="grow"><span class="what">${path}</span>
        <span class="facts">${format.bytes(size)} · ${format.when(new Date(modified), new Date())}</span></div>
      ${this.#look(path, [path], { inWords: true })}
      <a class="button primary" data-action="download" href=${this.#address(path)} download=${path} aria-label=${t.guest.downloadNamed(path)}>${icon("download")}${t.guest.download}</a>
      ${crc64 === undefined ? nothing : html`<p class="sum">${t.guest.checksum}: <code>${crc64}</code></p>`}
    </div>`;
  }

  #folderView(): TemplateResult {
    const { t } = this.#words;
    const zip = `${this.api?.origin ?? ""}/archive?path=${encodeURIComponent(this.#folder === "" ? "/" : this.#folder)}`;
    return html`<div class="top">
        <nav class="crumbs" aria-label=${t.guest.folderPath}>${this.#crumbs()}</nav>
        <a class="button primary" data-action="zip" href=${zip} download="">${icon("download")}${t.guest.downloadAll}</a>
      </div>${this.#list()}`;
  }

  #crumbs(): readonly TemplateResult[] {
    const steps = [{ name: this.share?.name ?? "", folder: "" }];
    for (const name of this.#folder.split("/").slice(0, -1))
      steps.push({ name, folder: `${steps.at(-1)?.folder ?? ""}${name}/` });
    return steps.map(({ name, folder }, index) =>
      index === steps.length - 1
        ? html`<b aria-current="page">${name}</b>`
        : html`<a href=${hashOf(folder)}>${name}</a>${icon("chevronRight")}`,
    );
  }

  #list(): TemplateResult {
    const { t, format } = this.#words;
    if (this.#failed)
      return html`<p class="none" role="alert">${t.loadFailed} <button data-action="reload" @click=${() => this.#load()}>${t.tryAgain}</button></p>`;
    const listed = this.#listed;
    if (listed === undefined) return html`<p class="none" aria-busy="true">${t.loading}</p>`;
    if (listed.files.length + listed.folders.length === 0) return html`<p class="none">${t.guest.emptyFolder}</p>`;
    const paths = listed.files.map(({ path }) => path);
    return html`<ul>
        ${listed.folders.map((folder) => html`<li data-folder=${folder}><a href=${hashOf(folder)}>${icon("folder")}<span class="name">${nameOf(folder)}</span>${icon("chevronRight")}</a></li>`)}
        ${listed.files.map(
          ({
            path,
            size,
            modified,
          }) => html`<li data-file=${path}><a href=${this.#address(path)} download=${nameOf(path)} data-action="download">
            ${icon("file")}<span class="unseen">${t.guest.download}</span><span class="name">${nameOf(path)}</span><span class="facts time">${format.when(modified, new Date())}</span><span class="facts">${format.bytes(size)}</span>${icon("download")}</a>${this.#look(path, paths)}</li>`,
        )}
      </ul>
      ${listed.cursor === undefined ? nothing : html`<button class="more" data-action="more" @click=${() => this.#load(listed)}>${t.guest.more}</button>`}`;
  }

  /** The way to look at a file, where the link allows that. */
  #look(path: string, paths: readonly string[], { inWords = false } = {}): TemplateResult | typeof nothing {
    if (this.share?.preview !== true) return nothing;
    const { guest } = this.#words.t;
    const detail = { path, paths };
    const show = (): void => openPreview(new CustomEvent("naru-preview", { detail }), this.renderRoot);
    return html`<button class=${inWords ? "look" : "bare"} data-action="preview" aria-label=${guest.preview(nameOf(path))} title=${guest.previewDo} @click=${show}>${icon("eye")}${inWords ? guest.previewDo : nothing}</button>`;
  }

  async #load(before?: Listed): Promise<void> {
    const { api } = this;
    const folder = this.#folder;
    this.#failed = false;
    this.requestUpdate();
    try {
      const page = await api?.list({ prefix: folder, delimiter: "/", limit: pageSize, cursor: before?.cursor });
      if (page === undefined || folder !== this.#folder) return;
      const collator = new Intl.Collator(currentLanguage(), { numeric: true });
      this.#listed = {
        folders: [...(before?.folders ?? []), ...page.folders].sort(collator.compare),
        files: [...(before?.files ?? []), ...page.files.map(toStoredFile)].sort((a, b) =>
          collator.compare(a.path, b.path),
        ),
        cursor: page.cursor,
      };
    } catch {
      this.#failed = true;
      // The link itself may have ended.
      this.dispatchEvent(new CustomEvent("naru-guest-changed", { bubbles: true, composed: true }));
    }
    this.requestUpdate();
  }

  /** Without `/api`: these are addresses that people keep and hand to programs. */
  #address(path: string): string {
    return `${this.api?.origin ?? ""}${filePath(path).replace(/^\/api/u, "")}`;
  }

  readonly #moved = (): void => {
    this.#folder = folderOfLocation();
    this.#listed = undefined;
    if (this.share?.entry === "folder") void this.#load();
  };
}

function nameOf(path: string): string {
  return path.replace(/\/$/u, "").split("/").at(-1) ?? path;
}

function hashOf(folder: string): string {
  return `#/${folder.split("/").map(encodeURIComponent).join("/")}`;
}

function folderOfLocation(): string {
  try {
    const names = location.hash
      .replace(/^#\/?/u, "")
      .split("/")
      .filter((name) => name !== "");
    return names.map((name) => `${decodeURIComponent(name)}/`).join("");
  } catch {
    return "";
  }
}

customElements.define("naru-guest-files", NaruGuestFiles);
