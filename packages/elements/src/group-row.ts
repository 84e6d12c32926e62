import { html, nothing, type TemplateResult } from "lit";
import { icon } from "./icons.ts";
import { type Format, percentOf } from "./language/format.ts";
import type { TransfersDictionary } from "./language/transfers-words.ts";
import { styleProperties } from "./style-properties.ts";
import type { TransferGroup } from "./transfer-group.ts";
import { motionOf } from "./transfer-list.ts";
import { bar, rowHeights } from "./transfer-row.ts";
import { whereLink } from "./where-link.ts";

/** What a group's buttons do. */
export type GroupAction = "fold" | "pause" | "resume" | "retry" | "choose" | "cancel" | "menu";

/** What it takes to draw a group. */
export interface GroupView {
  readonly group: TransferGroup;
  readonly top: number;
  readonly position: number;
  readonly count: number;
  readonly t: TransfersDictionary;
  readonly format: Format;
  readonly isUnfolded: boolean;
  /** Whether there is another place in the queue for it. */
  readonly canMove: boolean;
  readonly act: (action: GroupAction, group: TransferGroup) => void;
}

/** Name a group: by its folder, else by how many files it has. */
export function groupName(group: TransferGroup, t: TransfersDictionary): string {
  return group.folder ?? t.filesCount(group.rows.size);
}

/** Draw files that were chosen together as one row. */
export function groupRow(view: GroupView): TemplateResult {
  const { group, t, isUnfolded, canMove, act } = view;
  const { tally } = group;
  const name = groupName(group, t);
  const label = isUnfolded ? t.foldGroup(name) : t.unfoldGroup(name);
  const spoken = `${t.percentSpoken(String(percentOf(tally.confirmed, tally.size)))}, ${detail(view)}`;
  return html`<div class="row group ${toneOf(group)}" role="listitem" aria-setsize=${view.count} aria-posinset=${view.position + 1}
    draggable=${canMove ? "true" : "false"} data-key=${group.id} data-group=${group.id} data-path=${group.path} data-group-state=${toneOf(group)} data-files=${group.rows.size}
    ${styleProperties({ transform: `translateY(${view.top}px)`, height: `${rowHeights.plain}px` })}>
    <div class="line">
      <button class="bare fold" data-action="fold" aria-expanded=${isUnfolded} aria-label=${label} title=${label} @click=${() => act("fold", group)}>${icon(isUnfolded ? "chevronDown" : "chevronRight")}</button>
      <span class="name" title=${group.path === "" ? name : group.path}>${group.folder === undefined ? nothing : icon("folder")}${name}</span>
      <span class="acts">${buttons(view, name)}</span>
    </div>
    ${bar(tally, { label: t.progressOf(name), valueText: spoken })}
    <div class="under"><p class="detail" title=${detail(view)}>${detail(view)}</p>${whereLink(group.to ?? group.path, t)}</div>
  </div>`;
}

function buttons({ group, t, canMove, act }: GroupView, name: string): (TemplateResult | typeof nothing)[] {
  const { tally } = group;
  const going = tally.count("scanning", "checking", "uploading", "downloading", "offline", "waiting") - tally.elsewhere;
  const open = going + tally.count("paused", "failed", "needs-file", "verifying");
  const word = (action: GroupAction, text: string, label: string): TemplateResult =>
    html`<button class="small" data-action=${action} aria-label=${label} @click=${() => act(action, group)}>${text}</button>`;
  const sign = (action: GroupAction, mark: Parameters<typeof icon>[0], label: string): TemplateResult =>
    html`<button class="bare" data-action=${action} aria-label=${label} title=${label} @click=${() => act(action, group)}>${icon(mark)}</button>`;
  const wants = tally.count("needs-file") > tally.asking.size;
  if (open <= 0) {
    return [
      tally.count("done") === 0
        ? nothing
        : html`<span class="verified" title=${t.verifiedWhy}>${icon("check")}${t.verified}</span>`,
    ];
  }
  return [
    tally.count("failed") > 0 ? word("retry", t.retryDo, t.retry(name)) : nothing,
    wants ? word("choose", t.chooseDo, t.choose(name)) : nothing,
    !wants && tally.asking.size > 0 ? word("resume", t.resumeDo, t.resume(name)) : nothing,
    canMove ? sign("menu", "order", t.moveInQueue(name)) : nothing,
    going > 0 ? sign("pause", "pause", t.pause(name)) : nothing,
    going <= 0 && tally.count("paused") > 0 ? sign("resume", "play", t.resume(name)) : nothing,
    sign("cancel", "close", t.stop(name)),
  ];
}

/** How many, how many of them have arrived or need somebody, how fast, how long. */
function detail({ group, t, format }: GroupView): string {
  const { tally, rows } = group;
  const trouble = tally.count("failed", "needs-file");
  const done = tally.count("done");
  const moves = motionOf(tally) === "moving";
  return [
    group.folder === undefined ? undefined : t.filesCount(rows.size),
    trouble > 0 ? t.needAttention(trouble) : undefined,
    format.bytesOf(tally.confirmed, tally.size),
    done > 0 && done < rows.size ? t.arrivedCount(done) : undefined,
    moves && tally.speed > 0 ? format.speed(tally.speed) : undefined,
    moves && tally.secondsLeft !== undefined ? format.timeLeft(tally.secondsLeft) : undefined,
    moves || done === rows.size ? undefined : stillWords(group, t),
  ]
    .filter((part) => part !== undefined)
    .join(" · ");
}

function stillWords({ tally }: TransferGroup, t: TransfersDictionary): string | undefined {
  if (tally.count("offline") > 0) return t.states.offline;
  return tally.count("paused") > 0 ? t.states.paused : undefined;
}

function toneOf({ tally }: TransferGroup): string {
  const motion = motionOf(tally);
  if (motion === "offline") return "offline";
  if (motion === "moving")
    return tally.count("waiting") > 0 && tally.count("uploading", "downloading") === 0 ? "waiting" : "uploading";
  if (tally.count("failed") > 0) return "failed";
  if (tally.count("needs-file") > 0) return "needs-file";
  if (tally.count("paused") > 0) return "paused";
  return tally.count("done") > 0 ? "done" : "cancelled";
}
