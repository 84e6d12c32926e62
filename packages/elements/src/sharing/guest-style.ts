import { type CSSResult, css } from "lit";

/** How the page of a link looks: one calm column. */
export const guestStyle: CSSResult = css`
  :host { display: block; min-height: 100vh; min-height: 100dvh; background: var(--bg); }
  .bar { display: flex; align-items: center; gap: 16px; height: 56px; padding: 0 max(24px, calc((100vw - 860px) / 2 + 24px)); border-bottom: 1px solid var(--line); background: var(--surface); }
  .brand { display: inline-flex; align-items: center; gap: 9px; }
  .brand .icon { width: 24px; height: 24px; color: var(--accent); stroke-width: 1.4; }
  .brand b { font-size: 18px; font-weight: 700; letter-spacing: -0.02em; }
  .brand span { color: var(--accent); }
  .bar nav { margin-left: auto; }
  .switch { display: inline-flex; border-radius: 9px; padding: 2px; background: color-mix(in srgb, var(--muted) 13%, transparent); }
  .switch button { border: 0; background: none; color: var(--muted); min-height: 34px; padding: 2px 11px; font-size: 13px; border-radius: 7px; }
  .switch button[aria-pressed="true"] { background: var(--raised); color: var(--text); font-weight: 620; }
  main { max-width: 860px; margin: 0 auto; padding: 32px 24px 64px; }
  h1 { margin: 0; font-size: 24px; font-weight: 680; letter-spacing: -0.02em; line-height: 1.3; overflow-wrap: anywhere; }
  h1:focus { outline: none; }
  .about { margin: 0 0 24px; }
  .until { margin: 4px 0 0; color: var(--muted); font-size: 14px; }
  .note { margin: 14px 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
  .card { background: var(--surface); border: 1px solid var(--line); border-radius: 14px; padding: 24px; }
  .lone { max-width: 440px; margin: 8vh auto 0; }
  .lone h1 { font-size: 20px; }
  .lone > p { margin: 8px 0 20px; color: var(--muted); }
  .blank { text-align: center; color: var(--muted); max-width: 480px; margin: 10vh auto 0; }
  .blank .icon { width: 36px; height: 36px; stroke-width: 1.1; margin-bottom: 8px; }
  .blank h1 { color: var(--text); font-size: 20px; }
  .blank p { margin: 8px 0 20px; }
  form label { display: block; font-size: 13px; font-weight: 570; margin: 0 0 16px; }
  form label input:not([type="file"]) { display: block; width: 100%; margin-top: 6px; min-height: 42px; font-size: 16px; font-weight: 400; }
  form input[aria-invalid="true"] { border-color: var(--bad); }
  form button { width: 100%; min-height: 44px; }
  .problem { display: flex; gap: 9px; font-size: 14px; line-height: 1.45; border-radius: 10px; padding: 10px 12px; margin: 0 0 16px; background: var(--bad-soft); color: var(--bad); }
  .problem .icon { margin-top: 1px; }
  .splash { display: grid; place-items: center; min-height: 50vh; color: var(--accent); }
  .splash .icon { width: 44px; height: 44px; stroke-width: 1; }
  @media (max-width: 640px) {
    .bar { padding: 0 16px; }
    main { padding: 22px 16px 48px; }
    .card { padding: 18px 16px; }
  }
`;
