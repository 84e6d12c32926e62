/** Sites that ask to be paired: the code is compared, and then the user says yes or no. */

import { icon } from "@naru/elements/design";
import { html, type TemplateResult } from "lit";
import { call } from "./agent-call.ts";
import type { WindowModel } from "./window-model.ts";

/** Draw what waits for a yes. */
export function pairingCards(model: WindowModel): readonly TemplateResult[] {
  const { w, facts } = model;
  const waiting = (facts?.pairings ?? []).filter(({ code }) => code !== "");
  return waiting.map(({ origin, code, allowed }) => {
    const say = (answer: "allow" | "refuse") => () => void model.do(() => call(answer, { origin }));
    return html`<section class="card pairing" role="alertdialog" aria-label=${w.pair.ask(origin)} data-origin=${origin}>
      <h2>${w.pair.ask(origin)}</h2>
      <p class="muted">${allowed ? w.pair.allowed(origin) : w.pair.compare}</p>
      <span class="code">${code}</span>
      <div class="answers">
        ${allowed ? icon("check") : html`<button class="primary" data-pair="allow" @click=${say("allow")}>${w.pair.allow}</button>`}
        <button data-pair="refuse" @click=${say("refuse")}>${w.pair.refuse}</button>
      </div>
    </section>`;
  });
}
