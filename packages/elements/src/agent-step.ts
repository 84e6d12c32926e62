import type { AgentView } from "@naru/client/browser";
import { html, type TemplateResult } from "lit";
import { agentDownload } from "./agent-download.ts";
import type { AgentWords } from "./language/agent-words.ts";

export interface AgentStepView {
  readonly t: AgentWords;
  readonly view: AgentView;
  /** The browser would ask its user: say why first. */
  readonly explains: boolean;
  readonly look: () => void;
  readonly proceed: () => void;
  readonly pair: () => void;
  readonly confirm: () => void;
}

/** What is to be done next, until the agent can take files. */
export function agentStep({ t, view, explains, look, proceed, pair, confirm }: AgentStepView): TemplateResult {
  const again = html`<button data-action="look" @click=${look}>${t.again}</button>`;
  if (explains)
    return html`<p>${t.beforeAsking}</p><button class="primary" data-action="go-on" @click=${proceed}>${t.proceed}</button>`;
  switch (view.presence) {
    case "absent":
      return html`<p>${t.absent}</p><a class="button" href=${agentDownload(navigator.userAgent)} download>${t.install}</a>
          <a class="button" href="naru://wake">${t.start}</a>${again}`;
    case "denied":
      return html`<p>${t.denied}</p>${again}`;
    case "blocked":
      return html`<p>${t.blocked}</p>`;
    case "unpaired":
      return html`<p>${t.unpaired}</p><button class="primary" data-action="pair" @click=${pair}>${t.pair}</button>`;
    case "pairing":
      return html`<p>${t.compare}</p><output class="code">${codeInTwo(view.code)}</output>
          <button class="primary" data-action="confirm" ?disabled=${view.code === undefined} @click=${confirm}>${t.same}</button>`;
    default:
      return html`<p>${t.looking}</p>`;
  }
}

/** Pairing that was begun is finished, though the file has arrived meanwhile. */
export function pairingStep(step: AgentStepView): TemplateResult {
  const isPaired = step.view.presence === "ready";
  return html`<div class="step" role="status">${isPaired ? html`<p>${step.t.paired}</p>` : agentStep(step)}</div>`;
}

function codeInTwo(code = ""): string {
  return code === "" ? "··· ···" : `${code.slice(0, 3)} ${code.slice(3)}`;
}
