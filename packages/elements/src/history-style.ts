import { type CSSResult, css } from "lit";

/** How `<naru-history>` looks: a panel over the page, below 640 px the whole of it. */
export const historyStyle: CSSResult = css`
  .panel { width: min(680px, calc(100vw - 32px)); max-height: min(760px, calc(100dvh - 48px)); padding: 0; overflow: hidden; }
  .panel[open] { display: flex; flex-direction: column; }
  .head { display: flex; align-items: center; gap: 10px; padding: 14px 14px 4px 24px; }
  .panel h2 { flex: 1; margin: 0; }
  .panel .about { margin: 0; padding: 0 24px 12px; }
  .tools { display: flex; flex-wrap: wrap; gap: 8px; padding: 0 24px 14px; border-bottom: 1px solid var(--line); }
  .tools input { flex: 1 1 180px; }
  ul { list-style: none; margin: 0; padding: 0 24px 16px; overflow: auto; }
  li { padding: 10px 0 6px; border-bottom: 1px solid color-mix(in srgb, var(--line) 70%, transparent); }
  li:last-child { border: 0; }
  .line { display: flex; align-items: center; gap: 12px; min-height: 24px; min-width: 0; }
  .name { flex: 1; min-width: 0; font-weight: 570; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .size { flex: none; }
  .line a { display: inline-flex; align-items: center; gap: 4px; min-width: 0; min-height: 24px; color: inherit; }
  .line a span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .line a .icon { width: 14px; height: 14px; }
  code { font: 13px ui-monospace, monospace; overflow-wrap: anywhere; }
  .none { margin: 0; padding: 40px 24px; text-align: center; color: var(--muted); }
  .rest { text-align: center; padding-top: 14px; }
  @media (max-width: 640px) {
    .panel { width: 100vw; max-width: none; height: 100dvh; max-height: none; border: 0; border-radius: 0; margin: 0; }
    .head { padding-left: 16px; }
    .panel .about, .tools, ul { padding-left: 16px; padding-right: 16px; }
  }
`;
