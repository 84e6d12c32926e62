import { type CSSResult, css } from "lit";

/** How `<naru-agent>` looks: as the list of transfers beside it. */
export const agentStyle: CSSResult = css`
  :host { display: block; }
  section { background: var(--raised); border: 1px solid var(--line); border-radius: 14px; overflow: hidden; margin-bottom: 12px; }
  header { display: flex; align-items: center; justify-content: space-between; padding: 8px 10px 4px 16px; }
  h2 { display: flex; gap: 8px; align-items: center; margin: 0; font-size: 16px; font-weight: 650; }
  p { margin: 0; }
  .step { padding: 4px 16px 14px; }
  .step p { margin-bottom: 8px; font-size: 13px; line-height: 1.45; }
  .button { display: inline-flex; align-items: center; min-height: 34px; padding: 2px 12px; margin-right: 6px; border: 1px solid var(--line-strong); border-radius: 8px; color: var(--text); text-decoration: none; font-size: 13px; cursor: pointer; }
  form { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; margin-top: 10px; font-size: 13px; }
  form input { width: 8em; }
  .code { display: block; font-size: 28px; font-weight: 650; letter-spacing: 0.12em; font-variant-numeric: tabular-nums; margin: 4px 0 10px; }
  .bad { color: var(--bad); padding: 0 16px 10px; font-size: 13px; }
  .row { padding: 5px 10px 8px 16px; border-top: 1px solid color-mix(in srgb, var(--line) 70%, transparent); }
  .line { display: flex; align-items: center; min-height: 34px; }
  .name { flex: 1; min-width: 0; font-weight: 570; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .muted { color: var(--muted); font-size: 13px; }
  .bar { display: block; width: calc(100% - 6px); height: 6px; border-radius: 3px; overflow: hidden; margin: 1px 0 4px; }
  .bar .track { fill: var(--track); }
  .bar .flying { fill: color-mix(in srgb, var(--accent) 40%, transparent); }
  .bar .kept { fill: var(--accent); }
  .done .kept { fill: var(--ok); }
  .failed .kept { fill: var(--bad); }
  .notice { display: flex; gap: 10px; font-size: 13px; line-height: 1.45; padding: 10px 16px; }
  .notice.hold { background: var(--accent-soft); }
  .notice.free { background: color-mix(in srgb, var(--ok) 10%, var(--raised)); }
`;
