/** The list of transfers, and the zone that takes files. */

import { icon } from "@naru/elements/design";
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { TransferView } from "../../transfers/transfer-view.ts";
import { keyAction } from "./list-keys.ts";
import { type ItemAction, isOver, transferItem } from "./transfer-item.ts";
import type { WindowModel } from "./window-model.ts";

/** Draw the view. */
export function transfersView(model: WindowModel): TemplateResult {
  const { w, unfed, isPicking, isDraggedOver, list } = model;
  return html`
    <div class="drop">
      <button class="primary" data-action="add" ?disabled=${isPicking} @click=${() => void model.pick()}>${icon("upload")}${isPicking ? w.choosing : w.chooseFiles}</button>
      <span class="muted">${isDraggedOver ? w.dropNow : w.dropHere}</span>
    </div>
    ${unfed > 0 ? html`<p class="notice hold">${icon("lock")}<span>${w.keepWindow(model.format.bytes(unfed))}</span></p>` : nothing}
    ${list.length === 0 ? html`<section class="card empty"><h2>${w.empty}</h2><p class="muted">${w.emptyHint}</p></section>` : listCard(model)}
  `;
}

function listCard(model: WindowModel): TemplateResult {
  const { list, w, t, format } = model;
  const current = list.some(({ id }) => id === model.current) ? model.current : list[0]?.id;
  const { open } = model;
  const act = (action: ItemAction, transfer: TransferView): void => void doAction(model, action, transfer);
  const focused = (event: FocusEvent): void => {
    const item = event.target instanceof Element ? event.target.closest("li") : null;
    if (item !== null) model.set({ current: item.dataset["id"] });
  };
  return html`<section class="card" aria-labelledby="list-title">
    <div class="head">
      <h2 id="list-title">${w.transfers}</h2>
      <span class="muted grow">${w.summary(open.length, list.length)}</span>
      ${headButtons(model)}
    </div>
    <ul aria-labelledby="list-title" aria-describedby="keys" @keydown=${(event: KeyboardEvent) => pressed(event, model)} @focusin=${focused}>
      ${repeat(
        list,
        ({ id }) => id,
        (transfer, position) => {
          const place = {
            transfer,
            position,
            count: list.length,
            open: open.length,
            isChosen: transfer.id === current,
          };
          return transferItem({ ...place, t, w, format, act });
        },
      )}
    </ul>
  </section>`;
}

function headButtons(model: WindowModel): TemplateResult {
  const { list, w } = model;
  const paused = list.filter(({ state }) => state === "paused");
  const going = list.filter((one) => !isOver(one) && one.state !== "paused");
  const ended = list.filter(({ state }) => state === "done" || state === "cancelled");
  const one = (command: string, words: string, of: readonly TransferView[]): TemplateResult | typeof nothing =>
    of.length === 0
      ? nothing
      : html`<button data-all=${command} @click=${() => void model.command(command, ...of)}>${words}</button>`;
  return html`${going.length > 0 ? one("pause", w.pauseAll, going) : one("resume", w.resumeAll, paused)}${one("remove", w.clearDone, ended)}`;
}

async function doAction(model: WindowModel, action: ItemAction, transfer: TransferView): Promise<void> {
  model.set({ current: transfer.id });
  if (action === "cancel") model.set({ cancelling: transfer });
  else if (action === "choose") chooseAgain(model, transfer);
  else if (action === "up" || action === "down") await model.move(transfer, action === "up" ? -1 : 1);
  else await model.command(action, transfer);
}

function pressed(event: KeyboardEvent, model: WindowModel): void {
  const item = event.target;
  // Keys are the item's own: inside it, buttons have theirs.
  if (!(item instanceof HTMLElement) || item.localName !== "li") return;
  const transfer = model.transfers.get(item.dataset["id"] ?? "");
  const action = transfer === undefined ? undefined : keyAction(event, transfer);
  if (transfer === undefined || action === undefined) return;
  event.preventDefault();
  if (action === "next" || action === "previous") {
    const other = action === "next" ? item.nextElementSibling : item.previousElementSibling;
    if (other instanceof HTMLElement) other.focus();
  } else void doAction(model, action, transfer);
}

function chooseAgain(model: WindowModel, transfer: TransferView): void {
  const input = document.createElement("input");
  input.type = "file";
  input.addEventListener("change", () => {
    const [file] = input.files ?? [];
    if (file !== undefined) void model.feedAgain(transfer, file);
  });
  input.click();
}
