import type { Totals } from "@naru/client/browser";
import { html, nothing, type TemplateResult } from "lit";
import { type IconName, icon } from "./icons.ts";
import type { Dictionary } from "./language/dictionary.ts";
import { type Format, percentOf } from "./language/format.ts";
import { sparkline } from "./sparkline.ts";
import type { Motion } from "./transfer-list.ts";
import { bar } from "./transfer-row.ts";

/** What it takes to draw the head of the transfers. */
export interface HeadView {
  readonly t: Dictionary;
  readonly format: Format;
  readonly totals: Totals;
  /** When the server forgets the first unfinished upload. */
  readonly expires: Date | undefined;
  readonly motion: Motion;
  /** Whether rows wait for nothing but a click. */
  readonly asking: boolean;
  /** Whether rows are paused. */
  readonly paused: boolean;
  readonly speeds: readonly number[];
  readonly collapsed: boolean;
  readonly pauseAll: () => void;
  readonly resumeAll: () => void;
  readonly fold: () => void;
}

/** Draw the head of a list without transfers. */
export function emptyHead(t: Dictionary): TemplateResult {
  return html`<header class="empty"><h2>${t.noTransfers}</h2><p class="muted">${t.noTransfersHint}</p></header>`;
}

/** Draw the sum of all transfers: how many, how far, how fast, how long. */
export function transfersHead(view: HeadView): TemplateResult {
  const { t, format, totals, speeds } = view;
  const open = totals.active + totals.waiting;
  const percent = format.percent(totals.confirmed, totals.size);
  const timeLeft = totals.secondsLeft === undefined || open === 0 ? undefined : format.timeLeft(totals.secondsLeft);
  const speed = totals.speed > 0 && open > 0 ? format.speed(totals.speed) : undefined;
  const spoken = t.percentSpoken(String(percentOf(totals.confirmed, totals.size)));
  const allThere = open + totals.failed + totals.needsFile === 0;
  // What was cancelled is no progress of anything.
  const isNone = totals.size === 0 && totals.done === 0;
  const pill = isNone ? nothing : html`<span class="pill muted">${percent}</span>`;
  const head = html`<div class="line"><h2 class="grow">${headline(view)}</h2>${pill}${buttons(view)}</div>`;
  if (isNone) return html`<header>${head}</header>`;
  return html`<header class=${allThere ? "done" : view.motion === "moving" ? "" : "still"}>
    ${head}
    ${bar(totals, { label: t.total, valueText: timeLeft === undefined ? spoken : `${spoken}, ${timeLeft}` })}
    <p class="line muted">
      <span class="grow">${format.bytesOf(totals.confirmed, totals.size)} · ${percent}</span>
      ${open === 0 || view.motion !== "moving" ? nothing : sparkline(speeds)}
      <span>${[speed, timeLeft].filter((part) => part !== undefined).join(" · ")}</span>
    </p>
  </header>`;
}

/** Draw the answer to "may I close this tab?", and what is kept until when. */
export function tabLine({ t, format, totals, expires }: HeadView): TemplateResult {
  const kept = totals.confirmed === 0 ? undefined : format.percent(totals.confirmed, totals.size);
  const until = expires === undefined ? undefined : format.until(expires);
  const left = totals.active + totals.waiting + totals.needsFile + totals.failed;
  const ended = totals.done > 0 ? t.mayCloseDone : "";
  const why = left === 0 ? ended : t.mayCloseKept(kept, until);
  return totals.mayClose
    ? notice("free", { mark: "unlock", head: t.mayClose, why })
    : notice("hold", { mark: "lock", head: t.keepOpen, why: t.keepOpenWhy(kept, until) });
}

function notice(kind: "free" | "hold", words: { mark: IconName; head: string; why: string }): TemplateResult {
  return html`<p class="notice ${kind}" data-may-close=${kind === "free"}>
    ${icon(words.mark)}<span><strong>${words.head}</strong> ${words.why}</span>
  </p>`;
}

function headline({ totals, motion, t }: HeadView): string {
  const open = totals.active + totals.waiting;
  const trouble = totals.failed + totals.needsFile;
  if (motion === "offline") return t.states.offline;
  if (open > 0 && (!totals.mayClose || totals.elsewhere > 0)) {
    const { down = 0 } = totals;
    return down === 0 ? t.sending(open) : down === open ? t.receiving(open) : t.transferring(open);
  }
  if (trouble > 0) return t.needAttention(trouble);
  if (open > 0) return t.stopped(open);
  return totals.done > 0 ? t.allArrived(totals.done) : t.noTransfers;
}

function buttons(view: HeadView): (TemplateResult | typeof nothing)[] {
  const { t, totals, collapsed } = view;
  const open = totals.active + totals.waiting;
  const mayGo = open > 0 || view.asking;
  return [
    mayGo && !totals.mayClose
      ? iconButton("pause", { label: t.pauseAll, action: "pause", click: view.pauseAll })
      : nothing,
    // What was under way when all were paused may still be: small files go in batches, which end by themselves.
    mayGo && (totals.mayClose || view.paused) && totals.elsewhere < open
      ? iconButton("play", { label: t.resumeAll, action: "resume", click: view.resumeAll })
      : nothing,
    html`<button class="bare" aria-expanded=${!collapsed} aria-label=${collapsed ? t.expand : t.collapse} title=${collapsed ? t.expand : t.collapse} @click=${view.fold}>
      ${icon(collapsed ? "chevronUp" : "chevronDown")}
    </button>`,
  ];
}

function iconButton(mark: IconName, of: { label: string; action: string; click: () => void }): TemplateResult {
  return html`<button class="bare" data-action-all=${of.action} aria-label=${of.label} title=${of.label} @click=${of.click}>${icon(mark)}</button>`;
}
