import { AccountApi, AgentApi, type MadeToken, type NaruApi } from "@naru/client";
import type { Transfers } from "@naru/client/browser";
import { isTransferError } from "@naru/core";
import {
  type CSSResultGroup,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from "lit";
import { type AccessRow, accessList } from "./access-list.ts";
import { type Accesses, latestFirst } from "./accesses.ts";
import { accountStyle } from "./account-style.ts";
import { accountTools } from "./account-tools.ts";
import { browserName } from "./browser-name.ts";
import { icon } from "./icons.ts";
import type { AccessKind } from "./language/account-words.ts";
import { accountWords, type WithAccountWords } from "./language/account-words.ts";
import { Localized } from "./language/language.ts";
import "./naru-password.ts";
import { theme } from "./theme.ts";

/** What is asked before it is done. */
interface Revocation {
  readonly kind: AccessKind;
  /** Without one it is all browsers but this one. */
  readonly row?: AccessRow | undefined;
}

/**
 * `<naru-account>`: what may sign in for the account - paired PCs, browsers, tokens - in a dialog that `show` opens, each
 * to be revoked. Fires `naru-signed-out` when the server no longer knows the session.
 */
export class NaruAccount extends LitElement {
  static override readonly styles: CSSResultGroup = [theme, accountStyle];
  static override readonly properties: PropertyDeclarations = {
    api: { attribute: false },
    transfers: { attribute: false },
    user: {},
    admin: { type: Boolean },
  };
  /** The server whose account it is. */
  declare api: NaruApi | undefined;
  /** Who is signed in. */
  declare user: string;
  /** Whether that is an administrator. */
  declare admin: boolean;
  /** Whose history is offered. */
  declare transfers: Transfers | undefined;

  readonly #words: Localized<WithAccountWords> = new Localized(this, accountWords);
  #account: AccountApi | undefined;
  #agents: AgentApi | undefined;
  #state: "closed" | "loading" | "ready" | "failed" = "closed";
  #accesses: Accesses = { agent: [], session: [], token: [] };
  #asked: Revocation | undefined;
  #made: MadeToken | undefined;
  #copied = false;
  #busy = false;
  /** What went wrong with the last thing that was asked for. */
  #trouble: string | undefined;
  /** What was done, said aloud. */
  #announcement = "";
  readonly #shown = new WeakSet<HTMLDialogElement>();

  constructor() {
    super();
    this.user = "";
    this.admin = false;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("api") || this.api === undefined) return;
    const { origin, auth } = this.api;
    this.#account = new AccountApi({ origin, auth });
    this.#agents = new AgentApi({ origin, auth });
  }

  override updated(): void {
    for (const dialog of this.renderRoot.querySelectorAll("dialog")) {
      // One that its user has just closed may still stand here.
      if (!this.#shown.has(dialog)) dialog.showModal();
      this.#shown.add(dialog);
    }
  }

  /** Open the panel, with what the server says now. */
  async show(): Promise<void> {
    this.#state = "loading";
    this.#announcement = "";
    this.#trouble = undefined;
    await this.#load();
  }

  override render(): TemplateResult | typeof nothing {
    if (this.#state === "closed") return nothing;
    const { account: t } = this.#words.t;
    return html`<dialog class="panel" aria-labelledby="title" @close=${this.#closed}>
        <div class="head"><h2 id="title">${t.title}</h2><span class="user">${this.user}</span>
          <button class="bare" data-action="close" aria-label=${t.close} title=${t.close} @click=${this.#close}>${icon("close")}</button></div>
        <div class="lists">${this.#lists()}</div>
        <p class="unseen" role="status">${this.#announcement}</p>
      </dialog>
      ${this.#asked === undefined ? nothing : this.#question(this.#asked)}`;
  }

  #lists(): TemplateResult {
    const { t } = this.#words;
    if (this.#state === "loading") return html`<p class="none" aria-busy="true">${t.loading}</p>`;
    if (this.#state === "failed")
      return html`<div class="none" role="alert"><p>${t.account.loadFailed}</p><button data-action="reload" @click=${this.#load}>${t.tryAgain}</button></div>`;
    const { agent, session, token } = this.#accesses;
    const list = (kind: AccessKind, rows: readonly AccessRow[], below?: TemplateResult): TemplateResult =>
      accessList(kind, rows, { words: this.#words, below, revoke: (row) => this.#ask({ kind, row }) });
    const browsers = session.map((one) => ({
      ...one,
      name: browserName(one.name) ?? t.account.unknownBrowser,
      longName: one.name,
      isThisBrowser: one.current,
    }));
    const others = html`<button class="others" data-action="revoke-others" @click=${() => this.#ask({ kind: "session" })}>${t.account.others.revoke}</button>`;
    return html`${list("agent", agent)}${list("session", browsers, session.length > 1 ? others : undefined)}${list("token", token, this.#tokenForm())}
      ${accountTools(t.account, { transfers: this.transfers, api: this.api, admin: this.admin, close: this.#close })}
      <naru-password .api=${this.api} .user=${this.user} @naru-password-changed=${this.#load}></naru-password>`;
  }

  #tokenForm(): TemplateResult {
    const { account: t } = this.#words.t;
    const made = this.#made;
    return html`<div role="status">${
      made === undefined
        ? nothing
        : html`<div class="made"><p>${t.tokenMade(made.name)}</p><output>${made.token}</output>
            ${navigator.clipboard === undefined ? nothing : html`<button data-action="copy" @click=${this.#copy}>${this.#copied ? icon("check") : nothing}${this.#copied ? t.copied : t.copy}</button>`}</div>`
    }</div>
    <form @submit=${this.#make}>
      <label for="token-name">${t.tokenName}</label>
      <input id="token-name" name="name" required maxlength="100" autocomplete="off" />
      <button data-action="make-token" ?disabled=${this.#busy}>${t.makeToken}</button>
    </form>
    ${this.#asked === undefined ? this.#problem() : nothing}`;
  }

  #question({ kind, row }: Revocation): TemplateResult {
    const { t } = this.#words;
    const of = row === undefined ? t.account.others : t.account.kinds[kind];
    return html`<dialog class="question" role="alertdialog" aria-labelledby="question" aria-describedby="meaning" @close=${() => this.#ask(undefined)}>
      <h2 id="question">${of.askTitle(row?.name ?? "")}</h2>
      <p id="meaning">${of.ask}</p>
      ${this.#problem()}
      <div class="answers">
        <button autofocus data-action="keep" @click=${() => this.#ask(undefined)}>${t.cancel}</button>
        <button class="danger" data-action="confirm" ?disabled=${this.#busy} @click=${this.#revoke}>${of.revoke}</button>
      </div>
    </dialog>`;
  }

  #problem(): TemplateResult | typeof nothing {
    return this.#trouble === undefined ? nothing : html`<p class="bad" role="alert">${this.#trouble}</p>`;
  }

  readonly #load = async (): Promise<void> => {
    if (this.#state === "failed") this.#state = "loading";
    this.requestUpdate();
    await this.updateComplete;
    if (this.#account === undefined || this.#agents === undefined) return;
    try {
      const [agent, session, token] = await Promise.all([
        this.#agents.agents(),
        this.#account.sessions(),
        this.#account.tokens(),
      ]);
      this.#accesses = { agent: latestFirst(agent), session: latestFirst(session), token: latestFirst(token) };
      if (this.#state !== "closed") this.#state = "ready";
    } catch (error) {
      if (this.#state !== "closed") this.#state = "failed";
      this.#mindSession(error);
    }
    this.requestUpdate();
    await this.updateComplete;
  };

  readonly #revoke = async (): Promise<void> => {
    const asked = this.#asked;
    if (asked === undefined || this.#busy) return;
    const { kind, row } = asked;
    if (!(await this.#try(() => this.#revoked(kind, row?.id)))) return;
    this.#ask(undefined);
    const { kinds, others } = this.#words.t.account;
    this.#announcement = (row === undefined ? others : kinds[kind]).gone(row?.name ?? "");
    await this.#load();
    // The button that had the focus went with its row.
    this.renderRoot.querySelector<HTMLElement>(`#${kind}-title`)?.focus();
  };

  async #revoked(kind: AccessKind, id: string | undefined): Promise<void> {
    if (id === undefined) return this.#account?.endOtherSessions();
    const calls: Readonly<Record<AccessKind, () => Promise<void> | undefined>> = {
      agent: () => this.#agents?.revokeAgent(id),
      session: () => this.#account?.endSession(id),
      token: () => this.#account?.revokeToken(id),
    };
    try {
      await calls[kind]();
    } catch (error) {
      // Gone already is what was asked for.
      if (!isTransferError(error) || error.code !== "not-found") throw error;
    }
  }

  readonly #make = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    if (!(form instanceof HTMLFormElement) || this.#busy) return;
    const name = String(new FormData(form).get("name") ?? "").trim();
    if (name === "") return;
    const isMade = await this.#try(async () => {
      this.#made = await this.#account?.makeToken(name);
      this.#copied = false;
    });
    if (!isMade) return;
    form.reset();
    await this.#load();
  };

  readonly #copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(this.#made?.token ?? "");
      this.#copied = true;
    } catch {
      // The browser refuses; the token stands there to be marked by hand.
    }
    this.requestUpdate();
  };

  /** Do one thing at a time, and say in words why it failed; whether it was done. */
  async #try(act: () => Promise<void>): Promise<boolean> {
    this.#busy = true;
    this.#trouble = undefined;
    this.requestUpdate();
    try {
      await act();
      return true;
    } catch (error) {
      this.#trouble = this.#wordsFor(error);
      this.#mindSession(error);
      return false;
    } finally {
      this.#busy = false;
      this.requestUpdate();
    }
  }

  #wordsFor(error: unknown): string {
    const { t } = this.#words;
    // The other failures speak of uploads.
    if (!isTransferError(error) || (error.code !== "unreachable" && error.code !== "throttled"))
      return t.account.failed;
    return `${t.failures[error.code].what} ${t.failures[error.code].todo}`;
  }

  #mindSession(error: unknown): void {
    if (!isTransferError(error) || error.code !== "unauthenticated") return;
    this.#close();
    this.dispatchEvent(new CustomEvent("naru-signed-out", { bubbles: true, composed: true }));
  }

  #ask(asked: Revocation | undefined): void {
    // Closed before it is taken away, the dialog gives the focus back to where it was.
    if (asked === undefined) this.renderRoot.querySelector<HTMLDialogElement>(".question")?.close();
    this.#asked = asked;
    this.#trouble = undefined;
    this.requestUpdate();
  }

  readonly #close = (): void => {
    this.#ask(undefined);
    this.renderRoot.querySelector<HTMLDialogElement>(".panel")?.close();
  };

  readonly #closed = (): void => {
    this.#state = "closed";
    this.#made = undefined;
    this.requestUpdate();
  };
}

customElements.define("naru-account", NaruAccount);
