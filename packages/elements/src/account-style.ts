import { type CSSResult, css } from "lit";

/** How `<naru-account>` looks: a panel over the page, below 640 px the whole of it. */
export const accountStyle: CSSResult = css`
  dialog { color: var(--text); background: var(--raised); border: 1px solid var(--line); border-radius: 16px; padding: 0; box-shadow: var(--shadow); }
  dialog::backdrop { background: #0007; }
  h2 { margin: 0; font-size: 18px; font-weight: 650; }
  p { margin: 0; }
  .panel { width: min(560px, calc(100vw - 32px)); max-height: min(760px, calc(100dvh - 48px)); overflow: hidden; }
  .panel[open] { display: flex; flex-direction: column; }
  .head { display: flex; align-items: center; gap: 10px; padding: 14px 14px 12px 24px; border-bottom: 1px solid var(--line); }
  .user { flex: 1; min-width: 0; color: var(--muted); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .lists { overflow-y: auto; padding: 4px 24px 24px; }
  h3 { display: flex; gap: 8px; align-items: center; margin: 20px 0 6px; font-size: 15px; font-weight: 650; outline-offset: 4px; }
  h3 .icon { color: var(--muted); }
  ul { list-style: none; margin: 0; padding: 0; }
  li { display: flex; gap: 12px; align-items: center; padding: 9px 0; border-top: 1px solid color-mix(in srgb, var(--line) 70%, transparent); }
  li:first-child { border-top: 0; }
  .name { display: block; font-weight: 570; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .times { display: flex; flex-wrap: wrap; gap: 0 14px; color: var(--muted); font-size: 13px; }
  .times span { white-space: nowrap; }
  li button { min-height: 34px; padding: 2px 12px; font-size: 13px; flex: none; }
  .here { flex: none; padding: 2px 10px; border-radius: 99px; font-size: 13px; background: var(--accent-soft); }
  .none { color: var(--muted); font-size: 14px; line-height: 1.5; padding: 4px 0; }
  .none[aria-busy], div.none { padding: 40px 0; text-align: center; }
  div.none p { margin-bottom: 14px; }
  form { display: flex; flex-wrap: wrap; gap: 4px 8px; margin-top: 8px; }
  form label { flex: 1 0 100%; font-size: 13px; font-weight: 570; }
  form input:not([type="file"]) { flex: 1 1 160px; }
  .made { margin: 6px 0 14px; padding: 12px 14px; border-radius: 10px; background: var(--accent-soft); font-size: 14px; }
  output { display: block; margin: 8px 0 10px; font: 13px/1.5 ui-monospace, "Cascadia Mono", Consolas, monospace; overflow-wrap: anywhere; word-break: break-all; user-select: all; }
  .bad { color: var(--bad); font-size: 14px; margin-top: 10px; }
  .question { width: min(420px, calc(100vw - 32px)); padding: 24px; }
  .question h2 { margin-bottom: 12px; overflow-wrap: anywhere; }
  .answers { display: flex; justify-content: flex-end; gap: 8px; margin-top: 20px; }
  @media (max-width: 640px) {
    .panel { width: 100vw; max-width: none; height: 100dvh; max-height: none; border: 0; border-radius: 0; }
    .head { padding-left: 18px; }
    .lists { padding: 0 18px 24px; }
  }
`;
