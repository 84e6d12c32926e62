import { type CSSResult, css } from "lit";

/** How `<naru-experiment>` looks: a panel over the page, below 640 px the whole of it. */
export const experimentStyle: CSSResult = css`
  .panel { width: min(760px, calc(100vw - 32px)); max-height: min(860px, calc(100dvh - 48px)); padding: 0; overflow: hidden; }
  .panel[open] { display: flex; flex-direction: column; }
  .head { display: flex; align-items: center; gap: 10px; padding: 14px 14px 4px 24px; }
  .panel h2 { flex: 1; margin: 0; }
  .body { overflow: auto; padding: 0 24px 20px; }
  .panel .about { margin: 0 0 14px; }
  form { display: flex; flex-wrap: wrap; align-items: end; gap: 12px 24px; padding-bottom: 14px; }
  fieldset { border: 0; margin: 0; padding: 0; min-width: 0; display: flex; flex-wrap: wrap; gap: 2px 16px; }
  legend { font-size: 13px; font-weight: 570; padding: 0; margin-bottom: 4px; }
  .panel label { margin: 0; }
  .panel label.check { display: inline-flex; align-items: center; gap: 7px; min-height: 36px; font-size: 15px; font-weight: 400; }
  .panel label.check input { display: block; width: 18px; height: 18px; min-height: 0; margin: 0; padding: 0; accent-color: var(--accent); }
  .panel label.rounds input { width: 84px; margin-top: 4px; min-height: 36px; }
  .under { flex-basis: 100%; display: flex; flex-wrap: wrap; align-items: center; gap: 8px 14px; }
  .now { flex: 1 1 260px; min-width: 0; display: grid; gap: 4px; font-size: 14px; }
  progress { display: block; width: 100%; height: 8px; accent-color: var(--accent); }
  .left { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 14px; margin-bottom: 14px; padding: 8px 12px; border-radius: 8px; background: var(--warn-soft); }
  .panel .left p { flex: 1 1 260px; margin: 0; font-size: 14px; }
  .results { border-top: 1px solid var(--line); padding-top: 14px; }
  .panel p.advice { margin: 0 0 12px; font-weight: 570; }
  .wide { overflow-x: auto; margin-bottom: 8px; }
  table { border-collapse: collapse; width: 100%; font-size: 14px; }
  th, td { text-align: right; padding: 6px 0 6px 12px; font-weight: 400; white-space: nowrap; }
  th[scope="row"], th[scope="rowgroup"], th:first-child { text-align: left; padding-left: 0; white-space: normal; }
  thead th { color: var(--muted); font-size: 13px; vertical-align: bottom; }
  th[scope="rowgroup"] { padding-top: 12px; font-weight: 650; }
  tbody tr + tr { border-top: 1px solid color-mix(in srgb, var(--line) 70%, transparent); }
  strong { font-weight: 700; }
  h3 { margin: 14px 0 2px; font-size: 15px; font-weight: 650; }
  ul { margin: 0; padding-left: 20px; font-size: 14px; overflow-wrap: anywhere; }
  .saves { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; margin: 14px 0 10px; }
  .none { margin: 0; padding: 12px 0 4px; color: var(--muted); }
  @media (max-width: 640px) {
    .panel { width: 100vw; max-width: none; height: 100dvh; max-height: none; border: 0; border-radius: 0; margin: 0; }
    .head { padding-left: 16px; }
    .body { padding-left: 16px; padding-right: 16px; }
    .saves button { flex: 1 1 auto; }
    th, td { padding-left: 8px; }
  }
`;
