import { type CSSResult, css } from "lit";

/** How `<naru-files>` looks. */
export const filesStyle: CSSResult = css`
  :host { display: block; min-width: 0; }
  .top { display: flex; gap: 8px; align-items: center; margin-bottom: 16px; flex-wrap: wrap; }
  .crumbs { flex: 1 1 200px; display: flex; flex-wrap: wrap; gap: 2px; align-items: center; min-width: 0; min-height: 36px; }
  .crumbs a { color: var(--muted); text-decoration: none; padding: 4px 6px; margin-left: -6px; border-radius: 6px; }
  .crumbs a:hover { color: var(--text); background: var(--accent-soft); }
  .crumbs a + .icon { color: var(--muted); width: 14px; height: 14px; margin-right: 8px; }
  .crumbs b { font-weight: 650; font-size: 17px; letter-spacing: -0.01em; overflow: hidden; text-overflow: ellipsis; }
  .find { position: relative; display: block; flex: 0 1 240px; }
  .find .icon { position: absolute; left: 10px; top: 9px; color: var(--muted); pointer-events: none; }
  .find input:not([type="file"]) { width: 100%; padding-left: 34px; }
  ::slotted(*) { margin-bottom: 16px; }
  table { width: 100%; border-collapse: separate; border-spacing: 0; table-layout: fixed; background: var(--surface); border: 1px solid var(--line); border-radius: 12px; overflow: hidden; }
  th { font-weight: 550; color: var(--muted); font-size: 13px; text-align: left; padding: 9px 16px; border-bottom: 1px solid var(--line); }
  td { padding: 5px 16px; height: 45px; border-bottom: 1px solid color-mix(in srgb, var(--line) 70%, transparent); }
  tbody tr:last-child td { border-bottom: 0; }
  tbody tr:hover td, tbody tr:focus-within td { background: color-mix(in srgb, var(--accent) 5%, var(--surface)); }
  .n { text-align: right; }
  .size { width: 120px; }
  .time { width: 150px; }
  col.acts { width: 134px; }
  th.acts, td.acts { padding: 5px 10px; }
  td.n, td.time { color: var(--muted); font-size: 14px; white-space: nowrap; }
  td.acts div { display: flex; justify-content: flex-end; opacity: 0.75; transition: opacity var(--fast); }
  tr:hover td.acts div, tr:focus-within td.acts div { opacity: 1; }
  .name { display: flex; gap: 10px; align-items: center; color: inherit; text-decoration: none; border-radius: 6px; min-height: 34px; }
  .name .icon { color: var(--muted); }
  .name:hover span { text-decoration: underline; text-underline-offset: 3px; text-decoration-color: var(--accent); }
  .name span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  [data-folder] .name .icon { color: var(--accent); }
  .under { display: none; }
  .ok { display: inline-flex; align-items: center; gap: 4px; color: var(--ok); font-weight: 550; }
  .fresh td { animation: arrive 1.6s ease-out; }
  @keyframes arrive { from { background: var(--accent-soft); } }
  .blank { text-align: center; color: var(--muted); padding: 56px 16px; background: var(--surface); border: 1px solid var(--line); border-radius: 12px; }
  .blank .icon { width: 32px; height: 32px; stroke-width: 1.1; }
  .blank p { margin: 8px 0 16px; }
  .blank p:last-child { margin-bottom: 0; }
  .blank b { color: var(--text); font-weight: 620; }
  .more { display: flex; margin: 16px auto 0; }
  .replace { color: var(--bad); border-color: color-mix(in srgb, var(--bad) 55%, var(--line)); }
  .searched { margin: 0 0 10px; color: var(--muted); font-size: 14px; }
  .trouble { display: flex; gap: 10px; align-items: center; margin: 0 0 16px; padding: 10px 14px; border-radius: 12px; background: var(--bad-soft); color: var(--bad); }
  table + .trouble { margin: 16px 0 0; }
  .trouble button { color: var(--text); }
  @media (max-width: 640px) {
    .new { padding: 0; width: 38px; }
    .new span { position: absolute; clip-path: inset(50%); width: 1px; overflow: hidden; }
    .find { flex: 1 1 100%; order: 3; }
    .size, .time, tr[data-file] .rename { display: none; }
    col.acts { width: 88px; }
    th.acts, td.acts { padding-right: 8px; }
    thead { position: absolute; clip-path: inset(50%); }
    td { padding: 7px 14px; }
    .name { min-height: 24px; }
    .under { display: block; color: var(--muted); font-size: 13px; margin-left: 28px; }
  }
`;
