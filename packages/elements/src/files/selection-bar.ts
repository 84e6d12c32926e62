import { html, type TemplateResult } from "lit";
import { icon } from "../icons.ts";
import type { Localized } from "../language/language.ts";
import { applies, barCommands, type Command } from "./commands.ts";
import type { Entry } from "./entry.ts";

export interface SelectionBarView {
  readonly words: Localized;
  readonly entries: readonly Entry[];
  readonly run: (command: Command) => void;
  readonly clear: () => void;
  readonly more: (event: Event) => void;
}

/** Draw what can be done with what is chosen. */
export function selectionBar({ words: { t, format }, entries, run, clear, more }: SelectionBarView): TemplateResult {
  const count = t.file.chosen(format.count(entries.length));
  return html`<div class="tools chosen" role="toolbar" aria-label=${count}>
    <button class="bare" data-action="clear" aria-label=${t.file.clear} title=${t.file.clear} @click=${clear}>${icon("close")}</button>
    <b>${count}</b>
    ${barCommands
      .filter(({ command }) => applies(command, entries))
      .map(
        ({ command, icon: name }) =>
          html`<button class=${command === "remove" ? "risky" : ""} data-command=${command} @click=${() => run(command)}>${icon(name)}<span>${t.file.commands[command]}</span></button>`,
      )}
    <button class="bare" data-command="menu" aria-haspopup="menu" aria-label=${t.file.moreActions} title=${t.file.moreActions} @click=${more}>${icon("more")}</button>
  </div>`;
}
