import { type NaruApi, systemClock, UploadCheckApi } from "@naru/client";
import type { Incoming, Transfers } from "@naru/client/browser";
import { batchPolicy, retrying } from "@naru/core";
import { type CSSResultGroup, html, LitElement, nothing, type TemplateResult } from "lit";
import { icon } from "./icons.ts";
import { currentLanguage, Localized } from "./language/language.ts";
import { type PreFlightWords, preFlightWords, type TakenAnswer } from "./language/pre-flight-words.ts";
import { type LeftOut, type PreFlightAnswer, type PreFlightReport, preFlight } from "./pre-flight.ts";
import { refusedFiles, takenFiles } from "./pre-flight-lists.ts";
import { preFlightStyle } from "./pre-flight-style.ts";
import { closeDialog, dialogStyle, showDialogs } from "./question.ts";
import { theme } from "./theme.ts";

const checkTimeoutMs = 20_000;
const fewRetries = { ...batchPolicy, retries: 2 };
const answers: readonly TakenAnswer[] = ["same", "rename", "overwrite", "skip"];
/** So many names of system files are spelt out. */
const mostNames = 3;

/** Where files go, and through what. */
export interface PreFlightPlace {
  readonly api: NaruApi;
  readonly transfers: Transfers;
  readonly to: string;
}

/** `<naru-pre-flight>`: asks what must be asked before files are sent, once for all of a drop. Loaded with the first drop. */
export class NaruPreFlight extends LitElement {
  static override readonly styles: CSSResultGroup = [theme, dialogStyle, preFlightStyle];

  readonly #words: Localized = new Localized(this);
  #asked:
    | { readonly report: PreFlightReport; readonly to: string; readonly done: (answer?: PreFlightAnswer) => void }
    | undefined;
  #forAll: TakenAnswer = "same";
  #own = new Map<string, TakenAnswer>();
  #leftOut: LeftOut | undefined;
  /** Drops that were made while one is asked about wait for it. */
  #last: Promise<unknown> = Promise.resolve();

  /** Look at files as they are found; gives those that are to be sent. */
  check(
    files: Iterable<Incoming> | AsyncIterable<Incoming>,
    { api, transfers, to }: PreFlightPlace,
  ): AsyncIterable<Incoming> {
    const { origin, auth } = api;
    const checks = new UploadCheckApi({ origin, auth });
    let rows = rowsOf(transfers);
    this.#leftOut = undefined;
    this.requestUpdate();
    return preFlight(files, {
      to,
      check: (some) =>
        retrying(({ signal }) => checks.check(some, { signal, timeoutMs: checkTimeoutMs }), fewRetries, {
          random: Math.random,
          wait: (ms) => systemClock.sleep(ms),
        }),
      ask: (report) => this.#ask(report, to),
      row: (path, size) => rows.get(`${path}\n${size}`),
      listed: async () => {
        await transfers.listed();
        rows = rowsOf(transfers);
      },
      onLeftOut: (leftOut) => {
        this.#leftOut = leftOut;
        this.requestUpdate();
      },
    });
  }

  override render(): TemplateResult {
    return html`${this.#note()}${this.#asked === undefined ? nothing : this.#dialog(this.#asked.report, this.#asked.to)}`;
  }

  override updated(): void {
    showDialogs(this.renderRoot);
  }

  #ask(report: PreFlightReport, to: string): Promise<PreFlightAnswer | undefined> {
    const asked = this.#last.then(
      () =>
        new Promise<PreFlightAnswer | undefined>((resolve) => {
          this.#forAll = "same";
          this.#own = new Map();
          this.#asked = { report, to, done: resolve };
          this.requestUpdate();
        }),
    );
    this.#last = asked;
    return asked;
  }

  #dialog(report: PreFlightReport, to: string): TemplateResult {
    const { t, format } = this.#words;
    const words = this.#t;
    const { taken, refused, room } = report;
    const folder = to.split("/").at(-2) ?? t.allFiles;
    const sent = this.#countOfSent(report);
    return html`<dialog class="pre-flight" aria-labelledby="title" aria-describedby="lead" @close=${this.#closed}>
      <form @submit=${this.#submitted}>
        <h2 id="title">${words.title}</h2>
        <div id="lead">
          ${taken.length === 0 ? nothing : html`<p>${words.taken(taken.length, format.count(taken.length), folder)}</p>`}
          ${room === undefined ? nothing : html`<p class="bad">${icon("warning")}<span>${words.room(format.bytes(room.needed), format.bytes(room.free))}</span></p>`}
        </div>
        ${taken.length === 0 ? nothing : this.#choices()}
        <div class="lists" role="group" aria-labelledby="title" tabindex=${taken.length > 1 ? nothing : 0}>
          ${takenFiles({ taken, own: this.#own, words, localized: this.#words, choose: this.#chooseOwn })}
          ${refusedFiles(refused, words, this.#words)}
        </div>
        <div class="answers">
          <button type="button" data-action="keep" @click=${() => closeDialog(this.renderRoot)}>${words.cancel}</button>
          <button type="submit" class="primary" data-action="confirm" ?autofocus=${taken.length === 0}>${sent === 0 ? words.sendNone : words.send(sent, format.count(sent))}</button>
        </div>
      </form>
    </dialog>`;
  }

  #choices(): TemplateResult {
    const words = this.#t;
    return html`<fieldset><legend>${words.forAll}</legend>
      ${answers.map((answer) => {
        const { name, means } = words.answers[answer];
        const chosen = this.#forAll === answer;
        return html`<label class="choice"><input type="radio" name="for-all" value=${answer} .checked=${chosen} ?autofocus=${chosen} @change=${() => this.#chooseForAll(answer)} /><span><b>${name}</b><small>${means}</small></span></label>`;
      })}
    </fieldset>`;
  }

  #note(): TemplateResult | typeof nothing {
    if (this.#leftOut === undefined) return nothing;
    const { format } = this.#words;
    const words = this.#t;
    const { system, sending } = this.#leftOut;
    const names = [...new Set(system.map((path) => path.slice(path.lastIndexOf("/") + 1)))];
    const some = names.slice(0, mostNames).join(", ") + (names.length > mostNames ? ", …" : "");
    const texts = [
      ...(system.length > 0 ? [words.system(system.length, format.count(system.length), some)] : []),
      ...(sending > 0 ? [words.sending(sending, format.count(sending))] : []),
    ];
    return html`<p class="left-out" role="status"><span class="grow">${texts.join(" ")}</span><button class="bare" data-action="dismiss" aria-label=${words.dismiss} title=${words.dismiss} @click=${this.#dismiss}>${icon("close")}</button></p>`;
  }

  get #t(): PreFlightWords {
    return preFlightWords[currentLanguage()];
  }

  #countOfSent({ clear, taken }: PreFlightReport): number {
    const skipped = taken.filter(({ incoming }) => (this.#own.get(incoming.path) ?? this.#forAll) === "skip");
    return clear + taken.length - skipped.length;
  }

  #chooseForAll(answer: TakenAnswer): void {
    this.#forAll = answer;
    this.requestUpdate();
  }

  readonly #chooseOwn = (path: string, answer: TakenAnswer | undefined): void => {
    if (answer === undefined) this.#own.delete(path);
    else this.#own.set(path, answer);
    this.requestUpdate();
  };

  readonly #dismiss = (): void => {
    this.#leftOut = undefined;
    this.requestUpdate();
  };

  readonly #submitted = (event: Event): void => {
    event.preventDefault();
    this.#end({ forAll: this.#forAll, own: this.#own });
  };

  /** Escape, or the way back: nothing is sent. */
  readonly #closed = (): void => this.#end(undefined);

  #end(answer: PreFlightAnswer | undefined): void {
    const asked = this.#asked;
    this.#asked = undefined;
    closeDialog(this.renderRoot);
    asked?.done(answer);
    this.requestUpdate();
  }
}

/** How files stand in the transfers, by path and size. */
function rowsOf(transfers: Transfers): ReadonlyMap<string, "sending" | "waiting"> {
  const rows = new Map<string, "sending" | "waiting">();
  const look = transfers.subscribe((tick) => {
    for (const { path, size, state, direction } of tick.rows) {
      if (direction === "down") continue;
      if (state === "needs-file") rows.set(`${path}\n${size}`, "waiting");
      else if (state !== "done" && state !== "cancelled" && state !== "failed") rows.set(`${path}\n${size}`, "sending");
    }
  });
  look();
  return rows;
}

customElements.define("naru-pre-flight", NaruPreFlight);
