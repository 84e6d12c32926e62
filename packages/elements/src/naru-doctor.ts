import { DoctorApi, type NaruApi } from "@naru/client";
import type { WireStoreCheck, WireStoreReport } from "@naru/core";
import { type CSSResultGroup, html, LitElement, nothing, type TemplateResult } from "lit";
import { doctorStyle } from "./doctor-style.ts";
import { type IconName, icon } from "./icons.ts";
import { doctorWords } from "./language/doctor-words.ts";
import { currentLanguage, Localized } from "./language/language.ts";
import { dialogStyle } from "./question.ts";
import { theme } from "./theme.ts";

const icons: Readonly<Record<WireStoreCheck["status"], IconName>> = {
  ok: "check",
  warning: "warning",
  failure: "close",
};
/** How often the report is asked for while an examination is under way. */
const everyMs = 800;

/** `<naru-doctor>`: what the stores really do and how to mend what is wrong, in a dialog; for administrators. */
export class NaruDoctor extends LitElement {
  static override readonly styles: CSSResultGroup = [theme, dialogStyle, doctorStyle];

  readonly #words: Localized<(typeof doctorWords)["en"]> = new Localized(this, doctorWords);
  readonly #api: DoctorApi;
  #report: WireStoreReport | undefined;
  #language: string | undefined;
  #isFailed = false;
  #said = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor({ origin, auth }: Pick<NaruApi, "origin" | "auth">) {
    super();
    this.#api = new DoctorApi({ origin, auth });
  }

  override firstUpdated(): void {
    this.renderRoot.querySelector("dialog")?.showModal();
    void this.#load(() => this.#api.report(currentLanguage()));
  }

  override updated(): void {
    // The server writes the report in the language of the page, which may have changed.
    if (this.#report === undefined || this.#language === currentLanguage()) return;
    void this.#load(() => this.#api.report(currentLanguage()));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  override render(): TemplateResult {
    const { doctor: t } = this.#words.t;
    const { began, running = false } = this.#report ?? {};
    return html`<dialog class="panel" aria-labelledby="title" aria-describedby="about" @close=${() => this.remove()}>
      <div class="head"><h2 id="title">${t.title}</h2>
        <button class="bare" data-action="close" aria-label=${t.close} title=${t.close} @click=${this.#close}>${icon("close")}</button></div>
      <p class="about muted" id="about">${t.about}</p>
      <div class="tools">
        <button class="primary" data-action="examine" aria-disabled=${running} @click=${this.#examine}>${running ? t.examining : began === undefined ? t.examine : t.again}</button>
        <span class="muted">${this.#summary()}</span>
      </div>
      <div class="stores" tabindex="0" role="region" aria-label=${t.title} aria-busy=${running}>${this.#stores()}</div>
      <p class="unseen" role="status">${this.#said}</p>
    </dialog>`;
  }

  #summary(): string {
    const { t, format } = this.#words;
    const { ended } = this.#report ?? {};
    if (ended === undefined) return "";
    return `${t.doctor.at(format.when(new Date(ended), new Date()))} · ${this.#counts()}`;
  }

  #counts(): string {
    const { t, format } = this.#words;
    const checks = (this.#report?.stores ?? []).flatMap((one) => one.checks);
    const count = (status: WireStoreCheck["status"]): string =>
      format.count(checks.filter((check) => check.status === status).length);
    return t.doctor.counts(count("failure"), count("warning"), count("ok"));
  }

  #stores(): TemplateResult {
    const { doctor: t, loading } = this.#words.t;
    if (this.#isFailed) return html`<p class="none" role="alert">${t.failed}</p>`;
    if (this.#report === undefined) return html`<p class="none">${loading}</p>`;
    const { running, stores } = this.#report;
    if (stores.length === 0) return html`<p class="none">${running ? t.examining : t.none}</p>`;
    return html`${stores.map(
      ({ mount, title, profile, checks }) => html`<section data-mount=${mount}>
        <h3>${mount}</h3><p class="store muted">${title} · ${profile}</p>
        <ul>${checks.map((check) => this.#check(check))}</ul></section>`,
    )}`;
  }

  #check({ id, status, message, fix }: WireStoreCheck): TemplateResult {
    const { doctor: t } = this.#words.t;
    const [mend = "", ...lines] = fix.split("\n");
    const title = t.checks[id] ?? id;
    return html`<li data-check=${id} data-status=${status}>${icon(icons[status])}
      <span class="check"><span class="unseen">${t.statuses[status]}: </span>${title}</span>
      <div class="found"><p>${message}</p>
        ${mend === "" ? nothing : html`<p class="mend">${mend}</p>`}
        ${lines.length === 0 ? nothing : this.#command(title, lines.join("\n"))}</div>
    </li>`;
  }

  #command(title: string, command: string): TemplateResult {
    const { doctor: t } = this.#words.t;
    const copy = html`<button class="bare" data-action="copy" aria-label=${t.copy(title)} title=${t.copy(title)} @click=${() => this.#copy(command)}>${icon("copy")}</button>`;
    return html`<details><summary aria-label="${t.command}: ${title}">${t.command}</summary>
      <div class="command"><pre tabindex="0">${command}</pre>${navigator.clipboard === undefined ? nothing : copy}</div></details>`;
  }

  readonly #examine = (): void => {
    // It stays where the focus is, so that it is not disabled.
    if (this.#report?.running) return;
    this.#said = this.#words.t.doctor.examining;
    void this.#load(() => this.#api.examine(currentLanguage()));
  };

  async #load(call: () => Promise<WireStoreReport>): Promise<void> {
    clearTimeout(this.#timer);
    const wasRunning = this.#report?.running ?? false;
    this.#language = currentLanguage();
    try {
      this.#report = await call();
      this.#isFailed = false;
    } catch {
      this.#isFailed = true;
    }
    const isRunning = !this.#isFailed && this.#report?.running;
    if (isRunning && this.isConnected)
      this.#timer = setTimeout(() => void this.#load(() => this.#api.report(currentLanguage())), everyMs);
    else if (wasRunning) this.#said = this.#counts();
    this.requestUpdate();
  }

  async #copy(text: string): Promise<void> {
    // Where the browser refuses, it stands there to be marked by hand.
    const isCopied = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    if (isCopied) this.#said = this.#words.t.doctor.copied;
    this.requestUpdate();
  }

  readonly #close = (): void => {
    this.renderRoot.querySelector("dialog")?.close();
  };
}

customElements.define("naru-doctor", NaruDoctor);

/** Show the report over the page; the focus goes back to where it was when it is closed. */
export function showDoctor(api: Pick<NaruApi, "origin" | "auth">): void {
  document.body.append(new NaruDoctor(api));
}
