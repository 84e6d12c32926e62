import { type NaruApi, ShareApi } from "@naru/client";
import { isTransferError, type MadeShare, type ShareList, type ShareLogEntry, type WireShare } from "@naru/core";
import { type CSSResultGroup, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { icon } from "../icons.ts";
import { Localized } from "../language/language.ts";
import { shareWords, type WithShareWords } from "../language/share-words.ts";
import { theme } from "../theme.ts";
import { changeIn, hasShortPassword, type ShareDraft, shareForm, shareIn } from "./share-form.ts";
import { type AskedOfShare, nameOfShare, shareLog, shareRows } from "./share-rows.ts";
import { shareStyle } from "./share-style.ts";

type View =
  | { readonly at: "closed" | "loading" | "list" | "failed" }
  | { readonly at: "form"; readonly draft: ShareDraft }
  | { readonly at: "made"; readonly made: MadeShare; readonly password: string }
  | { readonly at: "log"; readonly share: WireShare; readonly entries: readonly ShareLogEntry[] };

/**
 * `<naru-share>`: makes links for people without an account, and shows those that there are, in a dialog. Fires
 * `naru-signed-out` when the server no longer knows the session.
 */
export class NaruShare extends LitElement {
  static override readonly styles: CSSResultGroup = [theme, shareStyle];
  static override readonly properties: PropertyDeclarations = { api: { attribute: false } };
  /** The server whose files are shared. */
  declare api: NaruApi | undefined;

  readonly #words: Localized<WithShareWords> = new Localized(this, shareWords);
  #view: View = { at: "closed" };
  #mine: ShareList = { shares: [], defaultDays: 7, maxDays: 7 };
  /** What was asked for and is not confirmed yet. */
  #asked: AskedOfShare | undefined;
  #problem: string | undefined;
  #busy = false;
  #copied = false;
  #announcement = "";

  /** Make a link to a file, or to a folder with its final `/`. */
  share(path: string): Promise<void> {
    return this.#openForm({ kind: "share", path });
  }

  /** Make a link by which people send files into a folder, "" or "a/b/". */
  request(folder: string): Promise<void> {
    return this.#openForm({ kind: "request", path: folder === "" || folder.endsWith("/") ? folder : `${folder}/` });
  }

  /** Show the links that there are. */
  async list(): Promise<void> {
    this.#go({ at: "loading" });
    if (await this.#load()) await this.#arrive({ at: "list" });
  }

  override updated(): void {
    const dialog = this.renderRoot.querySelector("dialog");
    if (dialog && !dialog.open) dialog.showModal();
  }

  override render(): TemplateResult | typeof nothing {
    const { at } = this.#view;
    if (at === "closed") return nothing;
    const { share: t } = this.#words.t;
    return html`<dialog aria-labelledby="title" @close=${this.#closed}>
      <div class="head"><h2 id="title" tabindex="-1" autofocus>${this.#title()}</h2>
        <button class="bare" data-action="close" aria-label=${t.close} title=${t.close} @click=${this.#close}>${icon("close")}</button></div>
      <div class="body">${this.#body()}</div>
      <p class="unseen" role="status">${this.#announcement}</p>
    </dialog>`;
  }

  #title(): string {
    const { share: t } = this.#words.t;
    const view = this.#view;
    if (view.at === "made") return t.madeTitle;
    if (view.at === "log") return t.logTitle(nameOfShare(view.share, t));
    if (view.at !== "form") return t.links;
    const { draft } = view;
    if (draft.share) return t.editTitle;
    const name = nameOfShare({ path: draft.path, title: "" }, t);
    return draft.kind === "share" ? t.shareTitle(name) : t.requestTitle(name);
  }

  #body(): TemplateResult {
    const { share: t } = this.#words.t;
    const view = this.#view;
    if (view.at === "form") return this.#form(view.draft);
    if (view.at === "made") return this.#made(view.made, view.password);
    if (view.at === "log") {
      const back = html`<div class="answers"><button data-action="back" @click=${() => void this.list()}>${t.back}</button></div>`;
      return html`${shareLog(view.entries, this.#words)}${back}`;
    }
    if (view.at === "failed")
      return html`<div class="none" role="alert"><p>${t.failed}</p><button data-action="reload" @click=${() => void this.list()}>${this.#words.t.tryAgain}</button></div>`;
    if (view.at === "loading") return html`<p class="none" aria-busy="true">${t.loading}</p>`;
    return html`${shareRows(this.#mine.shares, {
      words: this.#words,
      asked: this.#asked,
      ask: (asked) => this.#ask(asked),
      edit: (share) => void this.#openForm({ kind: share.kind, path: share.path, share }),
      log: (share) => void this.#openLog(share),
      renew: (share) => void this.#renew(share),
      remove: (share) => void this.#remove(share),
    })}<div role="alert">${this.#problem === undefined ? nothing : html`<p class="bad">${this.#problem}</p>`}</div>`;
  }

  #form(draft: ShareDraft): TemplateResult {
    const { share: t } = this.#words.t;
    const hint = draft.share
      ? nothing
      : html`<p class="hint">${draft.kind === "share" ? t.shareHint : t.requestHint}</p>`;
    const { defaultDays, maxDays } = this.#mine;
    const form = shareForm(draft, {
      words: this.#words,
      defaultDays,
      maxDays,
      problem: this.#problem,
      busy: this.#busy,
      submit: (event) => void this.#submit(event, draft),
      cancel: () => (draft.share ? void this.list() : this.#close()),
    });
    return html`${hint}${form}`;
  }

  #made({ token }: MadeShare, password: string): TemplateResult {
    const { share: t } = this.#words.t;
    const canCopy = navigator.clipboard !== undefined;
    return html`<p class="hint" id="hint">${t.madeHint}</p>
      <input class="address" readonly aria-label=${t.address} aria-describedby="hint" .value=${this.#addressOf(token)} @focus=${selectAll} />
      ${password === "" ? nothing : html`<p class="hint">${t.passwordApart(password)}</p>`}
      <div class="answers">
        <button data-action="links" @click=${() => void this.list()}>${t.links}</button>
        ${canCopy ? html`<button class="primary" data-action="copy" @click=${() => void this.#copy(token)}>${icon(this.#copied ? "check" : "link")}${this.#copied ? t.copied : t.copy}</button>` : nothing}
        <button data-action="done" @click=${this.#close}>${t.done}</button>
      </div>`;
  }

  async #openForm(draft: ShareDraft): Promise<void> {
    if (this.#view.at === "closed") this.#go({ at: "loading" });
    // How long a link may last is the server's to say.
    if (await this.#load()) await this.#arrive({ at: "form", draft });
  }

  async #submit(event: SubmitEvent, draft: ShareDraft): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget;
    if (!(form instanceof HTMLFormElement) || this.#busy) return;
    if (hasShortPassword(form)) return this.#complain(this.#words.t.share.shortPassword);
    const { share } = draft;
    const api = this.#api();
    await this.#try(async () => {
      if (share) {
        await api.change(share.id, changeIn(form, draft));
        await this.list();
      } else {
        const wish = shareIn(form, draft);
        await this.#show(await api.create(wish), wish.password);
      }
    });
  }

  async #renew(share: WireShare): Promise<void> {
    await this.#try(async () => this.#show(await this.#api().renew(share.id), ""));
  }

  async #show(made: MadeShare, password = ""): Promise<void> {
    this.#copied = false;
    await this.#arrive({ at: "made", made, password });
    // It is what the next thing is done with.
    this.renderRoot.querySelector<HTMLElement>("[data-action=copy]")?.focus();
  }

  async #remove(share: WireShare): Promise<void> {
    const { share: t } = this.#words.t;
    await this.#try(async () => {
      await this.#api().remove(share.id);
      this.#announcement = t.stopped(nameOfShare(share, t));
      await this.list();
    });
  }

  async #openLog(share: WireShare): Promise<void> {
    await this.#try(async () => this.#arrive({ at: "log", share, entries: await this.#api().log(share.id) }));
  }

  async #copy(token: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.#addressOf(token));
      this.#copied = true;
      this.#announcement = this.#words.t.share.copied;
    } catch {
      // The browser refuses; the address stands there to be marked by hand.
      this.renderRoot.querySelector<HTMLElement>(".address")?.focus();
    }
    this.requestUpdate();
  }

  #ask(asked: AskedOfShare | undefined): void {
    this.#asked = asked;
    this.requestUpdate();
    void this.updateComplete.then(() => {
      const where = asked ? "[data-action=keep]" : "#title";
      this.renderRoot.querySelector<HTMLElement>(where)?.focus();
    });
  }

  async #load(): Promise<boolean> {
    try {
      this.#mine = await this.#api().list();
      return true;
    } catch (error) {
      this.#mindSession(error);
      this.#go({ at: this.#view.at === "closed" ? "closed" : "failed" });
      return false;
    }
  }

  async #try(act: () => Promise<void>): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    this.#complain(undefined);
    try {
      await act();
    } catch (error) {
      this.#mindSession(error);
      this.#complain(this.#wordsFor(error));
    } finally {
      this.#busy = false;
      this.requestUpdate();
    }
  }

  #wordsFor(error: unknown): string {
    const { t } = this.#words;
    if (!isTransferError(error)) return t.share.failed;
    if (error.code === "not-found" || error.code === "forbidden") return t.share.gone;
    if (error.code === "invalid") return t.share.tooLong;
    if (error.code !== "unreachable") return t.share.failed;
    return `${t.failures[error.code].what} ${t.failures[error.code].todo}`;
  }

  #mindSession(error: unknown): void {
    if (!isTransferError(error) || error.code !== "unauthenticated") return;
    this.#close();
    this.dispatchEvent(new CustomEvent("naru-signed-out", { bubbles: true, composed: true }));
  }

  #complain(problem: string | undefined): void {
    this.#problem = problem;
    this.requestUpdate();
  }

  #go(view: View): void {
    this.#view = view;
    this.#asked = undefined;
    this.#problem = undefined;
    this.requestUpdate();
  }

  /** Show a view, and read on from its title. */
  async #arrive(view: View): Promise<void> {
    // Closed meanwhile, it stays so.
    if (this.#view.at === "closed") return;
    this.#go(view);
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("#title")?.focus();
  }

  readonly #close = (): void => {
    this.renderRoot.querySelector("dialog")?.close();
  };

  readonly #closed = (): void => {
    this.#announcement = "";
    this.#go({ at: "closed" });
  };

  #addressOf(token: string): string {
    return `${this.api?.origin ?? ""}/s/${token}`;
  }

  #api(): ShareApi {
    const { origin, auth } = this.api ?? { origin: location.origin };
    return new ShareApi({ origin, auth });
  }
}

function selectAll(event: Event): void {
  if (event.currentTarget instanceof HTMLInputElement) event.currentTarget.select();
}

customElements.define("naru-share", NaruShare);
