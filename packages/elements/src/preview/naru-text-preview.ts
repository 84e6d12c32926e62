import type { WireFile } from "@naru/core";
import { type CSSResultGroup, html, nothing, type TemplateResult } from "lit";
import { theme } from "../theme.ts";
import { type CsvRows, csvRows } from "./csv-rows.ts";
import { nameIn } from "./file-reader.ts";
import { PreviewPart } from "./preview-part.ts";
import { partStyle } from "./preview-style.ts";
import { TextReading } from "./text-reading.ts";
import type { ReadRange } from "./zip-directory.ts";

const pieceBytes = 256 * 1024;
/** Letters that are laid out at once: the browser skips blocks that are not in sight. */
const blockLetters = 8192;
const [mostRows, mostCells] = [200, 50];

/** `<naru-text-preview>`: the beginning of a text, with more on request; of a table the first rows. */
export class NaruTextPreview extends PreviewPart {
  static override readonly styles: CSSResultGroup = [theme, partStyle];

  #reading: TextReading | undefined;
  #blocks: string[] = [];
  #bytes = 0;
  #table: CsvRows | undefined;

  override render(): TemplateResult | typeof nothing {
    const { t, format } = this.words;
    const p = t.preview;
    const { file } = this;
    if (file === undefined) return nothing;
    if (this.#reading === undefined) return html`<p class="wait" role="status">${this.busy ? p.loading : nothing}</p>`;
    if (file.size === 0) return html`<p class="wait" role="status">${p.empty}</p>`;
    const rows = this.#table;
    const count = rows === undefined ? "" : format.count(rows.rows.length);
    const how =
      rows === undefined
        ? this.#bytes < file.size
          ? p.shownOf(format.bytes(this.#bytes), format.bytes(file.size))
          : format.bytes(file.size)
        : rows.isCut
          ? p.firstRows(count)
          : p.allRows(count);
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${p.content(nameIn(file.path))}>
        ${rows === undefined ? html`<pre dir="auto">${this.#blocks.map((block) => html`<span class="block">${block}</span>`)}</pre>` : tableOf(rows)}
      </div>
      <div class="foot"><span class="muted" role="status">${how} · ${p.encoding[this.#reading.encoding]}</span>
        ${rows === undefined && this.#bytes < file.size ? html`<button data-action="show-more" ?disabled=${this.busy} @click=${() => void this.load()}>${p.showMore}</button>` : nothing}
      </div>`;
  }

  protected override reset(): void {
    this.#reading = undefined;
    this.#blocks = [];
    this.#bytes = 0;
    this.#table = undefined;
  }

  protected override async read(file: WireFile, range: ReadRange): Promise<void> {
    const end = Math.min(file.size, this.#bytes + pieceBytes);
    const piece = await range(this.#bytes, end);
    const last = end === file.size;
    this.#reading ??= TextReading.of(piece, { last });
    if (this.#reading === undefined) return this.problem("type");
    this.#bytes = end;
    const text = this.#reading.read(piece, { last });
    if (/\.(?:csv|tsv)$/iu.test(file.path)) this.#table = csvRows(text, { isCut: !last, mostRows, mostCells });
    else this.#blocks.push(...blocksOf(text));
  }
}

function tableOf({ rows: [head = [], ...rows] }: CsvRows): TemplateResult {
  return html`<table>
    <thead><tr>${head.map((cell) => html`<th scope="col" dir="auto">${cell}</th>`)}</tr></thead>
    <tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td dir="auto">${cell}</td>`)}</tr>`)}</tbody>
  </table>`;
}

/** Cut after the ends of lines, where there are any. */
function blocksOf(text: string): string[] {
  const blocks: string[] = [];
  for (let start = 0; start < text.length; ) {
    const line = text.indexOf("\n", start + blockLetters) + 1;
    const end = line === 0 || line > start + 2 * blockLetters ? start + blockLetters : line;
    blocks.push(text.slice(start, end));
    start = end;
  }
  return blocks;
}

customElements.define("naru-text-preview", NaruTextPreview);
