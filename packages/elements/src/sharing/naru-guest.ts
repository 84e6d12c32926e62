import { GuestApi, NaruApi } from "@naru/client";
import { type EnterShare, type GuestField, isTransferError, type WireGuestShare } from "@naru/core";
import {
  type CSSResultGroup,
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
import { languageSwitch } from "../language-switch.ts";
import { loadPart } from "../load-part.ts";
import { theme } from "../theme.ts";
import { guestStyle } from "./guest-style.ts";
import { keepTicket, keptTicket } from "./guest-tickets.ts";
import type { OpenGuestTransfers } from "./guest-transfers.ts";
import "./naru-guest-files.ts";

type Field = GuestField | "password";
type State = "loading" | "none" | "failed" | "ready";

/** `<naru-guest>`: what people see who open a link, to take files or to send some. */
export class NaruGuest extends LitElement {
  static override readonly styles: CSSResultGroup = [theme, guestStyle];
  static override readonly properties: PropertyDeclarations = {
    address: {},
    openTransfers: { attribute: false },
  };
  /** The link itself: `https://naru.example/s/{token}`. */
  declare address: string;
  /** Makes the transfers of who sends. */
  declare openTransfers: OpenGuestTransfers | undefined;

  readonly #words: Localized<WithGuestWords> = new Localized(this, guestWords);
  #state: State = "loading";
  #share: WireGuestShare | undefined;
  #busy = false;
  #problem: string | undefined;
  #wrong: Field | undefined;

  constructor() {
    super();
    this.address = "";
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("address") && this.address !== "") void this.#look();
  }

  override render(): TemplateResult {
    document.documentElement.lang = currentLanguage();
    const isKorean = currentLanguage() === "ko";
    return html`<header class="bar">
        <div class="brand">${icon("ferry")}<b>${isKorean ? html`<span>나루</span> Naru` : html`<span>Naru</span>`}</b></div>
        <nav>${languageSwitch(this.#words.t)}</nav>
      </header>
      <main @naru-guest-changed=${this.#look}>${this.#body()}</main>`;
  }

  #body(): TemplateResult {
    const { t } = this.#words;
    const { guest } = t;
    if (this.#state === "loading")
      return html`<div class="splash" role="status" aria-label=${t.loading}>${icon("ferry")}</div>`;
    if (this.#state === "none") return blank("warning", guest.noLink, guest.noLinkHint);
    const share = this.#share;
    if (this.#state === "failed" || share === undefined) {
      const again = html`<button data-action="reload" @click=${this.#look}>${t.tryAgain}</button>`;
      return html`<div class="blank" role="alert">${icon("warning")}<p>${guest.failed}</p>${again}</div>`;
    }
    if (share.state === "locked" || share.state === "ask") return this.#form(share);
    if (share.state === "used-up") return blank("lock", guest.usedUp, guest.usedUpHint);
    return html`${this.#about(share)}${share.kind === "share" ? this.#files(share) : this.#box(share)}`;
  }

  #about({ kind, title, note, name = "", expires }: WireGuestShare): TemplateResult {
    const { t, format } = this.#words;
    const untitled = kind === "share" ? t.guest.untitledShare(name) : t.guest.untitledRequest;
    return html`<div class="about">
      <h1 tabindex="-1" id="title">${title === "" ? untitled : title}</h1>
      ${expires === undefined ? nothing : html`<p class="until">${t.guest.until(format.until(new Date(expires)))}</p>`}
      ${note === "" ? nothing : html`<p class="note">${note}</p>`}
    </div>`;
  }

  #files(share: WireGuestShare): TemplateResult {
    return html`<naru-guest-files .api=${new NaruApi({ origin: this.address })} .share=${share}></naru-guest-files>`;
  }

  #box(share: WireGuestShare): TemplateResult {
    void loadPart(() => import("./naru-drop-box.ts"));
    return html`<naru-drop-box .address=${this.address} .share=${share} .openTransfers=${this.openTransfers}></naru-drop-box>`;
  }

  #form({ state, asks, title, note }: WireGuestShare): TemplateResult {
    const t = this.#words.t.guest;
    const isLocked = state === "locked";
    return html`<form class="card lone" novalidate @submit=${this.#enter}>
      <h1 tabindex="-1" id="title">${title === "" ? (isLocked ? t.lockedTitle : t.askTitle) : title}</h1>
      <p>${note === "" ? (isLocked ? t.lockedHint : asks.length > 0 ? t.askHint : t.onlyYou) : html`<span class="note">${note}</span>`}</p>
      ${isLocked ? this.#field("password", "current-password") : nothing}
      ${asks.map((field) => this.#field(field, field === "email" ? "email" : "name"))}
      <div role="alert">${this.#problem === undefined ? nothing : html`<p class="problem" id="problem">${icon("warning")}<span>${this.#problem}</span></p>`}</div>
      <button class="primary" data-action="enter" ?disabled=${this.#busy}>${this.#busy ? t.entering : t.enter}</button>
    </form>`;
  }

  #field(field: Field, complete: string): TemplateResult {
    const t = this.#words.t.guest;
    const isWrong = this.#wrong === field;
    const label = field === "password" ? t.password : t.fields[field];
    return html`<label>${label}
      <input name=${field} type=${field === "name" ? "text" : field} required maxlength="200" autocomplete=${complete} aria-invalid=${isWrong} aria-describedby=${isWrong ? "problem" : nothing} />
    </label>`;
  }

  readonly #look = async (): Promise<void> => {
    const api = this.#api();
    try {
      this.#share = await this.#known(await api.look());
      this.#state = "ready";
    } catch (error) {
      this.#state = isTransferError(error) && error.code === "not-found" ? "none" : "failed";
    }
    this.requestUpdate();
  };

  /** The link, for a guest who has been here before; whoever takes files becomes one, to be known when they resume. */
  async #known(share: WireGuestShare): Promise<WireGuestShare> {
    const isKnown = share.kind === "request" && share.guest !== undefined;
    if (isKnown || share.state === "used-up") return share;
    const ticket = await keptTicket(this.address);
    if (ticket === undefined && (share.kind === "request" || share.state !== "open")) return share;
    // The password may be another one by now: then it is asked for.
    return this.#entered({ ticket }).catch(() => share);
  }

  async #entered(typed: EnterShare): Promise<WireGuestShare> {
    const { ticket, ...share } = await this.#api().enter(typed);
    if (ticket !== undefined) await keepTicket(this.address, ticket);
    return share;
  }

  readonly #enter = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    if (!(form instanceof HTMLFormElement) || this.#busy) return;
    const typed: Record<string, string> = {};
    const data = new FormData(form);
    for (const { name } of form.querySelectorAll("input")) typed[name] = String(data.get(name) ?? "");
    const missing = this.#missing(typed);
    if (missing !== undefined) return this.#say(missing.words, missing.field);
    this.#busy = true;
    this.#say(undefined);
    try {
      const { password, name, email }: EnterShare = typed;
      const ticket = await keptTicket(this.address);
      this.#share = await this.#entered({ password, name, email, ticket });
      await this.#arrive();
    } catch (error) {
      this.#say(this.#wordsFor(error), isTransferError(error) && error.code === "forbidden" ? "password" : undefined);
    } finally {
      this.#busy = false;
      this.requestUpdate();
    }
  };

  #missing(typed: Readonly<Record<string, string>>): { readonly words: string; readonly field: Field } | undefined {
    const t = this.#words.t.guest;
    const labels: Readonly<Record<Field, string>> = {
      password: t.password,
      name: t.fields.name,
      email: t.fields.email,
    };
    for (const field of ["password", "name", "email"] as const) {
      if (typed[field] !== undefined && typed[field].trim() === "") return { words: t.missing(labels[field]), field };
    }
    return undefined;
  }

  #wordsFor(error: unknown): string {
    const { t, format } = this.#words;
    if (!isTransferError(error)) return t.guest.failed;
    if (error.code === "forbidden") return t.guest.wrongPassword;
    if (error.code === "throttled")
      return t.guest.tooMany(format.count(Math.ceil((error.retryAfterMs ?? 60_000) / 60_000)));
    if (error.code === "not-found") return t.guest.noLink;
    return t.guest.failed;
  }

  /** What is read next begins with the title. */
  async #arrive(): Promise<void> {
    this.requestUpdate();
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("#title")?.focus();
  }

  #say(problem: string | undefined, wrong?: Field): void {
    this.#problem = problem;
    this.#wrong = wrong;
    this.requestUpdate();
    if (wrong !== undefined) this.renderRoot.querySelector<HTMLInputElement>(`input[name=${wrong}]`)?.select();
  }

  #api(): GuestApi {
    return new GuestApi({ origin: this.address });
  }
}

function blank(sign: "warning" | "lock", title: string, hint: string): TemplateResult {
  return html`<div class="blank" role="alert">${icon(sign)}<h1>${title}</h1><p>${hint}</p></div>`;
}

customElements.define("naru-guest", NaruGuest);
