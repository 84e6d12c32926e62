/** One transfer of the window's list. */

import { bar, type Format, icon } from "@naru/elements/design";
import { html, nothing, type TemplateResult } from "lit";
import type { TransferView } from "../../transfers/transfer-view.ts";
import type { WindowWords } from "./words.ts";
import type { PageWords } from "./words-of.ts";

/** What a transfer's buttons do. */
export type ItemAction = "pause" | "resume" | "retry" | "cancel" | "remove" | "up" | "down" | "choose";

export interface ItemView {
  readonly transfer: TransferView;
  readonly position: number;
  readonly count: number;
  /** How many are not over; they come first. */
  readonly open: number;
  readonly isChosen: boolean;
  readonly t: PageWords;
  readonly w: WindowWords;
  readonly format: Format;
  readonly act: (action: ItemAction, transfer: TransferView) => void;
}

type Shown = "pause" | "resume" | "retry" | "cancel" | "remove" | "choose";

const going: readonly Shown[] = ["pause", "cancel"];
const actionsOf: Readonly<Record<TransferView["state"], readonly Shown[]>> = {
  waiting: going,
  scheduled: going,
  "needs-file": ["choose", "cancel"],
  checking: going,
  uploading: going,
  offline: going,
  verifying: going,
  paused: ["resume", "cancel"],
  done: ["remove"],
  failed: ["retry", "remove"],
  cancelled: ["retry", "remove"],
};

const iconOf = {
  pause: "pause",
  resume: "play",
  retry: "play",
  cancel: "close",
  remove: "broom",
  choose: "file",
} as const;

/** Tell whether a transfer is over, well or not. */
export function isOver({ state }: TransferView): boolean {
  return state === "done" || state === "failed" || state === "cancelled";
}

/** Tell what the space bar does to a transfer. */
export function toggleOf(transfer: TransferView): "pause" | "resume" | "retry" | undefined {
  return actionsFor(transfer).find((one) => one === "pause" || one === "resume" || one === "retry");
}

/** Draw a transfer. */
export function transferItem(view: ItemView): TemplateResult {
  const { transfer, position, count, isChosen, t } = view;
  const { id, name, state, confirmed, inFlight, size } = transfer;
  const valueText = `${t.percentSpoken(String(size === 0 ? 100 : Math.floor((confirmed / size) * 100)))}, ${t.agent.states[state]}`;
  return html`<li
    class="item ${state}"
    data-id=${id}
    data-state=${state}
    data-confirmed=${confirmed}
    tabindex=${isChosen ? 0 : -1}
    aria-setsize=${count}
    aria-posinset=${position + 1}
    aria-label="${name}, ${t.agent.states[state]}"
  >
    <div class="line">
      <span class="name" title=${transfer.file ?? transfer.path}>${name}</span>
      <span class="acts">${orderButtons(view)}${actionsFor(transfer).map((action) => button(action, view))}</span>
    </div>
    <p class="to" title=${transfer.to}>${icon("chevronRight")}<span>${transfer.to}</span></p>
    ${bar({ confirmed, inFlight: state === "uploading" ? inFlight : 0, size }, { label: name, valueText })}
    <p class="detail">${detail(view)}</p>
  </li>`;
}

/** What a server's page feeds is chosen there, not here. */
function actionsFor({ state, owner }: TransferView): readonly Shown[] {
  return state === "needs-file" && owner !== undefined ? ["cancel"] : actionsOf[state];
}

function orderButtons({ transfer, position, open, w, act }: ItemView): TemplateResult | typeof nothing {
  if (isOver(transfer) || open < 2) return nothing;
  const { name } = transfer;
  const one = (action: "up" | "down", label: string, isEnd: boolean): TemplateResult =>
    html`<button class="bare order" tabindex="-1" data-action=${action} aria-label=${label} title=${label} ?disabled=${isEnd} @click=${() => act(action, transfer)}>${icon(action === "up" ? "chevronUp" : "chevronDown")}</button>`;
  return html`${one("up", w.moveUp(name), position === 0)}${one("down", w.moveDown(name), position === open - 1)}`;
}

function button(action: Shown, { transfer, t, w, act }: ItemView): TemplateResult {
  const { name } = transfer;
  const labels = {
    pause: t.pause(name),
    resume: t.resume(name),
    retry: t.retry(name),
    cancel: t.stop(name),
    remove: w.takeOff(name),
    choose: t.choose(name),
  };
  const label = labels[action];
  const click = (): void => act(action, transfer);
  const words = { resume: t.resumeDo, retry: t.retryDo, choose: t.chooseDo };
  return action === "resume" || action === "retry" || action === "choose"
    ? html`<button class="small" data-action=${action} aria-label=${label} @click=${click}>${words[action]}</button>`
    : html`<button class="bare" data-action=${action} aria-label=${label} title=${label} @click=${click}>${icon(iconOf[action])}</button>`;
}

function detail(view: ItemView): string | TemplateResult {
  const { transfer, t, w, format } = view;
  const { state, confirmed, size, speed, secondsLeft, unfed, error, owner } = transfer;
  const amount = format.bytesOf(confirmed, size);
  const page = owner === undefined ? undefined : w.fromPage(owner);
  const feeding = unfed > 0 ? w.stillNeeds(format.bytes(unfed)) : undefined;
  switch (state) {
    case "uploading": {
      const left = secondsLeft === undefined ? undefined : format.timeLeft(secondsLeft);
      const facts = joined(amount, speed > 0 ? format.speed(speed) : undefined, left, feeding, page);
      return html`${facts}${reason(view)}`;
    }
    case "done":
      return html`<span class="ok">${t.agent.states.done}</span> ${joined("", format.bytes(size), verified(view), page)}`;
    case "failed": {
      const { what, todo } = adviceOn(error, view);
      const safe = confirmed > 0 ? t.keptSoFar(format.percent(confirmed, size)) : t.nothingLost;
      return html`<strong title=${error?.message ?? ""}>${what}</strong> ${safe} ${todo}`;
    }
    case "offline":
      return html`${joined(t.agent.states.offline, amount, t.offlineWhy, feeding)}${reason(view)}`;
    case "needs-file":
      return joined(t.agent.states["needs-file"], amount, owner === undefined ? t.needsFile : page);
    default: {
      const facts = joined(t.agent.states[state], confirmed > 0 ? amount : format.bytes(size), feeding, page);
      return html`${facts}${reason(view)}`;
    }
  }
}

/** Why it waits: in the user's words, and what was said of it exactly. */
function reason(view: ItemView): TemplateResult | typeof nothing {
  const { error } = view.transfer;
  if (error === undefined) return nothing;
  const { what } = waitOn(error, view);
  return html`<span class="reason"><strong>${what}</strong> ${error.message}</span>`;
}

/** What hinders it before the far side is asked is this computer's: its disk. */
function waitOn(error: NonNullable<TransferView["error"]>, view: ItemView): { what: string } {
  if (view.transfer.state === "offline") return adviceOn(error, view);
  if (error.code === "no-space") return { what: view.w.diskFull };
  return error.code === "unavailable" ? { what: view.w.diskMissing } : adviceOn(error, view);
}

function adviceOn(error: TransferView["error"], { t, w }: ItemView): { what: string; todo: string } {
  const { code, message } = error ?? { code: "internal", message: "" };
  if (code === "unauthenticated") return w.refused;
  return code === "forbidden" && / its host key /.test(message) ? w.otherKey : t.failures[code];
}

/** A plain server compares sizes only; a Naru site compares checksums. */
function verified({ transfer, t }: ItemView): string | undefined {
  return /^https?:/.test(transfer.to) ? t.verifiedWhy : undefined;
}

function joined(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(" · ");
}
