import { type CSSResult, css } from "lit";

/** How the question before sending looks, and the note of what was left out. */
export const preFlightStyle: CSSResult = css`
  :host { display: block; }
  dialog.pre-flight { width: min(600px, calc(100vw - 32px)); max-height: calc(100dvh - 32px); padding: 0; overflow: hidden; }
  dialog[open] form { display: flex; flex-direction: column; max-height: calc(100dvh - 34px); padding: 24px; overflow: auto; }
  dialog p.bad { display: flex; gap: 8px; }
  fieldset { border: 0; margin: 0 0 12px; padding: 0; min-width: 0; }
  legend { padding: 0; margin-bottom: 4px; font-weight: 570; font-size: 13px; }
  dialog label.choice { display: flex; gap: 10px; align-items: flex-start; margin: 0; padding: 7px 8px; border-radius: 8px; font-size: 15px; font-weight: 400; cursor: pointer; }
  label.choice:hover, label.choice:has(:checked) { background: var(--accent-soft); }
  dialog label.choice input[type="radio"] { display: block; width: 18px; height: 18px; min-height: 18px; margin: 3px 0 0; padding: 0; flex: none; accent-color: var(--accent); }
  label.choice b { font-weight: 570; display: block; }
  small { display: block; font-size: 13px; color: var(--muted); }
  .lists { flex: 0 1 auto; min-height: 96px; max-height: 40dvh; overflow: auto; border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); }
  ul { list-style: none; margin: 0; padding: 0; }
  li { display: flex; gap: 12px; align-items: center; padding: 8px 0; }
  li + li { border-top: 1px solid var(--line); }
  .refused li { display: block; }
  .name { display: block; overflow-wrap: anywhere; }
  h3 { margin: 14px 0 2px; font-size: 14px; font-weight: 620; color: var(--bad); }
  select { font: inherit; font-size: 13px; color: inherit; background: var(--surface); border: 1px solid var(--line-strong); border-radius: 8px; min-height: 34px; padding: 2px 6px; max-width: 45%; flex: none; }
  .answers { flex: none; }
  .left-out { flex: 1 1 100%; order: 9; display: flex; gap: 8px; align-items: center; margin: 0; padding: 4px 4px 4px 14px; font-size: 13px; color: var(--muted); background: var(--surface); border: 1px solid var(--line); border-radius: 10px; overflow-wrap: anywhere; }
  @media (max-width: 640px) { dialog[open] form { padding: 16px; } .answers button { flex: 1; } }
`;
