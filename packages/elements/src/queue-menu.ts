/** The menu of a row or group that waits: another place in the queue, without dragging. Loaded when it is opened. */

import { currentLanguage, type Words } from "./language/language.ts";
import type { QueuePlace } from "./queue-places.ts";

const places: readonly QueuePlace[] = ["first", "earlier", "later", "last"];

type MenuWords = Readonly<Record<QueuePlace, string>> & { readonly title: (name: string) => string };

const words: Words<MenuWords> = {
  en: {
    title: (name) => `Place of ${name} in the queue`,
    first: "To the top",
    earlier: "Move up",
    later: "Move down",
    last: "To the end",
  },
  ko: {
    title: (name) => `대기열에서 ${name}의 순서`,
    first: "맨 앞으로",
    earlier: "앞으로",
    later: "뒤로",
    last: "맨 뒤로",
  },
};

export interface QueueMenuOptions {
  /** Below it the menu opens, and to it the focus returns. */
  readonly button: HTMLElement;
  readonly name: string;
  /** Where the menu is put. */
  readonly root: HTMLElement | DocumentFragment;
  readonly may: (place: QueuePlace) => boolean;
  readonly move: (place: QueuePlace) => void;
}

/** Open the menu. It closes by itself once a place is chosen, the focus leaves it or Escape is pressed. */
export function openQueueMenu({ button, name, root, may, move }: QueueMenuOptions): void {
  const t = words[currentLanguage()];
  const menu = document.createElement("div");
  menu.className = "menu";
  menu.popover = "auto";
  menu.role = "menu";
  menu.ariaLabel = t.title(name);
  for (const place of places) menu.append(item(place));
  menu.addEventListener("toggle", (event) => {
    if (event.newState === "closed") menu.remove();
  });
  menu.addEventListener("keydown", step);
  root.append(menu);
  menu.showPopover();
  put();
  menu.querySelector<HTMLElement>(":enabled")?.focus();

  function item(place: QueuePlace): HTMLButtonElement {
    const one = document.createElement("button");
    one.role = "menuitem";
    one.dataset["place"] = place;
    one.textContent = t[place];
    one.disabled = !may(place);
    one.addEventListener("click", () => {
      menu.hidePopover();
      button.focus();
      move(place);
    });
    return one;
  }

  /** Below the button, or above it where there is more room. */
  function put(): void {
    const { bottom, top, right } = button.getBoundingClientRect();
    const { offsetHeight, offsetWidth } = menu;
    const y = bottom + offsetHeight > innerHeight ? top - offsetHeight : bottom;
    menu.style.setProperty("top", `${Math.max(8, y)}px`);
    menu.style.setProperty("left", `${Math.max(8, right - offsetWidth)}px`);
  }

  function step(event: KeyboardEvent): void {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const items = [...menu.querySelectorAll<HTMLElement>(":enabled")];
    const at = items.findIndex((one) => one.matches(":focus"));
    items.at((at + by) % items.length)?.focus();
  }
}
