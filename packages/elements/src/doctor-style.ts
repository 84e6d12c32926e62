import { type CSSResult, css } from "lit";

/** How `<naru-doctor>` looks: a panel over the page, below 640 px the whole of it. */
export const doctorStyle: CSSResult = css`
  .panel { width: min(760px, calc(100vw - 32px)); max-height: min(820px, calc(100dvh - 48px)); padding: 0; overflow: hidden; }
  .panel[open] { display: flex; flex-direction: column; }
  .head { display: flex; align-items: center; gap: 10px; padding: 14px 14px 4px 24px; }
  .panel h2 { flex: 1; margin: 0; }
  .panel .about { margin: 0; padding: 0 24px 12px; }
  .tools { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 14px; padding: 0 24px 14px; border-bottom: 1px solid var(--line); }
  .stores { overflow: auto; padding: 0 24px 20px; }
  h3 { margin: 18px 0 2px; font-size: 15px; font-weight: 650; overflow-wrap: anywhere; }
  .panel p.store { margin: 0 0 6px; }
  ul { list-style: none; margin: 0; padding: 0; }
  li { display: grid; grid-template-columns: 20px minmax(0, 150px) minmax(0, 1fr); gap: 2px 10px; padding: 9px 0; border-top: 1px solid color-mix(in srgb, var(--line) 70%, transparent); }
  li:first-child { border: 0; }
  li > .icon { margin-top: 2px; }
  [data-status="ok"] > .icon { color: var(--ok); }
  [data-status="warning"] > .icon { color: var(--warn); }
  [data-status="failure"] > .icon { color: var(--bad); }
  .check { font-weight: 570; }
  .found { min-width: 0; overflow-wrap: anywhere; }
  .found p { margin: 0; }
  .panel .found p.mend { margin: 4px 0 0; color: var(--muted); font-size: 14px; }
  details { margin-top: 4px; font-size: 14px; }
  summary { cursor: pointer; min-height: 24px; width: fit-content; }
  .command { display: flex; align-items: start; gap: 6px; margin-top: 4px; }
  pre { flex: 1; min-width: 0; margin: 0; padding: 8px 10px; border-radius: 8px; background: var(--bg); font: 13px/1.5 ui-monospace, "Cascadia Mono", Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; word-break: break-all; max-height: 220px; overflow: auto; }
  .none { margin: 0; padding: 32px 0; text-align: center; color: var(--muted); }
  @media (max-width: 640px) {
    .panel { width: 100vw; max-width: none; height: 100dvh; max-height: none; border: 0; border-radius: 0; margin: 0; }
    .head { padding-left: 16px; }
    .panel .about, .tools, .stores { padding-left: 16px; padding-right: 16px; }
    li { grid-template-columns: 20px minmax(0, 1fr); }
    .found { grid-column: 2; }
  }
`;
