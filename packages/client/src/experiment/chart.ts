/** Pictures of an experiment, as SVG that needs nothing beside it. Colours are the report's variables. */

/** One bar, with its deviation. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  readonly deviation: number;
  /** The variable of its colour, such as `--direct`. */
  readonly colour: string;
  /** What is written at its end. */
  readonly text: string;
}

/** One line: points of seconds and of a value. */
export interface Line {
  readonly label: string;
  readonly colour: string;
  readonly isDashed: boolean;
  readonly points: readonly (readonly [number, number])[];
}

const barHeight = 18;
const barStep = 26;
const leastLabel = 190;
/** More than most letters of a label take. */
const letterWidth = 8.2;
const width = 760;
const textWidth = 120;

/** Draw bars below each other, from a common zero. */
export function barChart(bars: readonly Bar[], title: string): string {
  const labelWidth = roomFor(bars);
  const most = Math.max(...bars.map(({ value, deviation }) => value + deviation), 1e-9);
  const x = (value: number): number => labelWidth + (value / most) * (width - labelWidth - textWidth);
  const height = bars.length * barStep + 4;
  const drawn = bars.map(({ label, value, deviation, colour, text }, index) => {
    const y = index * barStep + 4;
    const middle = y + barHeight / 2;
    const [from, to] = [x(Math.max(0, value - deviation)), x(value + deviation)];
    return `<text x="${labelWidth - 8}" y="${middle}" text-anchor="end" dominant-baseline="central">${escapeHtml(label)}</text>
<rect x="${labelWidth}" y="${y}" width="${place(x(value) - labelWidth)}" height="${barHeight}" rx="2" fill="var(${colour})"/>
<path d="M${place(from)} ${middle}H${place(to)}M${place(from)} ${middle - 4}v8M${place(to)} ${middle - 4}v8" stroke="var(--ink)" fill="none"/>
<text x="${place(to) + 8}" y="${middle}" dominant-baseline="central">${escapeHtml(text)}</text>`;
  });
  return svg(height, title, drawn.join("\n"));
}

const plotHeight = 220;
const margin = { left: 52, bottom: 34, top: 26 };
const beforeLegend = 40;

/** Draw lines over seconds, with their names beside the picture. */
export function lineChart(
  lines: readonly Line[],
  { title, unit, seconds }: { title: string; unit: string; seconds: string },
): string {
  const points = lines.flatMap((line) => line.points);
  const longest = Math.max(...points.map(([at]) => at), 1e-9);
  const highest = niceAbove(Math.max(...points.map(([, value]) => value), 1e-9));
  const right = width - beforeLegend - roomFor(lines);
  const x = (at: number): number => margin.left + (at / longest) * (right - margin.left);
  const y = (value: number): number => margin.top + (1 - value / highest) * plotHeight;
  const grid = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const at = place(y(share * highest));
    return `<path d="M${margin.left} ${at}H${right}" stroke="var(--line)"/><text x="${margin.left - 6}" y="${at}" text-anchor="end" dominant-baseline="central">${plain(share * highest)}</text>`;
  });
  const drawn = lines.map(({ label, colour, isDashed, points }, index) => {
    const path = points
      .map(([at, value], step) => `${step === 0 ? "M" : "L"}${place(x(at))} ${place(y(value))}`)
      .join("");
    const top = margin.top + 10 + index * 22;
    const stroke = `fill="none" stroke="var(${colour})" stroke-width="2"${isDashed ? ' stroke-dasharray="5 3"' : ""}`;
    return `<path d="${path}" ${stroke}/>
<path d="M${right + 15} ${top}h14" ${stroke}/><text x="${right + 34}" y="${top}" dominant-baseline="central">${escapeHtml(label)}</text>`;
  });
  const base = margin.top + plotHeight;
  const axis = `<text x="${margin.left}" y="${base + 18}" text-anchor="middle">0</text><text x="${right}" y="${base + 18}" text-anchor="end">${plain(longest)} ${escapeHtml(seconds)}</text><text x="${margin.left - 6}" y="10" text-anchor="end" class="unit">${escapeHtml(unit)}</text>`;
  return svg(base + margin.bottom, title, [...grid, axis, ...drawn].join("\n"));
}

function roomFor(labelled: readonly { readonly label: string }[]): number {
  return Math.max(leastLabel, ...labelled.map(({ label }) => Math.ceil(label.length * letterWidth) + 8));
}

/** The smallest round number that is not below: 1, 2, 2.5 or 5 with zeros. */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 2.5, 5, 10].find((one) => one * power >= value) ?? 10;
  return step * power;
}

function svg(height: number, title: string, content: string): string {
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(title)}">${content}</svg>`;
}

function place(value: number): number {
  return Number(value.toFixed(1));
}

function plain(value: number): string {
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

/** Make text safe within HTML and its attributes. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
