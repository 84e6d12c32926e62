import type { Totals } from "@naru/client/browser";
import { percentOf } from "./language/format.ts";

const colours = { moving: "#0b7a75", still: "#7a8791", trouble: "#b3261e" };
/** The ring's circumference. */
const round = 2 * Math.PI * 12;

/** Shows in the tab's icon how far everything is: a ring that fills, grey while it stands still, a red mark when somebody is needed. */
export class Favicon {
  readonly #link: HTMLLinkElement | null = document.querySelector<HTMLLinkElement>("link[rel=icon]");
  readonly #own: string | undefined = this.#link?.href;

  show(totals: Totals): void {
    const { active, waiting, failed, needsFile, confirmed, size, mayClose } = totals;
    const trouble = failed + needsFile > 0;
    if (active + waiting === 0 && !trouble) {
      this.#set(this.#own);
      return;
    }
    const percent = active + waiting === 0 ? 100 : percentOf(confirmed, size);
    this.#set(ring({ percent, colour: mayClose ? colours.still : colours.moving, trouble }));
  }

  /** Give the page its own icon back. */
  close(): void {
    this.#set(this.#own);
  }

  #set(href: string | undefined): void {
    if (this.#link !== null && href !== undefined && this.#link.href !== href) this.#link.href = href;
  }
}

function ring(of: { readonly percent: number; readonly colour: string; readonly trouble: boolean }): string {
  const { percent, colour, trouble } = of;
  const filled = (round * percent) / 100;
  const mark = trouble ? `<circle cx="24" cy="8" r="8" fill="${colours.trouble}"/>` : "";
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" data-percent="${percent}"><g fill="none" stroke-width="7"><circle cx="16" cy="16" r="12" stroke="#8885"/><circle cx="16" cy="16" r="12" stroke="${colour}" stroke-dasharray="${filled.toFixed(1)} ${round.toFixed(1)}" transform="rotate(-90 16 16)"/></g>${mark}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
