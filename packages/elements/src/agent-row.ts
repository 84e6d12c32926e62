import type { AgentTransfer } from "@naru/core";
import { html, nothing, type TemplateResult } from "lit";
import { icon } from "./icons.ts";
import type { WithAgentWords } from "./language/agent-words.ts";
import type { Localized } from "./language/language.ts";
import { bar } from "./transfer-row.ts";

const over: ReadonlySet<AgentTransfer["state"]> = new Set(["done", "failed", "cancelled"]);

/** What it takes to draw a transfer that is in the agent's hands. */
export interface AgentRowView {
  readonly transfer: AgentTransfer;
  readonly words: Localized<WithAgentWords>;
  /** Whether this page could go on with it. */
  readonly canTakeBack: boolean;
  readonly takeBack: (id: string) => void;
  readonly cancel: (id: string) => void;
  /** Its file was chosen again. */
  readonly feed: (id: string, file: File) => void;
}

/** Draw a transfer that is in the agent's hands. */
export function agentRow({ transfer, words, canTakeBack, takeBack, cancel, feed }: AgentRowView): TemplateResult {
  const { t, format } = words;
  const { id, name, state, confirmed, size } = transfer;
  const facts = [t.agent.states[state], format.bytesOf(confirmed, size)];
  if (state === "uploading" && transfer.speed > 0) facts.push(format.speed(transfer.speed));
  if (transfer.secondsLeft !== undefined) facts.push(format.timeLeft(transfer.secondsLeft));
  const chosen = ({ currentTarget: input }: Event): void => {
    const file = input instanceof HTMLInputElement ? input.files?.[0] : undefined;
    if (file) feed(id, file);
  };
  return html`<div class="row ${state}" data-agent-transfer=${id} data-state=${state} data-unfed=${transfer.unfed}>
    <div class="line"><span class="name" title=${transfer.path}>${name}</span>
      ${state === "needs-file" ? html`<label class="button small">${t.agent.chooseAgain}<input class="unseen" type="file" @change=${chosen} /></label>` : nothing}
      ${canTakeBack ? html`<button class="small" data-action="browser" aria-label=${t.sendHere(name)} @click=${() => takeBack(id)}>${t.sendHereDo}</button>` : nothing}
      ${over.has(state) ? nothing : html`<button class="bare" data-action="cancel" aria-label=${t.agent.cancel(name)} title=${t.agent.cancel(name)} @click=${() => cancel(id)}>${icon("close")}</button>`}
    </div>
    ${bar(transfer, { label: name, valueText: facts.join(", ") })}
    <p class="muted">${failureOf(transfer, words) ?? facts.join(" · ")}</p>
  </div>`;
}

/** Draw the answer to "may I close this tab?": not while the agent, or what waits for it, needs bytes of this page. */
export function agentTabLine(
  transfers: readonly AgentTransfer[],
  { words, waits }: { readonly words: Localized<WithAgentWords>; readonly waits: boolean },
): TemplateResult | typeof nothing {
  const { t, format } = words;
  const going = transfers.filter(({ state }) => !over.has(state));
  if (going.length === 0) return nothing;
  const unfed = going.reduce((sum, transfer) => sum + transfer.unfed, 0);
  const mayClose = unfed === 0 && !waits;
  const text = mayClose ? t.agent.mayClose : t.agent.keepOpen(format.bytes(unfed));
  return html`<p class="notice ${mayClose ? "free" : "hold"}" data-agent-may-close=${mayClose}>${icon(mayClose ? "unlock" : "lock")}<span>${text}</span></p>`;
}

function failureOf({ state, error }: AgentTransfer, { t }: Localized<WithAgentWords>): string | undefined {
  if (state !== "failed" || error === undefined) return undefined;
  return error.code === "unauthenticated" ? t.agent.revoked : t.failures[error.code].what;
}
