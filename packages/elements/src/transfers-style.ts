import { type CSSResult, css } from "lit";

/** How `<naru-transfers>` looks. */
export const transfersStyle: CSSResult = css`
  :host { display: block; min-height: 0; }
  section { position: relative; display: flex; flex-direction: column; max-height: inherit; min-height: 0; background: var(--raised); border: 1px solid var(--line); border-radius: 14px; overflow: hidden; }
  header { padding: 12px 10px 12px 16px; }
  header > .bar, header > p { margin-right: 6px; }
  header.empty { padding: 40px 24px; text-align: center; }
  h2 { margin: 0; font-size: 16px; font-weight: 650; letter-spacing: -0.01em; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  p { margin: 0; }
  .line { display: flex; align-items: center; gap: 2px; min-width: 0; }
  p.line { gap: 12px; }
  p.line > span { white-space: nowrap; }
  .spark { width: 64px; height: 18px; flex: none; fill: none; stroke: var(--accent); stroke-width: 1.5; stroke-linejoin: round; vector-effect: non-scaling-stroke; opacity: 0.8; }
  .body { display: flex; flex-direction: column; min-height: 0; flex: 1; }
  .bar { display: block; width: 100%; height: 8px; border-radius: 4px; overflow: hidden; margin: 6px 0; }
  header .bar { width: calc(100% - 6px); }
  .bar .track { fill: var(--track); }
  .bar .flying { fill: color-mix(in srgb, var(--accent) 40%, transparent); }
  .bar .kept { fill: var(--accent); }
  .notice { display: flex; gap: 10px; align-items: flex-start; font-size: 13px; line-height: 1.45; padding: 10px 16px; }
  .notice .icon { margin-top: 1px; width: 17px; height: 17px; }
  .notice.hold { background: var(--accent-soft); }
  .notice.free { background: color-mix(in srgb, var(--ok) 10%, var(--raised)); }
  .notice.warn { background: var(--warn-soft); color: var(--warn); }
  .tabs { display: flex; gap: 2px; padding: 8px 10px; border-bottom: 1px solid var(--line); }
  .tabs button { border: 0; background: none; color: var(--muted); padding: 4px 10px; min-height: 34px; font-size: 13px; font-weight: 500; gap: 5px; }
  .tabs button[aria-selected="true"] { color: var(--text); background: color-mix(in srgb, var(--muted) 15%, transparent); font-weight: 650; }
  .scroller { overflow: auto; flex: 0 1 auto; min-height: 0; overscroll-behavior: contain; contain: content; }
  .rows { position: relative; }
  .row { position: absolute; inset: 0 0 auto; padding: 5px 10px 0 16px; border-bottom: 1px solid color-mix(in srgb, var(--line) 70%, transparent); contain: strict; }
  .row:last-child { border-bottom-color: transparent; }
  .row .line { min-height: 34px; }
  .row .bar { margin: 1px 0 4px; width: calc(100% - 6px); height: 6px; border-radius: 3px; }
  .name { flex: 1; min-width: 0; font-weight: 570; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .name .icon { width: 16px; height: 16px; margin-right: 6px; vertical-align: -2px; color: var(--muted); }
  .name a { display: inline-block; max-width: 100%; min-height: 24px; line-height: 24px; overflow: hidden; text-overflow: ellipsis; vertical-align: bottom; color: inherit; text-decoration: none; }
  .name a:hover { text-decoration: underline; }
  .under { display: flex; align-items: start; gap: 8px; margin-right: 6px; }
  .under .detail { flex: 1; min-width: 0; margin-right: 0; }
  .where { display: inline-flex; align-items: center; gap: 4px; flex: none; max-width: 36%; min-height: 24px; margin-top: -2px; border-radius: 6px; color: var(--muted); font-size: 13px; text-decoration: none; }
  .where .icon { width: 14px; height: 14px; }
  .where span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .where:hover { color: var(--text); text-decoration: underline; }
  .group { background: color-mix(in srgb, var(--muted) 5%, var(--raised)); padding-left: 6px; }
  .group .bar { width: calc(100% - 16px); }
  .group .bar, .group .under { margin-left: 10px; }
  .row.inner { padding-left: 40px; }
  .row[data-drop="above"] { box-shadow: inset 0 2px var(--accent); }
  .row[data-drop="below"] { box-shadow: inset 0 -2px var(--accent); }
  .row[draggable="true"] { cursor: grab; }
  .menu { position: fixed; inset: auto; margin: 0; padding: 6px; border: 1px solid var(--line); border-radius: 10px; background: var(--raised); color: var(--text); box-shadow: var(--shadow); }
  .menu button { display: flex; width: 100%; justify-content: flex-start; border: 0; background: none; }
  .menu button:not(:disabled):hover { background: var(--accent-soft); }
  .back { background: var(--accent-soft); border-top: 1px solid var(--line); }
  .back.over { outline: 2px dashed var(--accent); outline-offset: -4px; }
  .back .ways { display: flex; flex-wrap: wrap; gap: 6px; margin-top: 8px; }
  footer { display: flex; flex-wrap: wrap; gap: 6px; padding: 8px 12px; border-top: 1px solid var(--line); }
  footer:not(:has(button)) { display: none; }
  .acts { display: flex; align-items: center; flex: none; }
  .detail { color: var(--muted); font-size: 13px; line-height: 1.45; margin-right: 6px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .spoken .detail { white-space: normal; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; line-height: 1.4; }
  .detail strong { font-weight: 600; color: var(--bad); }
  .code { flex: none; min-height: 24px; padding: 0 7px; font-size: 12px; font-weight: 500; color: var(--muted); border-color: var(--line); border-radius: 6px; user-select: text; }
  .small { min-height: 34px; padding: 2px 12px; font-size: 13px; margin-right: 2px; }
  .still .kept, .paused .kept, .waiting .kept, .cancelled .kept, .offline .kept { fill: var(--muted); }
  .offline .detail { color: var(--warn); }
  .failed .kept { fill: var(--bad); }
  .needs-file .kept { fill: var(--warn); }
  .done .kept { fill: var(--ok); }
  .cancelled .name { color: var(--muted); text-decoration: line-through; }
  .verified { display: inline-flex; align-items: center; gap: 3px; color: var(--ok); font-size: 13px; font-weight: 550; padding-right: 6px; }
  .none { padding: 28px 16px; text-align: center; }
  .pill { display: none; margin-left: 8px; }
  @media (max-width: 1000px) {
    :host([collapsed]) section { border-radius: 24px; border-width: 1px; padding-bottom: 0; }
    :host([collapsed]) header { padding: 6px 8px 6px 20px; }
    :host([collapsed]) header > .bar, :host([collapsed]) header > p { display: none; }
    :host([collapsed]) .pill { display: inline; }
  }
  @media (max-width: 640px) {
    :host(:not([collapsed])) section { border-radius: 18px 18px 0 0; border-width: 1px 0 0; padding-bottom: env(safe-area-inset-bottom); }
    header.empty, .spark { display: none; }
  }
  :host([placeless]) .where { display: none; }
`;
