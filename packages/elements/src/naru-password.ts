import { AccountApi, type NaruApi } from "@naru/client";
import { isTransferError } from "@naru/core";
import {
  type CSSResultGroup,
  css,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type TemplateResult,
} from "lit";
import { icon } from "./icons.ts";
import { accountWords, type WithAccountWords } from "./language/account-words.ts";
import { Localized } from "./language/language.ts";
import { theme } from "./theme.ts";

/** What the server asks of a new password. */
const leastPassword = 8;

type Field = "old" | "new" | "again";

/** What is wrong, and with which field. */
interface Problem {
  readonly words: string;
  readonly field?: Field;
}

/**
 * `<naru-password>`: change one's password. Fires `naru-password-changed`, after which the other browsers are signed out, and
 * `naru-signed-out` when the server no longer knows the session.
 */
export class NaruPassword extends LitElement {
  static override readonly styles: CSSResultGroup = [
    theme,
    css`
      h3 { display: flex; gap: 8px; align-items: center; margin: 20px 0 6px; font-size: 15px; font-weight: 650; }
      h3 .icon { color: var(--muted); }
      p { margin: 0; font-size: 14px; line-height: 1.5; }
      .rule { color: var(--muted); font-size: 13px; }
      .bad { color: var(--bad); }
      .done.said { margin-bottom: 10px; }
      form { display: grid; gap: 10px; margin-top: 8px; }
      label { font-size: 13px; font-weight: 570; }
      label input:not([type="file"]) { display: block; width: 100%; margin-top: 4px; min-height: 38px; }
      input[aria-invalid="true"] { border-color: var(--bad); }
      .answers { display: flex; justify-content: flex-end; gap: 8px; }
    `,
  ];
  static override readonly properties: PropertyDeclarations = { api: { attribute: false }, user: {} };
  /** The server whose account it is. */
  declare api: NaruApi | undefined;
  /** Whose password it is; password managers want to know. */
  declare user: string;

  readonly #words: Localized<WithAccountWords> = new Localized(this, accountWords);
  #isOpen = false;
  #busy = false;
  #problem: Problem | undefined;
  #isChanged = false;

  constructor() {
    super();
    this.user = "";
  }

  override render(): TemplateResult {
    const t = this.#words.t.account.password;
    return html`<section aria-labelledby="password-title">
      <h3 id="password-title">${icon("lock")}${t.title}</h3>
      <p class="done ${this.#isChanged ? "said" : ""}" role="status">${this.#isChanged ? t.changed : nothing}</p>
      ${this.#isOpen ? this.#form() : html`<button data-action="change-password" @click=${this.#open}>${t.change}</button>`}
    </section>`;
  }

  #form(): TemplateResult {
    const { t, format } = this.#words;
    const field = (name: Field, label: string, complete: string): TemplateResult => {
      const isWrong = this.#problem?.field === name;
      return html`<label>${label}
        <input name=${name} type="password" required maxlength="1000" autocomplete=${complete} aria-invalid=${isWrong} aria-describedby=${isWrong ? "problem" : name === "new" ? "rule" : nothing} />
      </label>${isWrong ? this.#message() : nothing}`;
    };
    return html`<form novalidate @submit=${this.#submit}>
      <input class="unseen" name="account" autocomplete="username" readonly tabindex="-1" aria-hidden="true" .value=${this.user} />
      ${field("old", t.account.password.old, "current-password")}
      ${field("new", t.account.password.new, "new-password")}
      ${field("again", t.account.password.again, "new-password")}
      <p class="rule" id="rule">${t.account.password.rule(format.count(leastPassword))}</p>
      ${this.#problem?.field === undefined ? this.#message() : nothing}
      <div class="answers">
        <button type="button" data-action="keep-password" @click=${() => this.#close()}>${t.cancel}</button>
        <button class="primary" data-action="save-password" ?disabled=${this.#busy}>${t.account.password.change}</button>
      </div>
    </form>`;
  }

  #message(): TemplateResult | typeof nothing {
    return this.#problem === undefined
      ? nothing
      : html`<p class="bad" id="problem" role="alert">${this.#problem.words}</p>`;
  }

  readonly #open = async (): Promise<void> => {
    this.#isOpen = true;
    this.#isChanged = false;
    this.#problem = undefined;
    this.requestUpdate();
    await this.updateComplete;
    this.renderRoot.querySelector("form")?.scrollIntoView({ block: "nearest" });
    this.#focus("[name=old]");
  };

  async #close(): Promise<void> {
    this.#isOpen = false;
    this.requestUpdate();
    await this.updateComplete;
    this.#focus("[data-action=change-password]");
  }

  readonly #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement) || this.#busy || this.api === undefined) return;
    const data = new FormData(event.currentTarget);
    const read = (name: Field): string => String(data.get(name) ?? "");
    const problem = this.#problemWith(read("new"), read("again"));
    if (problem !== undefined) return this.#say(problem);
    this.#busy = true;
    this.#say(undefined);
    try {
      await new AccountApi(this.api).changePassword(read("old"), read("new"));
      this.#isChanged = true;
      await this.#close();
      this.dispatchEvent(new CustomEvent("naru-password-changed", { bubbles: true, composed: true }));
    } catch (error) {
      if (isTransferError(error) && error.code === "unauthenticated")
        this.dispatchEvent(new CustomEvent("naru-signed-out", { bubbles: true, composed: true }));
      this.#say(this.#problemOf(error));
    } finally {
      this.#busy = false;
      this.requestUpdate();
    }
  };

  #problemWith(wanted: string, again: string): Problem | undefined {
    const { t, format } = this.#words;
    // Counted as the server counts: by code points.
    if ([...wanted].length < leastPassword)
      return { words: t.account.password.tooShort(format.count(leastPassword)), field: "new" };
    if (wanted !== again) return { words: t.account.password.notTheSame, field: "again" };
    return undefined;
  }

  #problemOf(error: unknown): Problem {
    const { t, format } = this.#words;
    if (!isTransferError(error)) return { words: t.account.failed };
    if (error.code === "forbidden") return { words: t.account.password.wrongOld, field: "old" };
    if (error.code === "throttled")
      return { words: t.tooManyAttempts(format.count(Math.ceil((error.retryAfterMs ?? 60_000) / 1000))) };
    if (error.code === "unreachable") return { words: `${t.failures[error.code].what} ${t.failures[error.code].todo}` };
    return { words: t.account.failed };
  }

  #say(problem: Problem | undefined): void {
    this.#problem = problem;
    this.requestUpdate();
    if (problem?.field !== undefined) this.#focus(`[name=${problem.field}]`);
  }

  #focus(selector: string): void {
    const found = this.renderRoot.querySelector<HTMLElement>(selector);
    found?.focus();
    if (found instanceof HTMLInputElement) found.select();
  }
}

customElements.define("naru-password", NaruPassword);
