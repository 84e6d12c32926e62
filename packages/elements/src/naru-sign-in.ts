import type { NaruApi } from "@naru/client";
import type { WireSession } from "@naru/core";
import { isTransferError, type TransferError } from "@naru/core";
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
import { Localized } from "./language/language.ts";
import { theme } from "./theme.ts";

/** Why the form is shown, when not for the first time. */
export type SignInReason = "link-expired" | "session-expired";

type Problem = "missing-name" | "missing-password" | TransferError;

/** `<naru-sign-in>`: the sign-in form. Fires `naru-signed-in` with the `WireSession` as its detail. */
export class NaruSignIn extends LitElement {
  static override readonly styles: CSSResultGroup = [
    theme,
    css`
      :host { display: grid; place-items: center; padding: 24px 16px; }
      form { width: min(380px, 100%); background: var(--raised); border: 1px solid var(--line); border-radius: 16px; padding: 32px; box-shadow: var(--shadow); }
      .mark { width: 44px; height: 44px; border-radius: 12px; display: grid; place-items: center; background: var(--accent); color: var(--on-accent); margin-bottom: 16px; }
      .mark .icon { width: 26px; height: 26px; stroke-width: 1.4; }
      h1 { font-size: 22px; font-weight: 680; letter-spacing: -0.02em; line-height: 1.3; margin: 0; }
      form > p { margin: 2px 0 24px; color: var(--muted); }
      label { display: block; font-size: 13px; font-weight: 570; margin: 0 0 16px; }
      label input:not([type="file"]) { display: block; width: 100%; margin-top: 6px; min-height: 42px; font-size: 16px; }
      input[aria-invalid="true"] { border-color: var(--bad); }
      button { width: 100%; min-height: 44px; margin-top: 6px; }
      .notice { display: flex; gap: 9px; font-size: 14px; line-height: 1.45; border-radius: 10px; padding: 10px 12px; margin: 0 0 18px; }
      .notice .icon { margin-top: 1px; }
      .why { background: var(--warn-soft); color: var(--warn); }
      .problem { background: var(--bad-soft); color: var(--bad); }
      @media (max-width: 640px) { :host { place-items: start center; } form { padding: 24px 20px; box-shadow: none; } }
    `,
  ];
  static override readonly properties: PropertyDeclarations = { api: { attribute: false }, reason: {} };
  /** The server to sign in to. */
  declare api: NaruApi | undefined;
  /** Why the form is shown. */
  declare reason: SignInReason | undefined;

  readonly #words: Localized = new Localized(this);
  #problem: Problem | undefined;
  #busy = false;

  override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLInputElement>("input[name=user]")?.focus();
  }

  override render(): TemplateResult {
    const { t } = this.#words;
    const about = (field: "missing-name" | "missing-password"): boolean =>
      this.#problem === field ||
      (this.#problem !== undefined && this.#problem !== "missing-name" && this.#problem !== "missing-password");
    return html`<form novalidate @submit=${this.#submit}>
      <div class="mark">${icon("ferry")}</div>
      <h1>${t.appName}</h1>
      <p>${t.tagline}</p>
      ${this.reason === undefined ? nothing : html`<p class="notice why" role="status">${icon("warning")}<span>${this.reason === "link-expired" ? t.linkExpired : t.sessionExpired}</span></p>`}
      <label>${t.user}
        <input name="user" autocomplete="username" autocapitalize="none" spellcheck="false" required aria-invalid=${about("missing-name")} aria-describedby=${about("missing-name") ? "problem" : nothing} />
      </label>
      <label>${t.password}
        <input name="password" type="password" autocomplete="current-password" required aria-invalid=${about("missing-password")} aria-describedby=${about("missing-password") ? "problem" : nothing} />
      </label>
      <div role="alert">${this.#problem === undefined ? nothing : html`<p class="notice problem" id="problem">${icon("warning")}<span>${this.#problemWords(this.#problem)}</span></p>`}</div>
      <button class="primary" type="submit" ?disabled=${this.#busy}>${this.#busy ? t.signingIn : t.signIn}</button>
    </form>`;
  }

  readonly #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement) || this.#busy) return;
    const form = event.currentTarget;
    const data = new FormData(form);
    const user = String(data.get("user") ?? "").trim();
    const password = String(data.get("password") ?? "");
    if (user === "" || password === "") {
      this.#say(user === "" ? "missing-name" : "missing-password");
      form.querySelector<HTMLInputElement>(`input[name=${user === "" ? "user" : "password"}]`)?.focus();
      return;
    }
    this.#busy = true;
    this.#say(undefined);
    try {
      const session = await this.api?.signIn(user, password);
      if (session !== undefined)
        this.dispatchEvent(new CustomEvent<WireSession>("naru-signed-in", { detail: session }));
    } catch (error) {
      if (!isTransferError(error)) throw error;
      this.#say(error);
      form.querySelector<HTMLInputElement>("input[name=password]")?.select();
    } finally {
      this.#busy = false;
      this.requestUpdate();
    }
  };

  #say(problem: Problem | undefined): void {
    this.#problem = problem;
    this.requestUpdate();
  }

  #problemWords(problem: Problem): string {
    const { t, format } = this.#words;
    if (problem === "missing-name") return t.missingName;
    if (problem === "missing-password") return t.missingPassword;
    if (problem.code === "unauthenticated") return t.wrongPassword;
    if (problem.code === "forbidden") return t.foreignOrigin(location.origin);
    if (problem.code === "throttled")
      return t.tooManyAttempts(format.count(Math.ceil((problem.retryAfterMs ?? 60_000) / 1000)));
    const { what, todo } = t.failures[problem.code];
    return `${what} ${todo}`;
  }
}

customElements.define("naru-sign-in", NaruSignIn);
