import type { TransferRow } from "@naru/client/browser";
import { doorName, type FailureCode } from "@naru/core";
import { html, nothing, svg, type TemplateResult } from "lit";
import { type IconName, icon } from "./icons.ts";
import type { Dictionary } from "./language/dictionary.ts";
import { type Format, percentOf } from "./language/format.ts";
import { styleProperties } from "./style-properties.ts";
import { whereLink } from "./where-link.ts";

type ButtonAction = "pause" | "resume" | "cancel" | "retry" | "choose" | "agent" | "menu";
/** What a row's buttons do. */
export type RowAction = ButtonAction | "browser";

/** What it takes to draw a row. */
export interface RowView {
  readonly row: TransferRow;
  readonly top: number;
  /** Its place in the whole list, which the page holds only a window of. */
  readonly position: number;
  readonly count: number;
  readonly t: Dictionary;
  readonly format: Format;
  /** The path of the group that it is shown in. */
  readonly within?: string | undefined;
  /** Whether there is another place in the queue for it. */
  readonly canMove?: boolean;
  /** Why the file that was just chosen for it was refused. */
  readonly refused: FailureCode | undefined;
  readonly act: (action: RowAction, row: TransferRow) => void;
}

/** Heights are known without asking the page: plain rows, and rows with a sentence to read. */
export const rowHeights: { readonly plain: number; readonly spoken: number } = { plain: 76, spoken: 108 };

/** Tell how high a row is. */
export function heightOf(row: TransferRow, refused: FailureCode | undefined): number {
  return hasSentence(row, refused) ? rowHeights.spoken : rowHeights.plain;
}

/** Draw one row of the transfer list. */
export function transferRow(view: RowView): TemplateResult {
  const { row, t } = view;
  const trouble = hasSentence(row, view.refused);
  return html`<div
    class="row ${row.state} ${trouble ? "spoken" : ""} ${view.within === undefined ? "" : "inner"}"
    role="listitem"
    aria-setsize=${view.count}
    aria-posinset=${view.position + 1}
    draggable=${view.canMove && row.state === "waiting" ? "true" : "false"}
    data-key=${row.key}
    data-transfer=${row.id ?? ""}
    data-path=${row.path}
    data-state=${row.state}
    data-direction=${row.direction ?? "up"}
    data-confirmed=${row.confirmed}
    ${styleProperties({ transform: `translateY(${view.top}px)`, height: `${heightOf(row, view.refused)}px` })}
  >
    <div class="line">
      <span class="name" title=${row.storedPath ?? row.path}>${nameOf(row)}</span>
      <span class="acts">${row.elsewhere ? takeBackButton(view) : buttonsOf(view)}</span>
    </div>
    ${bar(onTheWay(row), { label: t.progressOf(nameOf(row)), valueText: `${t.percentSpoken(String(percentOf(row.confirmed, row.size)))}, ${t.states[row.state]}` })}
    <div class="under"><p class="detail">${detail(view)}</p>${whereLink(row.storedPath ?? row.path, t, { within: view.within })}</div>
  </div>`;
}

/** The name that the file has: where its own was taken, the one that it got. */
export function nameOf({ name, storedPath }: TransferRow): string {
  return storedPath === undefined ? name : storedPath.slice(storedPath.lastIndexOf("/") + 1);
}

/** Draw the two tones: what the store confirmed, and what is on its way. */
export function bar(
  amounts: { readonly confirmed: number; readonly inFlight: number; readonly size: number },
  { label, valueText }: { readonly label: string; readonly valueText: string },
): TemplateResult {
  const { confirmed, inFlight, size } = amounts;
  const share = (bytes: number): string => `${size === 0 ? 100 : Math.min(100, (bytes / size) * 100).toFixed(2)}%`;
  return html`<svg class="bar" role="progressbar" aria-label=${label} aria-valuemin="0" aria-valuemax="100"
    aria-valuenow=${percentOf(confirmed, size)} aria-valuetext=${valueText}>
    ${svg`<rect class="track" width="100%" height="100%" /><rect class="flying" width=${share(confirmed + inFlight)} height="100%" /><rect class="kept" width=${share(confirmed)} height="100%" />`}
  </svg>`;
}

/** What was on its way when a transfer stopped is sent again, so it is not shown. */
function onTheWay(row: TransferRow): TransferRow {
  return row.state === "uploading" || row.state === "downloading" ? row : { ...row, inFlight: 0 };
}

const actionsOf: Readonly<Record<TransferRow["state"], readonly ButtonAction[]>> = {
  scanning: ["pause", "cancel"],
  checking: ["agent", "pause", "cancel"],
  waiting: ["agent", "pause", "cancel"],
  uploading: ["agent", "pause", "cancel"],
  downloading: ["pause", "cancel"],
  offline: ["agent", "pause", "cancel"],
  paused: ["agent", "resume", "cancel"],
  verifying: ["cancel"],
  done: [],
  failed: ["agent", "retry", "cancel"],
  "needs-file": ["agent", "choose", "cancel"],
  cancelled: [],
};

const iconOf: Readonly<Record<ButtonAction, IconName>> = {
  pause: "pause",
  resume: "play",
  cancel: "close",
  retry: "play",
  choose: "file",
  agent: "computer",
  menu: "order",
};

function actionsFor(row: TransferRow): readonly ButtonAction[] {
  if (row.state === "needs-file" && row.needs === "permission") return ["resume", "cancel"];
  if (row.state === "needs-file" && row.needs === "sender") return ["cancel"];
  // Trying again with a changed file would fail again.
  if (row.state === "failed" && row.error?.code === "file-changed") return ["choose", "cancel"];
  return actionsOf[row.state];
}

function buttonsOf({ row, t, canMove, act }: RowView): TemplateResult | TemplateResult[] {
  if (row.state === "done")
    return html`<span class="verified" title=${t.verifiedWhy}>${icon("check")}${t.verified}</span>`;
  const labels = {
    pause: t.pause,
    resume: t.resume,
    cancel: t.stop,
    retry: t.retry,
    choose: t.choose,
    agent: t.sendWithAgent,
    menu: t.moveInQueue,
  };
  const words = { resume: t.resumeDo, retry: t.retryDo, choose: t.chooseDo };
  const stopped = row.state === "needs-file" || row.state === "failed";
  const actions = canMove && row.state === "waiting" ? (["menu", ...actionsFor(row)] as const) : actionsFor(row);
  return actions.map((action) => {
    const label = labels[action](row.name);
    const click = (): void => act(action, row);
    const isBare = action === "cancel" || action === "pause" || action === "agent" || action === "menu";
    return stopped && !isBare
      ? html`<button class="small" data-action=${action} aria-label=${label} @click=${click}>${words[action]}</button>`
      : html`<button class="bare" data-action=${action} aria-label=${label} title=${label} @click=${click}>${icon(iconOf[action])}</button>`;
  });
}

/** What the agent carries on can be carried on here again. */
function takeBackButton({ row, t, act }: RowView): TemplateResult | typeof nothing {
  if (!row.taken || row.state === "done") return nothing;
  const label = t.sendHere(row.name);
  return html`<button class="small" data-action="browser" aria-label=${label} @click=${() => act("browser", row)}>${t.sendHereDo}</button>`;
}

function hasSentence(row: TransferRow, refused: FailureCode | undefined): boolean {
  return refused !== undefined || row.state === "failed" || row.state === "needs-file";
}

function detail({ row, t, format, refused }: RowView): string | TemplateResult {
  const percent = format.percent(row.confirmed, row.size);
  if (row.elsewhere && row.state !== "done") {
    return joined(format.bytesOf(row.confirmed, row.size), row.taken ? t.agentSends : t.elsewhere);
  }
  if (refused !== undefined) return sentence(row, refused, { t, percent });
  switch (row.state) {
    case "uploading":
    case "downloading":
      return joined(
        format.bytesOf(row.confirmed, row.size),
        row.speed > 0 ? format.speed(row.speed) : undefined,
        row.secondsLeft === undefined ? undefined : format.timeLeft(row.secondsLeft),
      );
    case "paused":
      return joined(t.states.paused, t.percentKept(percent));
    case "offline":
      return joined(t.states.offline, t.percentKept(percent), t.offlineWhy);
    case "done":
      if (row.same) return joined(format.bytes(row.size), t.alreadyThere);
      return joined(format.bytes(row.size), row.storedPath === undefined ? t.verifiedWhy : t.nameTaken(row.name));
    case "failed":
      return sentence(row, row.error?.code ?? "internal", { t, percent });
    case "needs-file":
      if (row.needs === "sender")
        return joined(format.bytesOf(row.confirmed, row.size), t.arrivingBy(doorName(row.door ?? "sftp")));
      if (row.error !== undefined) return sentence(row, row.error.code, { t, percent });
      return html`${row.confirmed > 0 ? `${t.keptSoFar(percent)} ` : ""}${row.needs === "permission" ? t.needsPermission : t.needsFile}`;
    default:
      return joined(t.states[row.state], format.bytes(row.size));
  }
}

/** What happened, what is safe, what to do. */
function sentence(
  row: TransferRow,
  code: FailureCode,
  { t, percent }: { t: Dictionary; percent: string },
): TemplateResult {
  const { what, todo } = t.failures[code];
  const safe = row.confirmed > 0 ? t.keptSoFar(percent) : t.nothingLost;
  return html`<strong>${what}</strong> ${safe} ${todo}`;
}

function joined(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(" · ");
}
