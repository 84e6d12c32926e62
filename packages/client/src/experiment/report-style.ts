/** How the report looks, in light and dark and on paper. */
export const style = `
:root { color-scheme: light dark; --ink: #1c1e21; --soft: #5b6068; --line: #d9dce1; --page: #fff; --panel: #f5f6f8;
  --plain: #8a9099; --direct: #0b63ce; --proxy: #2a8f6a; --sftp: #a8640a; --ftp: #b04a87; --agent: #6b52c8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7e9ec; --soft: #a2a8b1; --line: #3a3e45; --page: #17181b; --panel: #212327;
  --plain: #8a9099; --direct: #5aa2ff; --proxy: #4fc296; --sftp: #e0a04a; --ftp: #e084bd; --agent: #a18cf0; } }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, "Noto Sans KR", sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
h1 { font-size: 1.5rem; margin: 0 0 0.25rem; }
h2 { font-size: 1.1rem; margin: 2.25rem 0 0.25rem; }
p { margin: 0.25rem 0 0.75rem; }
section > p, .when, figcaption { color: var(--soft); }
.advice { font-size: 1.05rem; margin: 1rem 0; padding: 0.75rem 1rem; background: var(--panel); border-left: 3px solid var(--direct); }
.languages { float: right; border: 0; margin: 0; padding: 0; display: flex; gap: 0.25rem 0.75rem; flex-wrap: wrap; }
.languages legend { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.languages label { padding-right: 0.5rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; width: 100%; }
th, td { padding: 0.35rem 0.6rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th:first-child, td:first-child, .details td:nth-child(2), .details th:nth-child(2) { text-align: left; }
th { font-weight: 600; }
.none { color: var(--soft); }
figure { margin: 0.75rem 0 1.5rem; overflow-x: auto; }
svg { width: 100%; min-width: 34rem; height: auto; display: block; }
svg text { fill: var(--ink); font-size: 13px; }
.unit { fill: var(--soft); }
code { background: var(--panel); padding: 0.1rem 0.35rem; border-radius: 3px; overflow-wrap: anywhere; }
body:has(#en:checked) :is(span, figure)[lang="ko"], body:has(#ko:checked) :is(span, figure)[lang="en"] { display: none; }
@media print { .languages { display: none; } section { break-inside: avoid; } }
`;
