import { NaruApi } from "@naru/client";
import type { AgentTransfers } from "@naru/client/agent";
import type { Tick, Totals, TransferRow, Transfers } from "@naru/client/browser";
import { isTransferError, type WireSession } from "@naru/core";
import { type CSSResultGroup, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { appStyle } from "./app-style.ts";
import { hashOf } from "./files/crumbs.ts";
import { icon } from "./icons.ts";
import { percentOf } from "./language/format.ts";
import { currentLanguage, Localized } from "./language/language.ts";
import { languageSwitch } from "./language-switch.ts";
import { loadPart } from "./load-part.ts";
import type { NaruAgent } from "./naru-agent.ts";
import "./naru-files.ts";
import type { NaruFiles } from "./naru-files.ts";
import type { SignInReason } from "./naru-sign-in.ts";
import "./naru-uploader.ts";
import { showAccount, startDownload } from "./page-panels.ts";
import { folderMeant, type PagePlace, placeOf } from "./page-place.ts";
import type { PreviewWish } from "./preview/naru-preview.ts";
import { openPreview } from "./preview/open-preview.ts";
import { Asking, dialogStyle } from "./question.ts";
import { ShareOpener } from "./share-opener.ts";
import { theme } from "./theme.ts";

/** Makes the transfers of a signed-in user. */
export type OpenTransfers = (user: string) => Promise<Transfers>;

/** `<naru-app>`: the whole console. Signed out it is the sign-in form; the transfers outlive a session that ends. */
export class NaruApp extends LitElement {
  static override readonly styles: CSSResultGroup = [theme, dialogStyle, appStyle];
  static override readonly properties: PropertyDeclarations = {
    api: { attribute: false },
    openTransfers: { attribute: false },
  };
  /** The server; by default the one the page came from. */
  declare api: NaruApi;
  /** Makes the transfers once somebody has signed in. */
  declare openTransfers: OpenTransfers | undefined;

  readonly #words: Localized = new Localized(this);
  readonly #asking: Asking = new Asking(this);
  #state: "loading" | "signed-out" | "signed-in" = "loading";
  #session: WireSession | undefined;
  #reason: SignInReason | undefined;
  #transfers: Transfers | undefined;
  /** What is asked for before the transfers have opened waits. */
  #opening: Promise<void> = Promise.resolve();
  #agent: AgentTransfers | undefined;
  #unsubscribe: (() => void) | undefined;
  #totals: Totals | undefined;
  /** Transfers that stopped because the session ended. */
  readonly #refused = new Set<string>();
  #broken = false;
  /** What stands beside transfers that move. */
  #tools: Promise<unknown> | undefined;
  /** The server has another build of the page by now. */
  #isOld = false;
  #place: PagePlace = placeOf(location.hash);

  constructor() {
    super();
    this.api = new NaruApi({ origin: location.origin });
    new ShareOpener(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("hashchange", this.#moved);
    window.addEventListener("beforeunload", this.#leaving);
    window.addEventListener("naru-part-missing", this.#isMissingPart);
    if (new URLSearchParams(location.search).get("link") === "expired") this.#reason = "link-expired";
    void this.#enter();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("hashchange", this.#moved);
    window.removeEventListener("beforeunload", this.#leaving);
    window.removeEventListener("naru-part-missing", this.#isMissingPart);
    this.#unsubscribe?.();
    this.#transfers?.close();
    this.#transfers = undefined;
    this.#agent?.close();
    this.#agent = undefined;
  }

  override render(): TemplateResult {
    document.documentElement.lang = currentLanguage();
    this.#title();
    if (this.#state === "signed-out") void loadPart(() => import("./naru-sign-in.ts"));
    if (this.#state === "loading") return html`<div class="splash" aria-busy="true">${icon("ferry")}</div>`;
    const signedIn = this.#state === "signed-in";
    return html`<header class="bar">
        <a class="brand" href="#/" title=${this.#words.t.allFiles}>${icon("ferry")}<b>${currentLanguage() === "ko" ? html`<span>나루</span> Naru` : html`<span>Naru</span>`}</b></a>
        <nav>${languageSwitch(this.#words.t)}${signedIn ? this.#account() : nothing}</nav>
      </header>
      ${this.#isOld ? html`<p class="broken" role="alert">${icon("warning")}<span>${this.#words.t.pageIsOld}</span><button class="small" @click=${() => location.reload()}>${this.#words.t.reloadPage}</button></p>` : nothing}
      ${signedIn ? nothing : html`<main class="gate"><naru-sign-in .api=${this.api} .reason=${this.#reason} @naru-signed-in=${this.#signedIn}></naru-sign-in></main>`}
      ${this.#session === undefined ? nothing : this.#console(signedIn)}
      ${this.#asking.dialog() ?? nothing}
      ${signedIn ? html`<naru-account .api=${this.api} .user=${this.#session?.user ?? ""} .admin=${this.#session?.admin ?? false} @naru-signed-out=${this.#sessionEnded} .transfers=${this.#transfers}></naru-account>` : nothing}`;
  }

  /** Hidden, not removed, while somebody signs in again: nothing on it is lost. */
  #console(shown: boolean): TemplateResult {
    return html`<div class="page" ?hidden=${!shown} @naru-download=${this.#download} @naru-preview=${(event: CustomEvent<PreviewWish>) => openPreview(event, this.renderRoot)}>
      <main>
        <h1 class="unseen">${this.#place.folder.split("/").at(-2) ?? this.#words.t.allFiles}</h1>
        <naru-files .api=${this.api} .folder=${this.#place.folder} .file=${this.#place.file} @naru-navigate=${this.#navigate} @naru-signed-out=${this.#sessionEnded}>
          <naru-uploader slot="tools" compact .api=${this.api} .transfers=${this.#transfers} .to=${this.#place.folder}></naru-uploader>
        </naru-files>
      </main>
      <aside>${this.#broken ? html`<p class="broken" role="alert">${icon("warning")}${this.#words.t.transfersFailed}</p>` : nothing}<naru-agent .agent=${this.#agent} .transfers=${this.#transfers}></naru-agent><naru-transfers .transfers=${this.#transfers} @naru-agent-send=${this.#sendWithAgent}><naru-transfer-tools slot="tools" .transfers=${this.#transfers}></naru-transfer-tools></naru-transfers></aside>
      <naru-preview .api=${this.api} @naru-signed-out=${this.#sessionEnded}></naru-preview>
      <naru-downloads .api=${this.api} .transfers=${this.#transfers} @naru-signed-out=${this.#sessionEnded}></naru-downloads>
    </div>`;
  }

  #account(): TemplateResult {
    const { t } = this.#words;
    const user = this.#session?.user ?? "";
    return html`<button class="account" data-action="links" aria-haspopup="dialog" title=${t.myLinks} aria-label=${t.myLinks} @click=${this.#showLinks}>${icon("link")}<span class="user">${t.myLinks}</span></button>
      <button class="account" data-action="account" aria-haspopup="dialog" aria-label=${t.openAccount(user)} title=${t.openAccount(user)} @click=${this.#showAccount}>${icon("person")}<span class="user">${user}</span></button>
      <button class="bare" data-action="sign-out" aria-label=${t.signOut} title=${t.signOut} @click=${this.#askSignOut}>${icon("leave")}</button>`;
  }

  async #enter(): Promise<void> {
    try {
      await this.#welcome(await this.api.session());
    } catch (error) {
      if (!isTransferError(error)) throw error;
      this.#state = "signed-out";
      this.requestUpdate();
    }
  }

  async #welcome(session: WireSession): Promise<void> {
    const same = this.#session?.user === session.user;
    this.#session = session;
    this.#state = "signed-in";
    this.#reason = undefined;
    void this.#mindFolder();
    if (location.search !== "") history.replaceState(null, "", location.pathname + location.hash);
    this.requestUpdate();
    // The files come first; the list of transfers stands beside them a moment later.
    void loadPart(() => import("./naru-transfers.ts"));
    if (same) {
      // What failed by itself is retried by its row.
      for (const key of this.#refused) void this.#transfers?.retry(key).catch(() => undefined);
      await this.updateComplete;
      await this.#files()?.reload();
      return;
    }
    this.#closeTransfers();
    this.#opening = this.#openTransfers(session);
    await this.#opening;
    await this.#findAgent(session);
  }

  async #openTransfers({ user }: WireSession): Promise<void> {
    try {
      this.#transfers = await this.openTransfers?.(user);
      this.#unsubscribe = this.#transfers?.subscribe((tick) => this.#take(tick));
    } catch {
      this.#broken = true;
    }
    this.requestUpdate();
    await this.updateComplete;
  }

  async #findAgent(session: WireSession): Promise<void> {
    const part = await loadPart(() => import("./agent-panel.ts"));
    if (part === undefined || this.#session !== session || !this.isConnected) return;
    this.#agent = new part.AgentTransfers({ origin: this.api.origin });
    this.requestUpdate();
    await this.#agent.wake();
  }

  #take(tick: Tick): void {
    this.#totals = tick.totals;
    if (!tick.totals.mayClose) this.#tools ??= loadPart(() => import("./naru-transfer-tools.ts"));
    if (tick.arrived.length > 0) this.#files()?.arrived(tick.arrived);
    for (const { key, error } of tick.rows) {
      if (error?.code !== "unauthenticated") this.#refused.delete(key);
      else if (!this.#refused.has(key)) {
        this.#refused.add(key);
        this.#sessionEnded();
      }
    }
    this.#title();
  }

  #title(): void {
    const { t } = this.#words;
    const totals = this.#totals;
    const open = totals === undefined ? 0 : totals.active + totals.waiting;
    const percent = totals === undefined || open === 0 ? "" : `${percentOf(totals.confirmed, totals.size)} % – `;
    if (document.title !== percent + t.appName) document.title = percent + t.appName;
  }

  readonly #signedIn = (event: CustomEvent<WireSession>): void => void this.#welcome(event.detail);

  readonly #sessionEnded = (): void => {
    if (this.#state !== "signed-in") return;
    this.#state = "signed-out";
    this.#reason = "session-expired";
    this.requestUpdate();
  };

  readonly #showLinks = (): void => {
    this.dispatchEvent(new CustomEvent("naru-links"));
  };

  readonly #showAccount = (): void => {
    void showAccount(this.renderRoot);
  };

  readonly #download = (event: CustomEvent<{ readonly paths: readonly string[] }>): void => {
    event.preventDefault();
    void startDownload(this.renderRoot, event.detail.paths, this.#opening);
  };

  readonly #askSignOut = (): void => {
    const { t } = this.#words;
    const question = { title: t.signOutTitle, text: t.signOutText, keep: t.signOutKeep, go: t.signOut };
    if (this.#mayLeave) void this.#signOut();
    else this.#asking.ask(question, () => void this.#signOut());
  };

  readonly #signOut = async (): Promise<void> => {
    // The server may be gone or the session ended already; here it ends in any case.
    await this.api.signOut().catch(() => undefined);
    this.#closeTransfers();
    this.#session = undefined;
    this.#reason = undefined;
    this.#state = "signed-out";
    this.requestUpdate();
  };

  #closeTransfers(): void {
    this.#unsubscribe?.();
    this.#transfers?.close();
    this.#transfers = undefined;
    this.#agent?.close();
    this.#agent = undefined;
    this.#totals = undefined;
    this.#refused.clear();
    this.#broken = false;
  }

  readonly #navigate = (event: CustomEvent<string>): void => {
    event.preventDefault();
    location.hash = hashOf(event.detail);
  };

  readonly #moved = (): void => {
    this.#place = placeOf(location.hash);
    this.requestUpdate();
    void this.#mindFolder();
  };

  readonly #isMissingPart = (): void => {
    this.#isOld = true;
    this.requestUpdate();
  };

  /** An address without its final slash may mean a folder. */
  async #mindFolder(): Promise<void> {
    const place = this.#place;
    const folder = await folderMeant(place, this.api);
    if (folder === undefined || this.#place !== place) return;
    history.replaceState(null, "", `${location.pathname}${location.search}${hashOf(folder)}`);
    this.#place = { folder };
    this.requestUpdate();
  }

  readonly #leaving = (event: BeforeUnloadEvent): void => {
    if (!this.#mayLeave) event.preventDefault();
  };

  /** Whether no bytes of this page are on their way. */
  get #mayLeave(): boolean {
    return this.#totals?.mayClose !== false && this.#agent?.view.mayClose !== false;
  }

  readonly #sendWithAgent = (event: CustomEvent<TransferRow>): void => {
    this.renderRoot.querySelector<NaruAgent>("naru-agent")?.send(event.detail);
  };

  #files(): NaruFiles | null {
    return this.renderRoot.querySelector<NaruFiles>("naru-files");
  }
}

customElements.define("naru-app", NaruApp);
