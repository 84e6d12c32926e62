import type { AgentTransfers, AgentView, Tick, TransferRow, Transfers } from "@naru/client/browser";
import { type AgentTransfer, isTransferError } from "@naru/core";
import {
  type CSSResultGroup,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from "lit";
import { agentFirst } from "./agent-first.ts";
import { agentRow, agentTabLine } from "./agent-row.ts";
import { type AgentStepView, agentStep, pairingStep } from "./agent-step.ts";
import { agentStyle } from "./agent-style.ts";
import { agentWish, hasFile } from "./agent-wish.ts";
import { icon } from "./icons.ts";
import { agentWords, type WithAgentWords } from "./language/agent-words.ts";
import { Localized } from "./language/language.ts";
import { Asking, dialogStyle } from "./question.ts";
import { stopQuestion } from "./stop-question.ts";
import { theme } from "./theme.ts";

/** A ticket is good for a minute, a page is looked at for longer. */
const linkMs = 45_000;
const offerAgainMs = 1000;
const asleep: AgentView = { presence: "asleep", transfers: [], mayClose: true };

/** `<naru-agent>`: files in the hands of the desktop agent, and the way there: found, permitted, paired. */
export class NaruAgent extends LitElement {
  static override readonly styles: CSSResultGroup = [theme, dialogStyle, agentStyle];
  static override readonly properties: PropertyDeclarations = {
    agent: { attribute: false },
    transfers: { attribute: false },
  };
  declare agent: AgentTransfers | undefined;
  /** Whose rows are handed over. */
  declare transfers: Transfers | undefined;

  readonly #words: Localized<WithAgentWords> = new Localized(this, agentWords);
  readonly #asking: Asking = new Asking(this);
  #view: AgentView = asleep;
  #unsubscribe: (() => void) | undefined;
  #unfollow: (() => void) | undefined;
  /** Rows, as they were then, that wait until the agent has them. */
  #wanted: readonly TransferRow[] = [];
  /** The browser would ask its user: say why first. */
  #explains = false;
  #trouble: string | undefined;
  /** By row: for the agent to open, where the page may not reach it or has no bytes to give. */
  readonly #links = new Map<string, string>();
  #renewal: ReturnType<typeof setTimeout> | undefined;
  /** Pairing was begun here: the panel stays until it is closed, or something is sent. */
  #isPairing = false;
  /** A code was typed here, and was right. */
  #isPaired = false;

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("transfers")) {
      this.#unfollow?.();
      this.#unfollow = this.transfers?.subscribe((tick) => this.#follow(tick));
    }
    if (!changed.has("agent")) return;
    this.#unsubscribe?.();
    this.#view = asleep;
    this.#unsubscribe = this.agent?.subscribe((view) => this.#take(view));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe?.();
    this.#unfollow?.();
    clearTimeout(this.#renewal);
  }

  /** Hand a row over, as soon as the agent can take it; for one without its file the agent is to ask. */
  send(row: TransferRow): void {
    this.#trouble = undefined;
    this.#wanted = [...this.#wanted.filter(({ key }) => key !== row.key), row];
    this.requestUpdate();
    if (!hasFile(row) || this.#isShut) void this.#makeLinks();
    const isReady = this.#view.presence === "ready";
    if (!hasFile(row)) {
      if (isReady) void this.#chooseThere(row);
    } else if (isReady) void this.#handOver();
    else void this.#approach();
  }

  override render(): TemplateResult | typeof nothing {
    const { agent: t } = this.#words.t;
    const { transfers } = this.#view;
    const isIdle = this.#wanted.length === 0 && transfers.length === 0;
    if (isIdle && !this.#isPairing && this.#trouble === undefined) return nothing;
    const title = transfers.length > 0 ? t.sendingTitle : t.title;
    return html`<section aria-label=${title} data-presence=${this.#view.presence}>
      <header><h2>${icon("computer")}${title}</h2>
        <button class="bare" aria-label=${t.close} title=${t.close} @click=${this.#dismiss}>${icon("close")}</button></header>
      ${
        this.#wanted.length === 0
          ? this.#isPairing
            ? pairingStep(this.#stepView())
            : nothing
          : html`<div class="step" role="status"><p class="muted">${t.why}</p>
          ${this.#wanted.some(hasFile) ? agentStep(this.#stepView()) : html`<p>${t.choosesThere}</p>`}${this.#agentFirst()}</div>`
      }
      ${this.#trouble === undefined ? nothing : html`<p class="bad" role="alert">${this.#trouble}</p>`}
      ${transfers.map((transfer) => this.#row(transfer))}
      ${this.#asking.dialog() ?? nothing}
      ${agentTabLine(transfers, { words: this.#words, waits: this.#wanted.some(hasFile) })}
    </section>`;
  }

  #stepView(): AgentStepView {
    return {
      t: this.#words.t.agent,
      view: this.#view,
      explains: this.#explains,
      look: this.#approach,
      proceed: this.#ask,
      pair: this.#pair,
      confirm: this.#confirm,
    };
  }

  #agentFirst(): TemplateResult | typeof nothing {
    const links = this.#linked().flatMap(({ key, name, path }) => {
      const link = this.#links.get(key);
      return link === undefined ? [] : [{ name, path, link }];
    });
    return agentFirst({ t: this.#words.t.agent, links, isPaired: this.#isPaired, type: this.#type });
  }

  #row(transfer: AgentTransfer): TemplateResult {
    return agentRow({
      transfer,
      words: this.#words,
      canTakeBack: this.agent?.canTakeBack(transfer) ?? false,
      takeBack: (id) => void this.#takeBack(id),
      cancel: () => this.#cancel(transfer),
      feed: (id, file) => void this.agent?.feedAgain(id, file).catch(() => this.#say(this.#words.t.agent.notSame)),
    });
  }

  #cancel(transfer: AgentTransfer): void {
    // Its row says how it ended.
    const cancel = (): void => void this.agent?.cancel(transfer.id).catch(() => undefined);
    // In this panel nothing can be paused.
    const question = stopQuestion({ ...transfer, state: "" }, this.#words);
    if (question === undefined) cancel();
    else this.#asking.ask(question, cancel);
  }

  #take(view: AgentView): void {
    const wasReady = this.#view.presence === "ready";
    this.#view = view;
    if (view.presence === "ready" && !wasReady) void this.#handOver();
    if (this.#isShut) void this.#makeLinks();
    this.requestUpdate();
  }

  /** Whether the browser lets this page reach no agent. */
  get #isShut(): boolean {
    return this.#view.presence === "denied" || this.#view.presence === "blocked";
  }

  /** Rows that ended, are the agent's, or got their file here are not wanted any more. */
  #follow({ rows, removed }: Tick): void {
    if (this.#wanted.length === 0) return;
    const gone = new Set(removed);
    for (const { key, state, elsewhere } of rows) {
      const isOver = elsewhere || state === "done" || state === "cancelled";
      const wanted = this.#wanted.find((row) => row.key === key);
      if (isOver || (wanted?.state === "needs-file" && state !== "needs-file")) gone.add(key);
    }
    if (!this.#wanted.some(({ key }) => gone.has(key))) return;
    this.#wanted = this.#wanted.filter(({ key }) => !gone.has(key));
    this.requestUpdate();
  }

  readonly #approach = async (): Promise<void> => {
    this.#explains = (await this.agent?.wouldAsk()) ?? false;
    this.requestUpdate();
    if (!this.#explains) await this.agent?.connect();
  };

  readonly #ask = async (): Promise<void> => {
    this.#explains = false;
    this.requestUpdate();
    await this.agent?.connect();
  };

  readonly #pair = async (): Promise<void> => {
    this.#isPairing = true;
    await this.agent?.pair().catch(() => this.#say(this.#words.t.agent.pairFailed));
  };

  readonly #confirm = async (): Promise<void> => {
    await this.agent?.confirm().catch(() => this.#say(this.#words.t.agent.pairFailed));
  };

  /** The agent shows a code that it could not tell this page. */
  readonly #type = async (event: Event): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const code = form instanceof HTMLFormElement ? String(new FormData(form).get("code")) : "";
    this.#trouble = undefined;
    try {
      await this.agent?.confirm(code.replaceAll(/\D/g, ""));
      this.#isPaired = true;
    } catch {
      this.#trouble = this.#words.t.agent.codeFailed;
    }
    this.requestUpdate();
  };

  readonly #dismiss = (): void => {
    this.#wanted = [];
    this.#isPairing = false;
    this.#links.clear();
    clearTimeout(this.#renewal);
    this.#trouble = undefined;
    this.agent?.clear();
    this.requestUpdate();
  };

  async #handOver(): Promise<void> {
    for (const row of this.#wanted.filter(hasFile)) {
      try {
        await this.#handOne(row);
      } catch {
        // It was revoked: once it is paired again, the rows go.
        if (this.#view.presence === "unpaired") return;
        this.#say(this.#words.t.agent.sendFailed);
      }
      this.#wanted = this.#wanted.filter(({ key }) => key !== row.key);
      this.requestUpdate();
    }
  }

  async #handOne({ key }: TransferRow): Promise<void> {
    const { agent, transfers } = this;
    if (agent === undefined || transfers === undefined) return;
    const { path, file, upload } = await transfers.handOverFile(key);
    await agent.send(file, agentWish(file, path, upload));
    this.#isPairing = false;
    await transfers.release(key);
  }

  /** The rows that the agent is to open from a link. */
  #linked(): readonly TransferRow[] {
    return this.#isShut ? this.#wanted : this.#wanted.filter((row) => !hasFile(row));
  }

  /** An agent within reach asks for the file at once; its link stays for one that cannot. */
  async #chooseThere({ key }: TransferRow): Promise<void> {
    try {
      const upload = await this.transfers?.handOverUpload(key);
      if (upload !== undefined) await this.agent?.choose({ upload });
    } catch (error) {
      const { notSame, sendFailed } = this.#words.t.agent;
      this.#say(isTransferError(error) && error.code === "file-changed" ? notSame : sendFailed);
    }
  }

  async #makeLinks(): Promise<void> {
    for (const { key } of this.#linked()) {
      const link = await this.#linkFor(key).catch(() => undefined);
      if (link === undefined) this.#links.delete(key);
      else this.#links.set(key, link);
      this.requestUpdate();
    }
    clearTimeout(this.#renewal);
    const rows = this.#linked();
    if (rows.length === 0 || !this.isConnected) return;
    const afterMs = rows.every(({ key }) => this.#links.has(key)) ? linkMs : offerAgainMs;
    this.#renewal = setTimeout(() => void this.#makeLinks(), afterMs);
  }

  async #linkFor(key: string): Promise<string | undefined> {
    const upload = await this.transfers?.handOverUpload(key);
    return upload === undefined ? undefined : this.agent?.linkFor({ upload });
  }

  /** The tab goes on with what has arrived. */
  async #takeBack(id: string): Promise<void> {
    try {
      const taken = await this.agent?.takeBack(id);
      if (taken !== undefined) await this.transfers?.add([taken], { to: "" });
    } catch {
      this.#say(this.#words.t.agent.notGivenBack);
    }
  }

  #say(trouble: string): void {
    this.#trouble = trouble;
    this.requestUpdate();
  }
}

customElements.define("naru-agent", NaruAgent);
