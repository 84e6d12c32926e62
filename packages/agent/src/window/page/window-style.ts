import { type CSSResult, css } from "lit";

/** How the window looks: one column, made for a small window of its own. */
export const windowStyle: CSSResult = css`
  :host { display: flex; flex-direction: column; height: 100vh; height: 100dvh; background: var(--bg); }
  .top { display: flex; align-items: center; gap: 12px; padding: 8px 16px; border-bottom: 1px solid var(--line); background: var(--surface); flex: none; }
  .brand { display: inline-flex; align-items: center; gap: 9px; margin: 0; font-size: 17px; font-weight: 700; letter-spacing: -0.02em; white-space: nowrap; }
  .brand .icon { width: 24px; height: 24px; color: var(--accent); stroke-width: 1.4; }
  .switch { display: inline-flex; margin-left: auto; border-radius: 9px; padding: 2px; background: color-mix(in srgb, var(--muted) 13%, transparent); }
  .switch button { border: 0; background: none; color: var(--muted); min-height: 34px; padding: 2px 14px; font-size: 14px; border-radius: 7px; }
  .switch button[aria-pressed="true"] { background: var(--raised); color: var(--text); font-weight: 620; }
  main { flex: 1; min-height: 0; overflow: auto; padding: 16px; display: flex; flex-direction: column; gap: 12px; }
  main > * { width: 100%; max-width: 860px; margin-inline: auto; flex: none; }
  h2 { margin: 0; font-size: 15px; font-weight: 650; }
  p { margin: 0; }
  .drop { display: flex; align-items: center; gap: 14px; padding: 14px 16px; border: 1.5px dashed var(--line-strong); border-radius: 14px; background: var(--surface); }
  .drop .muted { font-size: 14px; }
  .over .drop { border-color: var(--accent); background: var(--accent-soft); }
  .card { background: var(--raised); border: 1px solid var(--line); border-radius: 14px; overflow: hidden; }
  .head { display: flex; align-items: center; gap: 4px; padding: 8px 10px 8px 16px; border-bottom: 1px solid var(--line); min-height: 52px; }
  .head h2 { white-space: nowrap; }
  .head .muted { margin-left: 8px; }
  .head button { padding: 2px 12px; min-height: 34px; font-size: 13px; }
  .empty { padding: 44px 24px; text-align: center; }
  .empty h2 { margin-bottom: 4px; }
  ul { list-style: none; margin: 0; padding: 0; }
  .item { padding: 6px 10px 10px 16px; border-bottom: 1px solid color-mix(in srgb, var(--line) 70%, transparent); content-visibility: auto; contain-intrinsic-size: auto 102px; }
  .item:last-child { border-bottom: 0; }
  .item:focus-visible { outline-offset: -3px; border-radius: 12px; }
  .item .line { min-height: 34px; }
  .item .bar { margin: 4px 0; width: calc(100% - 6px); height: 6px; border-radius: 3px; }
  .item .detail { white-space: normal; }
  .reason { display: block; overflow-wrap: anywhere; }
  .to { display: flex; align-items: center; gap: 2px; color: var(--muted); font-size: 13px; line-height: 1.4; margin-right: 6px; }
  .to .icon { width: 14px; height: 14px; margin-left: -4px; }
  .to span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .item .order { opacity: 0; }
  .item:hover .order, .item:focus-within .order, .item:focus .order { opacity: 1; }
  .item:hover .order:disabled, .item:focus-within .order:disabled { opacity: 0.35; }
  .ok { color: var(--ok); font-weight: 550; }
  .scheduled .kept { fill: var(--muted); }
  .notice { border-radius: 12px; }
  .pairing { padding: 14px 16px; border-color: var(--accent); }
  .code { display: block; font-size: 28px; font-weight: 650; letter-spacing: 0.14em; margin: 4px 0 10px; }
  .answers { display: flex; justify-content: flex-end; gap: 8px; flex-wrap: wrap; }
  .pairing .answers { justify-content: flex-start; }
  footer { flex: none; display: flex; align-items: center; gap: 12px; padding: 8px 16px; border-top: 1px solid var(--line); background: var(--surface); font-size: 13px; color: var(--muted); }
  footer span { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
  footer .bar { width: 120px; flex: none; margin: 0; height: 6px; }
  dialog { color: inherit; background: var(--raised); border: 1px solid var(--line); border-radius: 16px; padding: 20px; width: min(480px, calc(100vw - 32px)); max-height: calc(100dvh - 32px); overflow: auto; box-shadow: var(--shadow); }
  dialog::backdrop { background: #0006; }
  dialog h2 { font-size: 18px; margin-bottom: 8px; overflow-wrap: anywhere; }
  dialog .answers { margin-top: 18px; }
  .bad { color: var(--bad); overflow-wrap: anywhere; }
  .lost { margin: auto; text-align: center; padding: 24px; max-width: 480px; }
  .lost .icon { width: 44px; height: 44px; color: var(--muted); stroke-width: 1; }
  @media (max-width: 560px) {
    .drop { flex-wrap: wrap; }
    .head .muted { visibility: hidden; height: 0; }
    footer .bar { display: none; }
  }
`;

/** How its forms look. */
export const formStyle: CSSResult = css`
  form, .fields { display: grid; gap: 12px; }
  label.field, .field { display: grid; gap: 4px; font-size: 13px; color: var(--muted); min-width: 0; }
  .field > input, .field > select, .field > textarea { width: 100%; font-size: 15px; color: var(--text); }
  select, textarea { font: inherit; color: inherit; background: var(--surface); border: 1px solid var(--line-strong); border-radius: 8px; padding: 5px 12px; min-height: 36px; min-width: 0; }
  textarea { min-height: 84px; resize: vertical; white-space: pre; }
  .pair { display: grid; grid-template-columns: minmax(0, 1fr) 112px; gap: 10px; }
  .half { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 10px; }
  .check { display: flex; align-items: center; gap: 10px; min-height: 34px; }
  .check input { width: 18px; height: 18px; min-height: 0; accent-color: var(--accent); flex: none; }
  code { font: 13px/1.5 ui-monospace, "Cascadia Mono", Consolas, monospace; overflow-wrap: anywhere; }
  fieldset { border: 0; margin: 0; padding: 0; min-width: 0; }
`;
