import { type CSSResult, css } from "lit";

/** How `<naru-drop-box>` looks. */
export const dropBoxStyle: CSSResult = css`
  :host { display: grid; gap: 16px; }
  .limits { margin: 0; color: var(--muted); font-size: 14px; }
  .refused { padding: 12px 16px; border-radius: 12px; background: var(--warn-soft); color: var(--warn); font-size: 14px; }
  .refused ul { margin: 4px 0 0; padding-left: 18px; }
  .refused li { overflow-wrap: anywhere; }
  naru-transfers:not([busy]) { display: none; }
  .receipt { background: var(--surface); border: 1px solid var(--line); border-radius: 14px; padding: 18px 20px; }
  .head { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; justify-content: space-between; }
  h2 { margin: 0; font-size: 17px; font-weight: 650; }
  .receipt p { margin: 8px 0 0; }
  .receipt p .icon { color: var(--ok); margin-right: 6px; vertical-align: -4px; }
  .receipt ul { list-style: none; margin: 12px 0 0; padding: 0; }
  .receipt li { display: flex; flex-wrap: wrap; gap: 2px 12px; justify-content: space-between; padding: 8px 0; border-top: 1px solid color-mix(in srgb, var(--line) 70%, transparent); }
  .name { font-weight: 560; overflow-wrap: anywhere; }
  code { font: 12.5px ui-monospace, "Cascadia Mono", Consolas, monospace; overflow-wrap: anywhere; }
  .small { display: flex; gap: 8px; margin: 0; color: var(--muted); font-size: 13px; }
  .small .icon { width: 16px; height: 16px; margin-top: 2px; }
`;
