import { type CSSResult, css } from "lit";

/** How `<naru-preview>` looks: a sheet over the page, all of the screen on a phone. */
export const previewStyle: CSSResult = css`
  dialog { display: grid; grid-template-rows: auto minmax(0, 1fr); color: var(--text); background: var(--raised); border: 1px solid var(--line); border-radius: 16px; padding: 0; width: min(1200px, calc(100vw - 48px)); max-width: none; height: calc(100dvh - 48px); max-height: none; box-shadow: var(--shadow); overflow: hidden; }
  dialog::backdrop { background: #0009; }
  .head { display: flex; align-items: center; gap: 4px; padding: 8px 8px 8px 16px; border-bottom: 1px solid var(--line); min-width: 0; }
  h2 { flex: 1; min-width: 0; margin: 0; font-size: 16px; font-weight: 620; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .position { white-space: nowrap; margin: 0 8px; }
  .flip { display: inline-flex; transform: scaleX(-1); }
  .shown { display: grid; min-height: 0; min-width: 0; background: var(--bg); }
  .stage { display: grid; place-items: center; min-height: 0; min-width: 0; padding: 16px; }
  img, video { display: block; max-width: 100%; max-height: 100%; min-height: 0; object-fit: contain; border-radius: 6px; }
  img { background: repeating-conic-gradient(light-dark(#fff, #2a3036) 0% 25%, light-dark(#eceff0, #343b42) 0% 50%) 0 0 / 20px 20px; }
  video { width: 100%; height: 100%; background: #000; }
  audio { width: min(560px, 100%); }
  iframe { width: 100%; height: 100%; border: 0; }
  .pdf { display: grid; grid-template-rows: auto minmax(0, 1fr); min-height: 0; }
  .pdf p { margin: 0; padding: 6px 16px; }
  a { color: var(--accent); }
  .cannot { text-align: center; max-width: 46ch; overflow-wrap: anywhere; }
  .cannot > .icon { width: 40px; height: 40px; color: var(--muted); stroke-width: 1.1; }
  .cannot h3 { margin: 8px 0 4px; font-size: 16px; font-weight: 620; }
  .cannot p { margin: 0 0 16px; color: var(--muted); }
  .cannot .buttons { display: flex; gap: 8px; justify-content: center; flex-wrap: wrap; }
  @media (max-width: 640px) {
    dialog { width: 100vw; height: 100dvh; border-radius: 0; border: 0; }
    .head { padding-left: 12px; }
    .stage { padding: 0; }
    .head .download span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    .head .download { width: 34px; padding: 0; }
    .position { margin: 0 2px; }
  }
`;

/** How texts, tables and lists in it look. */
export const partStyle: CSSResult = css`
  :host { display: grid; grid-template-rows: minmax(0, 1fr) auto; min-height: 0; min-width: 0; background: var(--surface); }
  .scroll { overflow: auto; min-height: 0; }
  .scroll:focus-visible { outline-offset: -2px; }
  .wait { place-self: center; color: var(--muted); margin: 0; padding: 32px; }
  pre { margin: 0; padding: 16px; font: 13px/1.55 ui-monospace, "SF Mono", Menlo, Consolas, D2Coding, "Noto Sans Mono CJK KR", monospace; white-space: pre-wrap; overflow-wrap: anywhere; word-break: normal; tab-size: 4; }
  .block { display: block; content-visibility: auto; contain-intrinsic-size: auto 2400px; }
  .foot { display: flex; align-items: center; justify-content: space-between; gap: 12px; padding: 6px 16px; min-height: 40px; border-top: 1px solid var(--line); }
  table { border-collapse: collapse; font-size: 13px; }
  th, td { padding: 5px 12px; text-align: start; border-bottom: 1px solid var(--line); max-width: 40ch; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; vertical-align: top; }
  th { position: sticky; top: 0; background: var(--surface); font-weight: 620; box-shadow: 0 1px var(--line); }
  th:first-child, td:first-child { padding-inline-start: 16px; }
  .zip { width: 100%; }
  .zip td:first-child { max-width: none; white-space: normal; overflow-wrap: anywhere; }
  .number, .time { text-align: end; color: var(--muted); }
  .entry { display: inline-flex; gap: 8px; align-items: flex-start; }
  .entry .icon { width: 16px; height: 16px; margin-top: 2px; color: var(--muted); }
  .entry .muted { display: inline-flex; gap: 2px; white-space: nowrap; }
  @media (max-width: 640px) {
    .time { display: none; }
  }
`;
