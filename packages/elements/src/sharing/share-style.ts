import { type CSSResult, css } from "lit";

/** How `<naru-share>` looks: a panel over the page, below 640 px the whole of it. */
export const shareStyle: CSSResult = css`
  dialog { color: var(--text); background: var(--raised); border: 1px solid var(--line); border-radius: 16px; padding: 0; box-shadow: var(--shadow); width: min(580px, calc(100vw - 32px)); max-height: min(780px, calc(100dvh - 48px)); overflow: hidden; }
  dialog[open] { display: flex; flex-direction: column; }
  dialog::backdrop { background: #0007; }
  .head { display: flex; align-items: center; gap: 10px; padding: 14px 14px 12px 24px; border-bottom: 1px solid var(--line); }
  h2 { flex: 1; min-width: 0; margin: 0; font-size: 18px; font-weight: 650; overflow-wrap: anywhere; }
  h2:focus { outline: none; }
  .body { overflow-y: auto; padding: 16px 24px 24px; }
  .hint { margin: 0 0 16px; color: var(--muted); font-size: 14px; overflow-wrap: anywhere; }
  .fields { display: grid; gap: 14px; }
  label { display: block; font-size: 13px; font-weight: 570; min-width: 0; }
  label .muted { font-weight: 400; }
  label input:not([type="file"], [type="checkbox"]), select, textarea { display: block; width: 100%; margin-top: 5px; min-height: 40px; font: inherit; font-size: 15px; font-weight: 400; color: inherit; background: var(--surface); border: 1px solid var(--line-strong); border-radius: 8px; padding: 5px 12px; }
  textarea { resize: vertical; min-height: 62px; }
  textarea::placeholder { color: var(--muted); opacity: 1; }
  .check { display: flex; gap: 9px; align-items: center; min-height: 30px; font-size: 14px; font-weight: 450; }
  .check input:not([type="file"]) { width: 18px; height: 18px; min-height: 0; margin: 0; accent-color: var(--accent); flex: none; }
  .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 14px; }
  .password { display: flex; gap: 8px; align-items: end; }
  .password label { flex: 1; }
  .password button { min-height: 40px; }
  fieldset { border: 0; margin: 0; padding: 0; min-width: 0; }
  legend { padding: 0; font-size: 13px; font-weight: 570; margin-bottom: 2px; }
  fieldset .pair { margin-top: 6px; }
  .bad { margin: 0; color: var(--bad); font-size: 14px; }
  .answers { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 8px; margin-top: 8px; }
  .address:not([type="file"]) { width: 100%; min-height: 44px; margin-bottom: 14px; font: 13.5px ui-monospace, "Cascadia Mono", Consolas, monospace; }
  .none { text-align: center; color: var(--muted); padding: 36px 0; margin: 0; }
  .none p { margin: 0 0 12px; }
  .none b { color: var(--text); font-weight: 620; }
  .none .icon { width: 30px; height: 30px; stroke-width: 1.2; }
  ul { list-style: none; margin: 0; padding: 0; }
  li { display: flex; gap: 12px; padding: 14px 0; border-top: 1px solid color-mix(in srgb, var(--line) 70%, transparent); }
  li:first-child { border-top: 0; padding-top: 4px; }
  li > .icon { color: var(--muted); margin-top: 2px; }
  li[data-state="open"] > .icon { color: var(--accent); }
  .name { font-weight: 580; overflow-wrap: anywhere; margin-right: 8px; }
  .state { display: inline-block; padding: 0 9px; border-radius: 99px; font-size: 12.5px; background: color-mix(in srgb, var(--muted) 16%, transparent); }
  li[data-state="open"] .state { background: var(--accent-soft); }
  .facts { display: flex; flex-wrap: wrap; gap: 0 14px; color: var(--muted); font-size: 13px; min-width: 0; }
  .facts span { overflow-wrap: anywhere; }
  .acts { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; margin-top: 8px; }
  .small { min-height: 30px; padding: 2px 11px; font-size: 13px; }
  .asked { flex: 1 1 180px; font-size: 13.5px; }
  .log li { padding: 9px 0; }
  time { white-space: nowrap; }
  @media (max-width: 640px) {
    dialog { width: 100vw; max-width: none; height: 100dvh; max-height: none; border: 0; border-radius: 0; }
    .head { padding-left: 18px; }
    .body { padding: 14px 18px 24px; }
    .pair { grid-template-columns: 1fr; }
  }
`;
