import { type CSSResult, css } from "lit";

/** Colours and measures as custom properties, and what every element shares. An integrator may set `--naru-accent`. */
export const theme: CSSResult = css`
  :host {
    color-scheme: light dark;
    --bg: light-dark(#f5f7f7, #101417);
    --surface: light-dark(#fff, #181d21);
    --raised: light-dark(#fff, #1e2429);
    --line: light-dark(#e1e6e8, #2b3238);
    --line-strong: light-dark(#c6ced2, #3d464e);
    --text: light-dark(#15191c, #e9edf0);
    --muted: light-dark(#586570, #9aa6b0);
    --accent: var(--naru-accent, light-dark(#0b7a75, #3cc4bb));
    --on-accent: light-dark(#fff, #06211f);
    --accent-soft: color-mix(in srgb, var(--accent) 14%, var(--raised));
    --track: color-mix(in srgb, var(--muted) 20%, transparent);
    --ok: light-dark(#1b7a48, #4cc38a);
    --warn: light-dark(#825500, #e3b455);
    --warn-soft: light-dark(#fff4dc, #33290f);
    --bad: light-dark(#b3261e, #ff9a91);
    --bad-soft: light-dark(#fdeceb, #3a1d1b);
    --shadow: light-dark(0 8px 28px #0f1f2f1f, 0 8px 28px #0009);
    --fast: 120ms ease-out;
    font: 15px/1.5 Pretendard, "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans KR", "Noto Sans CJK KR", system-ui, sans-serif;
    font-variant-numeric: tabular-nums;
    color: var(--text);
    word-break: keep-all;
    -webkit-text-size-adjust: 100%;
  }
  *, *::before, *::after { box-sizing: border-box; }
  [hidden] { display: none !important; }
  button, .button {
    display: inline-flex; align-items: center; justify-content: center; gap: 6px;
    font: inherit; font-weight: 550; color: inherit; text-decoration: none; white-space: nowrap;
    background: var(--surface); border: 1px solid var(--line-strong); border-radius: 8px;
    padding: 5px 14px; min-height: 36px; cursor: pointer;
    transition: background-color var(--fast), border-color var(--fast);
  }
  button:hover, .button:hover { border-color: var(--accent); }
  button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 650; }
  button.primary:hover { background: color-mix(in srgb, var(--accent) 88%, var(--text)); }
  button.danger { background: var(--bad); border-color: var(--bad); color: light-dark(#fff, #2d0805); }
  button.bare, .button.bare { background: none; border-color: transparent; color: var(--muted); padding: 0; width: 34px; min-height: 34px; flex: none; }
  button.bare:hover, .button.bare:hover { background: var(--accent-soft); color: var(--text); border-color: transparent; }
  button:disabled { opacity: 0.5; cursor: default; }
  input:not([type="file"]) {
    font: inherit; color: inherit; background: var(--surface); border: 1px solid var(--line-strong); border-radius: 8px;
    padding: 5px 12px; min-height: 36px; min-width: 0;
  }
  input::placeholder { color: var(--muted); opacity: 1; }
  :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
  .icon { width: 18px; height: 18px; flex: none; fill: none; stroke: currentColor; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }
  .muted { color: var(--muted); font-size: 13px; }
  .grow { flex: 1; min-width: 0; }
  .unseen { position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; border: 0; }
  @media (prefers-reduced-motion: reduce) {
    *, *::before, *::after { transition: none !important; animation: none !important; }
  }
  @media (forced-colors: active) {
    button, .button, input { border-color: ButtonText; }
    /* Their own backgrounds are gone. */
    button[aria-pressed="true"], button[aria-selected="true"] { forced-color-adjust: none; background: Highlight !important; color: HighlightText !important; }
  }
`;
