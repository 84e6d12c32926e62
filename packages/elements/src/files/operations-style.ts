import { type CSSResult, css } from "lit";

/** How the parts of the list that are loaded later look. */
export const operationsStyle: CSSResult = css`
  .menu { position: fixed; inset: auto; margin: 0; width: 232px; padding: 6px; overflow-y: auto; color: var(--text); background: var(--raised); border: 1px solid var(--line); border-radius: 12px; box-shadow: var(--shadow); }
  .menu button { width: 100%; justify-content: flex-start; gap: 10px; border: 0; background: none; border-radius: 7px; padding: 5px 10px; font-weight: 450; }
  .menu button:hover, .menu button:focus-visible { background: var(--accent-soft); }
  .menu .icon { color: var(--muted); }
  .menu span { text-align: left; overflow: hidden; text-overflow: ellipsis; }
  .menu hr { border: 0; border-top: 1px solid var(--line); margin: 4px 6px; }
  .menu kbd { font: inherit; font-size: 12px; color: var(--muted); }
  @media (hover: none) { .menu kbd { display: none; } }
  .menu .risky, .menu .risky .icon { color: var(--bad); }
  .toast { position: fixed; z-index: 4; left: 24px; bottom: 24px; max-width: min(560px, calc(100vw - 28px)); display: flex; align-items: center; gap: 10px; padding: 8px 8px 8px 16px; background: var(--raised); border: 1px solid var(--line); border-radius: 12px; box-shadow: var(--shadow); }
  .toast > .icon { color: var(--ok); }
  .toast.failure > .icon { color: var(--bad); }
  .toast span { overflow: hidden; text-overflow: ellipsis; overflow-wrap: anywhere; }
  .folders { list-style: none; margin: 0 0 4px; padding: 4px; border: 1px solid var(--line); border-radius: 10px; height: 260px; overflow-y: auto; }
  .folders button { width: 100%; justify-content: flex-start; border: 0; background: none; font-weight: 450; gap: 10px; overflow: hidden; }
  .folders button:hover { background: var(--accent-soft); }
  .folders button span { overflow: hidden; text-overflow: ellipsis; }
  .folders .icon { color: var(--accent); }
  .folders p { color: var(--muted); text-align: center; margin: 100px 0; }
  dialog .crumbs { margin-bottom: 8px; }
  dialog .note { color: var(--muted); font-size: 13px; min-height: 20px; margin: 8px 0 0; }
  @media (max-width: 640px) {
    .toast { left: 14px; right: 14px; bottom: auto; top: 64px; }
  }
`;
