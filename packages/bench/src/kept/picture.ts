/** A benchmark as a picture: bars of medians with their range, peers grey, targets dashed. SVG that stands alone. */

import { type Contest, figureOf, type Standing } from "../contest.ts";
import { isFigureTarget, isReached, ratioOf } from "../verdict.ts";

const width = 760;
const leastLabel = 160;
/** More than most letters of a label take. */
const letterWidth = 7.3;
const textWidth = 130;
const barHeight = 16;
const barStep = 24;
const titleStep = 34;

const style = `
  text { font: 13px system-ui, sans-serif; fill: #1f2937 }
  .title { font-weight: 600 }
  .peer { fill: #9ca3af } .reached { fill: #2563eb } .missed { fill: #d97706 }
  .range { stroke: #1f2937; fill: none } .target { stroke: #dc2626; stroke-dasharray: 3 3 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e5e7eb } .range { stroke: #e5e7eb } .reached { fill: #60a5fa } .missed { fill: #fbbf24 }
  }`;

/** Draw all contests of a benchmark below each other, each from a zero of its own. */
export function picture(contests: readonly Contest[]): string {
  let y = 0;
  const names = contests.flatMap(({ standings }) => standings.map(({ name }) => name.length));
  const labelWidth = Math.max(leastLabel, Math.max(...names, 0) * letterWidth + 12);
  const drawn = contests.map((contest) => {
    const { content, height } = chart(contest, { top: y, labelWidth });
    y += height;
    return content;
  });
  const label = xml(contests.map(({ title }) => title).join("; "));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y + 6}" role="img" aria-label="${label}"><style>${style}
</style>
${drawn.join("\n")}
</svg>
`;
}

/** What a contest is about: seconds, unless all its targets are about another figure. */
export function mainFigure({ standings }: Contest): string {
  const about = new Set(
    standings.flatMap(({ target }) =>
      target === undefined ? [] : isFigureTarget(target) ? [target.of] : [target.figures?.[0] ?? "seconds"],
    ),
  );
  const [only] = about;
  return about.size === 1 && only !== undefined ? only : "seconds";
}

function chart(
  contest: Contest,
  { top, labelWidth }: { top: number; labelWidth: number },
): { content: string; height: number } {
  const figure = mainFigure(contest);
  const shown = contest.standings.flatMap((standing) => {
    const value = figureOf(standing, figure);
    return value === undefined ? [] : [{ standing, value, ...rangeOf(standing, figure) }];
  });
  const most = Math.max(...shown.map(({ high }) => high), 1e-9);
  const x = (value: number): number => labelWidth + (Math.min(value, most) / most) * (width - labelWidth - textWidth);
  const bars = shown.map(({ standing, value, low, high }, index) => {
    const y = top + titleStep + index * barStep;
    const middle = y + barHeight / 2;
    const kind = standing.target === undefined ? "peer" : isReached(standing, contest.standings) ? "reached" : "missed";
    const limit = limitOf(standing, figure, contest.standings);
    const mark = limit === undefined ? "" : `<path class="target" d="M${place(x(limit))} ${y - 3}v${barHeight + 6}"/>`;
    return `<text x="${labelWidth - 8}" y="${middle}" text-anchor="end" dominant-baseline="central">${xml(standing.name)}</text>
<rect class="${kind}" x="${labelWidth}" y="${y}" width="${place(x(value) - labelWidth)}" height="${barHeight}" rx="2"/>
<path class="range" d="M${place(x(low))} ${middle}H${place(x(high))}"/>${mark}
<text x="${place(x(high) + 8)}" y="${middle}" dominant-baseline="central">${figureText(value, figure)}</text>`;
  });
  const title = `<text class="title" x="0" y="${top + 20}">${xml(contest.title)}</text>`;
  return { content: [title, ...bars].join("\n"), height: titleStep + shown.length * barStep };
}

function rangeOf({ samples }: Standing, figure: string): { low: number; high: number } {
  const values = samples.flatMap((sample) => {
    const value = figureOf({ name: "", samples: [sample] }, figure);
    return value === undefined ? [] : [value];
  });
  return { low: Math.min(...values), high: Math.max(...values) };
}

/** Where the bar should end at most. */
function limitOf(standing: Standing, figure: string, standings: readonly Standing[]): number | undefined {
  const { target } = standing;
  if (target === undefined) return undefined;
  if (isFigureTarget(target)) return target.of === figure ? target.atMost : undefined;
  const value = figureOf(standing, figure);
  const reached = ratioOf(standing, figure, target.of, standings);
  return value === undefined || reached === undefined ? undefined : (value / reached) * target.atMost;
}

function figureText(value: number, figure: string): string {
  const units: Readonly<Record<string, string>> = { seconds: "s", cpuSeconds: "CPU s" };
  return `${value >= 100 ? value.toFixed(0) : value.toFixed(2)} ${units[figure] ?? xml(figure)}`;
}

function place(value: number): number {
  return Number(value.toFixed(1));
}

function xml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
