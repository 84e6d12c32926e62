import { NaruApi } from "@naru/client";
import { experimentReport, type ReportWords, reportWords, withRuns } from "@naru/client/experiment";
import { type ExperimentProgress, leftFolders, PageExperiment, removeLeftFolder } from "@naru/client/page-experiment";
import { decodeExperiment, type Experiment, type ExperimentComputer, MiB } from "@naru/core";
import { type CSSResultGroup, html, LitElement, nothing, type TemplateResult } from "lit";
import { browserName } from "./browser-name.ts";
import { experimentStyle } from "./experiment-style.ts";
import { experimentTable } from "./experiment-table.ts";
import { icon } from "./icons.ts";
import { experimentWords } from "./language/experiment-words.ts";
import { currentLanguage, Localized } from "./language/language.ts";
import { dialogStyle } from "./question.ts";
import { saveBlob } from "./save-blob.ts";
import { theme } from "./theme.ts";

/** In MiB, and whether it is chosen at first. */
const sizes = [
  [1, false],
  [10, true],
  [64, true],
  [128, true],
  [512, false],
] as const;
const mostRounds = 100;
/** No figures are larger. */
const mostBytes = 50 * MiB;

/** What has gone wrong, by its words. */
type Trouble = "noSizes" | "failed" | "notFigures" | "notRemoved";

/** `<naru-experiment>`: how fast each way is from this browser, beside what `naru bench` measured, in a dialog; for administrators. */
export class NaruExperiment extends LitElement {
  static override readonly styles: CSSResultGroup = [theme, dialogStyle, experimentStyle];

  readonly #words: Localized<(typeof experimentWords)["en"]> = new Localized(this, experimentWords);
  readonly #api: NaruApi;
  /** Folders of measurements that were cut off. */
  #left: readonly string[] = [];
  #running: PageExperiment | undefined;
  #rounds = 3;
  #isStopping = false;
  #progress: ExperimentProgress | undefined;
  #measured: Experiment | undefined;
  #added: Experiment | undefined;
  #trouble: Trouble | undefined;
  #said = "";

  constructor({ origin, auth }: Pick<NaruApi, "origin" | "auth">) {
    super();
    this.#api = new NaruApi({ origin, auth });
  }

  override firstUpdated(): void {
    this.renderRoot.querySelector("dialog")?.showModal();
    void this.#findLeft();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // It removes what it sent also when nobody looks any more.
    this.#running?.stop();
  }

  override render(): TemplateResult {
    const { experiment: t } = this.#words.t;
    return html`<dialog class="panel" aria-labelledby="title" aria-describedby="about" @close=${() => this.remove()}>
      <div class="head"><h2 id="title">${t.title}</h2>
        <button class="bare" data-action="close" aria-label=${t.close} title=${t.close} @click=${this.#close}>${icon("close")}</button></div>
      <div class="body">
        <p class="about muted" id="about">${t.about}</p>
        ${this.#form()}
        ${this.#running === undefined ? this.#left.map((name) => this.#leftFolder(name)) : nothing}
        <div class="results" aria-busy=${this.#running !== undefined}>${this.#results()}</div>
        <p class="unseen" role="status">${this.#said}</p>
      </div>
    </dialog>`;
  }

  #form(): TemplateResult {
    const { experiment: t } = this.#words.t;
    const isRunning = this.#running !== undefined;
    const boxes = sizes.map(
      ([size, isChosen]) =>
        html`<label class="check"><input type="checkbox" name="size" value=${size} ?checked=${isChosen} ?disabled=${isRunning} />${size} MiB</label>`,
    );
    return html`<form @submit=${this.#start}>
      <fieldset><legend>${t.sizes}</legend>${boxes}</fieldset>
      <label class="rounds">${t.rounds}<input name="rounds" type="number" min="1" max=${mostRounds} value="3" required ?disabled=${isRunning} /></label>
      <label class="check"><input type="checkbox" name="download" checked ?disabled=${isRunning} />${t.download}</label>
      <div class="under">${
        isRunning
          ? html`<button type="button" data-action="stop" aria-disabled=${this.#isStopping} @click=${this.#stop}>${this.#isStopping ? t.stopping : t.stop}</button>${this.#now()}`
          : html`<button class="primary" data-action="start">${t.start}</button>`
      }${this.#problem()}</div>
    </form>`;
  }

  #now(): TemplateResult {
    const { t, format } = this.#words;
    const { way, direction, size, round, carried, whole } = this.#progress ?? {};
    const report = this.#report;
    const what =
      way === undefined || direction === undefined || size === undefined
        ? undefined
        : `${report.what({ direction, size, files: 1, parallel: 1 })}, ${report.ways[way]}`;
    const text = what === undefined ? "" : t.experiment.now(format.count(round ?? 1), format.count(this.#rounds), what);
    return html`<div class="now"><span>${text}</span><progress max=${whole ?? 1} .value=${carried ?? 0} aria-label=${t.experiment.title}></progress></div>`;
  }

  #problem(): TemplateResult | typeof nothing {
    const { experiment: t } = this.#words.t;
    const trouble = this.#trouble;
    if (trouble === undefined) return nothing;
    return html`<p class="bad" role="alert">${t[trouble]}</p>`;
  }

  #leftFolder(name: string): TemplateResult {
    const { experiment: t } = this.#words.t;
    return html`<div class="left"><p>${t.leftBehind(name)}</p><button data-action="remove-left" aria-label=${t.removeNamed(name)} @click=${() => this.#remove(name)}>${t.remove}</button></div>`;
  }

  #results(): TemplateResult {
    const { experiment: t } = this.#words.t;
    const all = this.#all;
    const save =
      all === undefined
        ? nothing
        : html`<button data-action="save-report" @click=${this.#saveReport}>${icon("download")}${t.saveReport}</button>
          <button data-action="save-figures" @click=${this.#saveFigures}>${t.saveFigures}</button>`;
    return html`${all === undefined ? html`<p class="none">${t.none}</p>` : experimentTable(all, this.#report)}
      <div class="saves">${save}<button data-action="add-figures" ?disabled=${this.#running !== undefined} @click=${this.#choose}>${t.addFigures}</button>
        <input type="file" hidden accept=".json,application/json" @change=${this.#add} /></div>
      <p class="muted">${t.bench}</p>`;
  }

  get #report(): ReportWords {
    return reportWords[currentLanguage()];
  }

  /** What was measured here, beside what was added. */
  get #all(): Experiment | undefined {
    const [own, added] = [this.#measured, this.#added];
    if (own === undefined || added === undefined) return own ?? added;
    return { ...withRuns(added, own), began: own.began, server: own.server };
  }

  readonly #start = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    if (!(form instanceof HTMLFormElement) || this.#running !== undefined) return;
    const data = new FormData(form);
    const chosen = data.getAll("size").map((size) => Number(size) * MiB);
    this.#trouble = chosen.length === 0 ? "noSizes" : undefined;
    this.requestUpdate();
    if (chosen.length === 0) return;
    this.#rounds = Math.min(mostRounds, Math.max(1, Math.trunc(Number(data.get("rounds")))));
    await this.#run({ sizes: chosen, rounds: this.#rounds, download: data.has("download") });
  };

  async #run(wishes: { sizes: readonly number[]; rounds: number; download: boolean }): Promise<void> {
    const { experiment: t } = this.#words.t;
    this.#progress = undefined;
    this.#isStopping = false;
    this.#said = t.began;
    const running = new PageExperiment({
      ...wishes,
      origin: this.#api.origin,
      computer: thisBrowser(),
      onProgress: (progress) => {
        this.#progress = progress;
        this.requestUpdate();
      },
    });
    this.#running = running;
    this.requestUpdate();
    try {
      const experiment = await running.ended;
      if (experiment.runs.length > 0) this.#measured = experiment;
      this.#said = this.#isStopping ? t.stopped : t.ended;
    } catch {
      this.#trouble = "failed";
      this.#said = "";
    }
    this.#running = undefined;
    await this.#findLeft();
    await this.updateComplete;
    // The button that had the focus is another one now.
    if (this.shadowRoot?.activeElement === null) this.#focus("start");
  }

  readonly #stop = (): void => {
    this.#isStopping = true;
    this.#running?.stop();
    this.requestUpdate();
  };

  async #findLeft(): Promise<void> {
    // Without an answer there is nothing to offer.
    this.#left = await leftFolders(this.#api).catch(() => []);
    this.requestUpdate();
  }

  async #remove(name: string): Promise<void> {
    const isRemoved = await removeLeftFolder(this.#api, name).then(
      () => true,
      () => false,
    );
    this.#trouble = isRemoved ? undefined : "notRemoved";
    if (isRemoved) {
      this.#left = this.#left.filter((one) => one !== name);
      this.#said = this.#words.t.experiment.removed(name);
    }
    this.requestUpdate();
    await this.updateComplete;
    this.#focus("start");
  }

  readonly #saveReport = (): void => {
    if (this.#all === undefined) return;
    const report = experimentReport(this.#all, { language: currentLanguage() });
    saveBlob(new Blob([report], { type: "text/html" }), this.#nameOf("html"));
  };

  readonly #saveFigures = (): void => {
    if (this.#all === undefined) return;
    const text = `${JSON.stringify(this.#all, undefined, 1)}\n`;
    saveBlob(new Blob([text], { type: "application/json" }), this.#nameOf("json"));
  };

  #nameOf(ending: string): string {
    const began = (this.#all?.began ?? "").slice(0, 19).replaceAll(":", "");
    return `naru-bench-${began}.${ending}`;
  }

  readonly #choose = (): void => {
    this.renderRoot.querySelector<HTMLInputElement>("input[type=file]")?.click();
  };

  readonly #add = async ({ currentTarget: input }: Event): Promise<void> => {
    if (!(input instanceof HTMLInputElement)) return;
    const [file] = input.files ?? [];
    if (file === undefined) return;
    const { experiment: t } = this.#words.t;
    const added = await figuresIn(file);
    // The same file may be chosen again.
    input.value = "";
    this.#trouble = added === undefined ? "notFigures" : undefined;
    if (added !== undefined) {
      this.#added = added;
      this.#said = added.server === this.#api.origin ? t.added : t.addedFrom(added.server);
    }
    this.requestUpdate();
  };

  #focus(action: string): void {
    this.renderRoot.querySelector<HTMLElement>(`[data-action=${action}]`)?.focus();
  }

  readonly #close = (): void => {
    this.renderRoot.querySelector("dialog")?.close();
  };
}

/** Read what `naru bench --json` wrote; another file is `undefined`. */
async function figuresIn(file: File): Promise<Experiment | undefined> {
  if (file.size > mostBytes) return undefined;
  try {
    return decodeExperiment(JSON.parse(await file.text()));
  } catch {
    return undefined;
  }
}

/** How much memory it has, browsers do not say. */
function thisBrowser(): ExperimentComputer {
  const [program = "", system = "?"] = (browserName(navigator.userAgent) ?? "?").split(", ");
  return { place: "browser", program, system, cpus: navigator.hardwareConcurrency };
}

customElements.define("naru-experiment", NaruExperiment);

/** Show it over the page; the focus goes back to where it was when it is closed. */
export function showExperiment(api: Pick<NaruApi, "origin" | "auth">): void {
  document.body.append(new NaruExperiment(api));
}
