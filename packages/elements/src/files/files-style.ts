import { type CSSResult, css } from "lit";

/** How `<naru-files>` looks. */
export const filesStyle: CSSResult = css`
  :host { display: block; min-width: 0; }
  .frame { container-type: inline-size; }
  .top { display: flex; gap: 8px; align-items: center; margin-bottom: 8px; }
  .crumbs { flex: 1; display: flex; gap: 2px; align-items: center; min-width: 0; min-height: 36px; }
  .crumbs .step { display: inline-flex; align-items: center; gap: 2px; min-width: 32px; }
  .crumbs a { color: var(--muted); text-decoration: none; padding: 4px 6px; border-radius: 6px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
  .crumbs > .step:first-child > a { margin-left: -6px; }
  .crumbs a:hover { color: var(--text); background: var(--accent-soft); }
  .crumbs a.over { background: var(--accent-soft); color: var(--text); outline: 2px solid var(--accent); }
  .crumbs .icon { color: var(--muted); width: 14px; height: 14px; }
  .crumbs b { font-weight: 650; font-size: 17px; letter-spacing: -0.01em; padding-left: 4px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; flex: 0 1 auto; }
  .crumbs b:first-child { padding-left: 0; }
  .quiet { border-color: transparent; background: none; color: var(--muted); padding: 5px 10px; font-weight: 450; font-size: 14px; }
  .quiet:hover { background: var(--accent-soft); color: var(--text); border-color: transparent; }
  .fold { display: none; align-items: center; gap: 2px; position: relative; }
  .fold summary { list-style: none; cursor: pointer; padding: 4px 10px; border-radius: 6px; color: var(--muted); font-weight: 650; }
  .fold summary::-webkit-details-marker { display: none; }
  .fold details span { position: absolute; z-index: 3; top: 34px; left: 0; display: grid; min-width: 180px; max-width: 80vw; padding: 6px; background: var(--raised); border: 1px solid var(--line); border-radius: 10px; box-shadow: var(--shadow); }
  .fold details span a { padding: 7px 10px; color: var(--text); }
  .bar { position: sticky; top: 0; z-index: 2; display: flex; gap: 8px; align-items: flex-start; padding: 8px 0; background: var(--bg); }
  .tools { flex: 1; display: flex; flex-wrap: wrap; gap: 8px; align-items: center; min-width: 0; }
  .tools.away { display: contents; --tools: none; }
  .tools.away .new { display: none; }
  .chosen { gap: 2px; }
  .chosen b { font-weight: 620; padding: 0 10px 0 2px; white-space: nowrap; }
  .chosen button { border-color: transparent; background: none; padding: 5px 8px; font-size: 14px; }
  .chosen button.bare { padding: 0; }
  .chosen button:hover { background: var(--accent-soft); }
  .chosen .icon { color: var(--muted); }
  .chosen .risky, .chosen .risky .icon { color: var(--bad); }
  .find { display: flex; gap: 8px; flex: 0 1 240px; min-width: 120px; }
  .find > label:first-child { position: relative; display: block; flex: 1; min-width: 0; }
  .find .icon { position: absolute; left: 10px; top: 9px; color: var(--muted); pointer-events: none; }
  .find input { width: 100%; padding-left: 34px; }
  .sort { display: none; }
  select { font: inherit; color: inherit; background: var(--surface); border: 1px solid var(--line-strong); border-radius: 8px; padding: 5px 10px; min-height: 36px; }
  ::slotted(:not([slot])) { margin-bottom: 16px; }
  table { overflow-anchor: none; width: 100%; border-collapse: separate; border-spacing: 0; table-layout: fixed; background: var(--surface); border: 1px solid var(--line); border-radius: 12px; overflow: clip; user-select: none; -webkit-user-select: none; -webkit-touch-callout: none; }
  table:focus-visible { outline-offset: 1px; }
  thead th { position: sticky; top: 52px; z-index: 1; background: var(--surface); font-weight: 550; color: var(--muted); font-size: 13px; text-align: left; padding: 3px 6px; border-bottom: 1px solid var(--line); }
  th button { font-weight: inherit; border: 0; background: none; padding: 3px 10px; min-height: 30px; gap: 4px; }
  th button:hover { background: var(--accent-soft); }
  th button .icon { width: 14px; height: 14px; }
  th[aria-sort] { color: var(--text); }
  td { padding: 5px 16px; height: 45px; border-bottom: 1px solid color-mix(in srgb, var(--line) 70%, transparent); }
  .room td { padding: 0; border: 0; }
  tbody tr:last-child td { border-bottom: 0; }
  tbody tr:hover td { background: color-mix(in srgb, var(--accent) 5%, var(--surface)); }
  tbody tr[aria-selected="true"] td { background: var(--accent-soft); }
  tbody tr.over td { background: var(--accent-soft); box-shadow: inset 0 2px var(--accent), inset 0 -2px var(--accent); }
  tbody tr:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; border-radius: 6px; }
  tr.cut .name, tr.cut .under { opacity: 0.5; }
  th.pick, td.pick, col.pick { width: 44px; padding-right: 0; }
  td.pick { padding-left: 16px; }
  th.pick { padding-left: 16px; }
  input[type="checkbox"] { display: block; width: 18px; height: 18px; min-height: 0; margin: 0; padding: 0; accent-color: var(--accent); opacity: 0.75; }
  input[type="checkbox"]:checked, input[type="checkbox"]:indeterminate, tr:hover input[type="checkbox"], input[type="checkbox"]:focus-visible { opacity: 1; }
  td.pick + td { padding-left: 4px; }
  td.pick, th.pick label { cursor: pointer; }
  th.pick label { display: grid; place-items: center; width: 32px; height: 32px; margin: -7px; }
  .n { text-align: right; }
  .size { width: 110px; }
  .time { width: 208px; }
  col.acts { width: 54px; }
  th.acts, td.acts { padding: 5px 10px; }
  /* The row holds its buttons, not their cell: a placed cell would be painted over the ring of the row. */
  tr[data-row] { position: relative; }
  td.n, td.time { color: var(--muted); font-size: 14px; white-space: nowrap; }
  td.acts div { position: absolute; right: 6px; top: 50%; translate: 0 -50%; display: flex; background: inherit; border-radius: 8px; }
  td.acts .bare { width: 30px; }
  .quick { opacity: 0; transition: opacity var(--fast); }
  tr:hover .quick, tr:focus-within .quick { opacity: 1; }
  .name { display: inline-flex; max-width: 100%; gap: 10px; align-items: center; color: inherit; text-decoration: none; border-radius: 6px; min-height: 34px; vertical-align: middle; }
  .name .icon { color: var(--muted); }
  .name:hover span { text-decoration: underline; text-underline-offset: 3px; text-decoration-color: var(--accent); }
  .name span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  [data-folder] .name .icon { color: var(--accent); }
  .where { display: block; margin: -4px 0 2px 28px; color: var(--muted); font-size: 13px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .under { display: none; }
  .ok { display: inline-flex; align-items: center; gap: 4px; color: var(--ok); font-weight: 550; }
  .fresh td { animation: arrive 1.6s ease-out; }
  @keyframes arrive { from { background: var(--accent-soft); } }
  .blank { text-align: center; color: var(--muted); padding: 56px 16px; background: var(--surface); border: 1px solid var(--line); border-radius: 12px; }
  .blank .icon { width: 32px; height: 32px; stroke-width: 1.1; }
  .blank p { margin: 8px 0 16px; }
  .blank p:last-child { margin-bottom: 0; }
  .blank b { color: var(--text); font-weight: 620; }
  .skeleton { background: var(--surface); border: 1px solid var(--line); border-radius: 12px; animation: appear 0.4s 0.2s both; }
  .skeleton div { display: flex; gap: 12px; align-items: center; height: 46px; padding: 0 18px; }
  .skeleton i { width: 20px; height: 20px; border-radius: 6px; background: var(--track); animation: breathe 1.4s ease-in-out infinite alternate; }
  .skeleton i + i { height: 12px; flex: 0 1 40%; }
  .skeleton .w28 { flex-basis: 28%; } .skeleton .w34 { flex-basis: 34%; } .skeleton .w46 { flex-basis: 46%; } .skeleton .w52 { flex-basis: 52%; } .skeleton .w58 { flex-basis: 58%; }
  @keyframes appear { from { opacity: 0; } }
  @keyframes breathe { to { opacity: 0.45; } }
  .replace { color: var(--bad); border-color: color-mix(in srgb, var(--bad) 55%, var(--line)); }
  .searched { margin: 0 0 10px; color: var(--muted); font-size: 14px; }
  .rest { margin: 12px 0 0; color: var(--muted); font-size: 14px; text-align: center; }
  .trouble { display: flex; gap: 10px; align-items: center; margin: 0 0 16px; padding: 10px 14px; border-radius: 12px; background: var(--bad-soft); color: var(--bad); }
  table + .trouble { margin: 16px 0 0; }
  .trouble button { color: var(--text); }
  @media (hover: none) { .quick { display: none; } .time { width: 160px; } }
  @container (max-width: 1000px) { .chosen + .find { display: none; } }
  @container (max-width: 680px) {
    .time { width: 150px; }
    /* The buttons take the place of the time, which would be cut under them. */
    tr:is(:hover, :focus-within) td.time > * { visibility: hidden; }
  }
  @container (max-width: 720px) {
    .step.folded { display: none; }
    .fold { display: inline-flex; }
    .bar { flex-wrap: wrap; }
    .tools { flex: 1 1 100%; }
    .find { flex: 1 1 100%; }
  }
  @container (max-width: 560px) {
    .quick, .size, .time, .new span { display: none; }
    .new { padding: 0; width: 38px; }
    .sort { display: block; }
    .chosen { flex-wrap: nowrap; }
    .chosen [data-command="move"], .chosen [data-command="copy"], .chosen [data-command="rename"] { display: none; }
    .chosen b { flex: 1; overflow: hidden; text-overflow: ellipsis; }
    .chosen button:not(.bare) { padding: 5px 7px; }
    .chosen button:not(.bare) .icon { display: none; }
    col.acts { width: 48px; }
    th.acts, td.acts { padding: 5px 6px; }
    thead { position: absolute; clip-path: inset(50%); }
    td { padding: 7px 8px; }
    th.pick, td.pick, col.pick { width: 40px; }
    td.pick { padding-left: 14px; }
    .name { min-height: 24px; display: flex; }
    .under { display: block; color: var(--muted); font-size: 13px; margin-left: 28px; }
    .under:empty { display: none; }
    tr[data-row] { height: 59px; }
  }
  @container (max-width: 400px) { .chosen [data-command="share"] { display: none; } }
  @media (forced-colors: active) {
    tbody tr[aria-selected="true"] td { border-block: 1px solid Highlight; }
  }
`;
