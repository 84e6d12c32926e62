import { html, nothing, type TemplateResult } from "lit";
import { type IconName, icon } from "../icons.ts";
import { styleProperties } from "../style-properties.ts";

/** One thing of a menu; `line` begins a group. */
export interface MenuItem {
  readonly command: string;
  readonly words: string;
  readonly icon: IconName;
  readonly keys?: string | undefined;
  readonly isRisky?: boolean;
  readonly line?: boolean;
}

export interface MenuView {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly at: { readonly x: number; readonly y: number };
  readonly pick: (command: string) => void;
  readonly close: () => void;
}

const width = 232;
const margin = 8;

/** Draw a menu; it takes the focus, and arrows, letters and Escape work as in every menu. */
export function entryMenu({ label, items, at, pick, close }: MenuView): TemplateResult {
  const height = items.length * 36 + items.filter(({ line }) => line).length * 9 + 14;
  const left = Math.max(margin, Math.min(at.x, window.innerWidth - width - margin));
  const top = Math.max(margin, Math.min(at.y, window.innerHeight - height - margin));
  const toggled = (event: ToggleEvent): void => {
    if (event.newState === "closed") close();
  };
  return html`<div class="menu" role="menu" popover="auto" aria-label=${label} @toggle=${toggled} @keydown=${(event: KeyboardEvent) => pressed(event, close)}
    ${styleProperties({ left: `${left}px`, top: `${top}px`, "max-height": `${window.innerHeight - 2 * margin}px` })}>
    ${items.map(
      (item) => html`${item.line ? html`<hr role="separator" />` : nothing}
        <button role="menuitem" tabindex="-1" class=${item.isRisky ? "risky" : ""} data-command=${item.command} @click=${() => pick(item.command)}>
          ${icon(item.icon)}<span class="grow">${item.words}</span>${item.keys === undefined ? nothing : html`<kbd aria-hidden="true">${item.keys}</kbd>`}</button>`,
    )}
  </div>`;
}

function pressed(event: KeyboardEvent, close: () => void): void {
  const menu = event.currentTarget;
  if (!(menu instanceof HTMLElement)) return;
  const items = [...menu.querySelectorAll<HTMLElement>("[role=menuitem]")];
  const root = menu.getRootNode();
  const at = items.findIndex((item) => root instanceof ShadowRoot && item === root.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1 + (at === -1 ? 1 : 0), Home: 0, End: items.length - 1 }[event.key];
  if (event.key === "Tab") close();
  else if (to !== undefined) items.at(to % items.length)?.focus();
  else if (event.key.length === 1 && event.key !== " ") {
    const begins = ({ textContent }: HTMLElement): boolean =>
      textContent.trim().toLowerCase().startsWith(event.key.toLowerCase());
    (items.slice(at + 1).find(begins) ?? items.find(begins))?.focus();
  } else return;
  event.preventDefault();
  event.stopPropagation();
}
