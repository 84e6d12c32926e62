import type { TransferRow } from "@naru/client/browser";
import { doorName, type FailureCode, MiB } from "@naru/core";
import { html, nothing, svg, type TemplateResult } from "lit";
import { downloadPart } from "./download-part.ts";
import { type IconName, icon } from "./icons.ts";
import { percentOf } from "./language/format.ts";
import type { TransfersDictionary } from "./language/transfers-words.ts";
import type { ButtonAction, RowView } from "./row-view.ts";
import { styleProperties } from "./style-properties.ts";
import { supportCode } from "./support-code.ts";
import { addressOf, whereLink } from "./where-link.ts";

/** What is smaller has arrived before the agent is found. */
const leastForAgent = 32 * MiB;

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
      ${nameCell(view)}
      ${codeButton(view)}
      <span class="acts">${downloadPart(row)?.buttons(view) ?? nothing}${row.elsewhere ? takeBackButton(view) : buttonsOf(view)}</span>
    </div>
    ${bar(onTheWay(row), { label: (downloadPart(row) ?? t).progressOf(nameOf(row)), valueText: `${t.percentSpoken(String(percentOf(row.confirmed, row.size)))}, ${t.states[row.state]}` })}
    <div class="under"><p class="detail" title=${wayOf(view)}>${downloadPart(row)?.detail(row, view) ?? detail(view)}</p>${whereLink(row.storedPath ?? row.path, t, { within: view.within })}</div>
  </div>`;
}

/** Its name; what has arrived is a click away. */
function nameCell({ row, t, opens }: RowView): TemplateResult {
  const path = row.storedPath ?? row.path;
  const name = nameOf(row);
  if (row.state !== "done" || !opens) return html`<span class="name" title=${path}>${name}</span>`;
  // The copy of a download may have got another name; the file has its own.
  const at = row.direction === "down" ? row.path : path;
  return html`<span class="name"><a data-action="open-file" href=${addressOf(at)} title=${path} aria-label=${t.openFile(name)}>${name}</a></span>`;
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
  offline: ["agent", "retry", "pause", "cancel"],
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
  const own = downloadPart(row)?.actions(row);
  if (own !== undefined) return own;
  if (row.direction === "down") return actionsOf[row.state].filter((action) => action !== "agent");
  if (row.state === "needs-file" && row.needs === "sender") return ["cancel"];
  // Trying again with a changed file would fail again.
  if (row.state === "failed" && row.error?.code === "file-changed") return ["choose", "cancel"];
  return actionsOf[row.state];
}

function buttonsOf({ row, t, canMove, act }: RowView): TemplateResult | TemplateResult[] {
  const part = downloadPart(row);
  if (row.state === "done" && part !== undefined) return [];
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
  const own = actionsFor(row).filter((action) => action !== "agent" || suitsAgent(row));
  const actions: readonly ButtonAction[] = canMove && row.state === "waiting" ? ["menu", ...own] : own;
  return actions.map((action) => {
    const own = part?.label(action, row);
    const label = own?.label ?? labels[action](row.name);
    const click = (): void => act(action, row);
    const isBare = action === "cancel" || action === "pause" || action === "agent" || action === "menu";
    return stopped && !isBare
      ? html`<button class="small" data-action=${action} aria-label=${label} @click=${click}>${own?.text ?? words[action]}</button>`
      : html`<button class="bare" data-action=${action} aria-label=${label} title=${label} @click=${click}>${icon(iconOf[action])}</button>`;
  });
}

/** What takes a while, and only where a desktop agent can be: on no phone. */
function suitsAgent({ size }: TransferRow): boolean {
  return size >= leastForAgent && !matchMedia("(hover: none) and (pointer: coarse)").matches;
}

/** What the agent carries on can be carried on here again. */
function takeBackButton({ row, t, act }: RowView): TemplateResult | typeof nothing {
  if (!row.taken || row.state === "done") return nothing;
  const label = t.sendHere(row.name);
  return html`<button class="small" data-action="browser" aria-label=${label} @click=${() => act("browser", row)}>${t.sendHereDo}</button>`;
}

/** Which way its bytes go now, and over how many connections. */
function wayOf({ row: { state, route, connections }, t }: RowView): string | typeof nothing {
  if (state !== "uploading" || route === undefined || connections === undefined) return nothing;
  return `${t.routes[route]} · ${t.connections(connections)}`;
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
        row.state === "uploading" && row.route !== undefined ? t.routes[row.route] : undefined,
      );
    case "paused":
      if (row.error !== undefined) return joined(t.failures[row.error.code].what, t.percentKept(percent));
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

/** What failed, in a code that an administrator can look up. */
function codeButton({ row, t, refused, act }: RowView): TemplateResult | typeof nothing {
  const code = refused ?? (row.state === "failed" ? (row.error?.code ?? "internal") : undefined);
  if (code === undefined || row.elsewhere) return nothing;
  const words = t.copyCode(supportCode(code));
  return html`<button class="code" data-action="copy-code" aria-label=${words} title=${words} @click=${() => act("copy-code", row)}>${supportCode(code)}</button>`;
}

/** What happened, what is safe, what to do. */
function sentence(
  row: TransferRow,
  code: FailureCode,
  { t, percent }: { t: TransfersDictionary; percent: string },
): TemplateResult {
  const { what, todo } = t.failures[code];
  const safe = row.confirmed > 0 ? t.keptSoFar(percent) : t.nothingLost;
  return html`<strong>${what}</strong> ${safe} ${todo}`;
}

function joined(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(" · ");
}
