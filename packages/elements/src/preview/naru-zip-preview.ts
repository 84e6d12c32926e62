import type { WireFile } from "@naru/core";
import { type CSSResultGroup, html, nothing, type TemplateResult } from "lit";
import { icon } from "../icons.ts";
import { theme } from "../theme.ts";
import { nameIn } from "./file-reader.ts";
import { PreviewPart } from "./preview-part.ts";
import { partStyle } from "./preview-style.ts";
import { type ReadRange, readZipDirectory, type ZipDirectory, type ZipEntry } from "./zip-directory.ts";

const mostEntries = 1000;

/** `<naru-zip-preview>`: what is in a ZIP file, of which only the directory is read. */
export class NaruZipPreview extends PreviewPart {
  static override readonly styles: CSSResultGroup = [theme, partStyle];

  #directory: ZipDirectory | undefined;

  override render(): TemplateResult | typeof nothing {
    const { t, format } = this.words;
    const p = t.preview;
    const directory = this.#directory;
    if (this.file === undefined) return nothing;
    if (directory === undefined) return html`<p class="wait" role="status">${this.busy ? p.loading : nothing}</p>`;
    const { entries, count } = directory;
    const all = format.count(Math.max(count, entries.length));
    const how =
      entries.length < count ? p.firstEntries(format.count(entries.length), all) : p.entries(entries.length, all);
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${p.content(nameIn(this.file.path))}>
        <table class="zip">
          <thead><tr><th scope="col">${t.name}</th><th scope="col" class="number">${t.size}</th><th scope="col" class="time">${t.time}</th></tr></thead>
          <tbody>${entries.map((entry) => this.#row(entry))}</tbody>
        </table>
      </div>
      <div class="foot"><span class="muted" role="status">${how}</span></div>`;
  }

  protected override reset(): void {
    this.#directory = undefined;
  }

  protected override async read({ size }: WireFile, range: ReadRange): Promise<void> {
    this.#directory = await readZipDirectory(range, { size, most: mostEntries });
    if (this.#directory === undefined) this.problem("zip");
  }

  #row({ name, size, modified, isFolder, isEncrypted }: ZipEntry): TemplateResult {
    const { t, format } = this.words;
    const time = modified === undefined || Number.isNaN(modified.getTime()) ? "" : format.when(modified, new Date());
    const locked = isEncrypted ? html`<span class="muted">${icon("lock")}${t.preview.encrypted}</span>` : nothing;
    return html`<tr>
      <td><span class="entry">${icon(isFolder ? "folder" : "file")}<bdi>${name}</bdi>${locked}</span></td>
      <td class="number">${isFolder ? nothing : format.bytes(size)}</td>
      <td class="time">${time}</td>
    </tr>`;
  }
}

customElements.define("naru-zip-preview", NaruZipPreview);
