import { html, nothing, type TemplateResult } from "lit";
import type { AgentWords } from "./language/agent-words.ts";

const sixDigits = "\\s*\\d{3}[\\s\\-]*\\d{3}\\s*";

export interface AgentFirstView {
  readonly t: AgentWords;
  /** Of each file, what opens the agent for it. */
  readonly links: readonly { readonly name: string; readonly path: string; readonly link: string }[];
  /** A code was typed here, and was right. */
  readonly isPaired: boolean;
  readonly type: (event: Event) => void;
}

/** The way over the agent's own window: a link for each file, and the code that it shows there. */
export function agentFirst({ t, links, isPaired, type }: AgentFirstView): TemplateResult | typeof nothing {
  if (links.length === 0) return nothing;
  return html`${links.map(
    ({ name, path, link }) => html`<div class="line"><span class="name" title=${path}>${name}</span>
            <a class="button small" data-action="agent-first" data-for=${path} href=${link} aria-label=${t.openAgentFor(name)}>${t.openAgent}</a></div>`,
  )}
          <form @submit=${type}><label for="code">${t.typeCode}</label>
            <input id="code" name="code" required inputmode="numeric" autocomplete="off" pattern=${sixDigits} placeholder="000-000" />
            <button data-action="type-code">${t.confirmCode}</button></form>
          ${isPaired ? html`<p role="status">${t.codeTaken}</p>` : nothing}`;
}
