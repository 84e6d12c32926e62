import { type CSSResult, css } from "lit";

/** How `<naru-app>` looks: files beside transfers; below 1000 px the transfers float, below 640 px they are a sheet. */
export const appStyle: CSSResult = css`
  :host { display: block; min-height: 100vh; min-height: 100dvh; background: var(--bg); }
  .bar { display: flex; align-items: center; gap: 16px; height: 56px; padding: 0 max(24px, calc((100vw - 1440px) / 2 + 24px)); border-bottom: 1px solid var(--line); background: var(--surface); }
  .brand { display: inline-flex; align-items: center; gap: 9px; color: inherit; text-decoration: none; border-radius: 8px; }
  .brand .icon { width: 24px; height: 24px; color: var(--accent); stroke-width: 1.4; }
  .brand b { font-size: 18px; font-weight: 700; letter-spacing: -0.02em; }
  .brand span { color: var(--accent); }
  .bar nav { margin-left: auto; display: flex; gap: 10px; align-items: center; }
  .account { font-weight: 450; background: none; border-color: transparent; color: var(--muted); padding: 0 8px; min-width: 34px; min-height: 34px; }
  .account:hover { background: var(--accent-soft); color: var(--text); border-color: transparent; }
  .user { max-width: 24ch; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .switch { display: inline-flex; border-radius: 9px; padding: 2px; background: color-mix(in srgb, var(--muted) 13%, transparent); }
  .switch button { border: 0; background: none; color: var(--muted); min-height: 34px; padding: 2px 11px; font-size: 13px; border-radius: 7px; }
  .switch button[aria-pressed="true"] { background: var(--raised); color: var(--text); font-weight: 620; }
  .gate { display: grid; place-items: center; min-height: calc(100dvh - 56px); }
  .gate naru-sign-in { width: 100%; }
  .splash { display: grid; place-items: center; height: 100vh; color: var(--accent); }
  .splash .icon { width: 48px; height: 48px; stroke-width: 1; animation: drift 1.6s ease-in-out infinite alternate; }
  @keyframes drift { from { transform: translateX(-10px); } to { transform: translateX(10px); } }
  .page { display: grid; grid-template-columns: minmax(0, 1fr) 432px; gap: 24px; max-width: 1440px; margin: 0 auto; padding: 24px; }
  main { min-width: 0; }
  aside { position: sticky; top: 24px; align-self: start; min-width: 0; }
  aside naru-transfers { max-height: calc(100dvh - 104px); display: flex; flex-direction: column; }
  .broken { display: flex; gap: 8px; margin: 0 0 12px; padding: 10px 14px; border-radius: 12px; background: var(--bad-soft); color: var(--bad); }
  @media (max-width: 1000px) {
    .page { display: block; }
    .page:has(naru-transfers[busy]) { padding-bottom: 46vh; }
    .page:not(:has(naru-transfers[busy])) aside { display: none; }
    aside { position: fixed; z-index: 2; right: 24px; bottom: 24px; top: auto; width: min(440px, calc(100vw - 48px)); border-radius: 14px; box-shadow: var(--shadow); }
    aside naru-transfers { max-height: 60dvh; }
    .page:has(naru-transfers[busy][collapsed]) { padding-bottom: 88px; }
    aside:has(naru-transfers[collapsed]) { width: auto; max-width: calc(100vw - 48px); border-radius: 24px; }
  }
  @media (max-width: 640px) {
    .bar { padding: 0 14px; gap: 8px; }
    .bar nav { gap: 6px; }
    .user { display: none; }
    .account { padding: 0; }
    .page { padding: 14px; }
    .page:has(naru-transfers[busy]) { padding-bottom: 60vh; }
    aside { inset: auto 0 0; width: 100%; border-radius: 18px 18px 0 0; }
    aside naru-transfers { max-height: 62dvh; }
    .page:has(naru-transfers[busy][collapsed]) { padding-bottom: 88px; }
    aside:has(naru-transfers[collapsed]) { inset: auto 14px 14px auto; width: auto; max-width: calc(100vw - 28px); border-radius: 24px; }
  }
`;
