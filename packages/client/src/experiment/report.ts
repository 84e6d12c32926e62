/**
 * The report of an experiment: one HTML file that needs nothing beside it, no network and no script. It holds both of its
 * languages, and shows one.
 *
 * @module
 */

import type { Experiment, ExperimentRun } from "@naru/core";
import { adviceOf, placesOf } from "./advice.ts";
import { barChart, escapeHtml, lineChart } from "./chart.ts";
import { style } from "./report-style.ts";
import { type ReportLanguage, type ReportWords, reportWords } from "./report-words.ts";
import { caseKey, isOf, type Result, type ResultColumn, type ResultRow, type Results, resultsOf } from "./results.ts";
import { wayName } from "./way-name.ts";

const MiB = 1024 ** 2;
const languages: readonly ReportLanguage[] = ["en", "ko"];

export interface ReportOptions {
  /** Shown first. */
  readonly language: ReportLanguage;
  /** The command that repeats it. */
  readonly command?: string | undefined;
}

/** Write the report. */
export function experimentReport(experiment: Experiment, { language, command }: ReportOptions): string {
  const results = resultsOf(experiment);
  const switches = languages.map(
    (one) =>
      `<input type="radio" name="language" id="${one}"${one === language ? " checked" : ""}><label for="${one}" lang="${one}">${one === "en" ? "English" : "한국어"}</label>`,
  );
  const parts = [
    `<fieldset class="languages"><legend>${both((t) => t.language)}</legend>${switches.join("")}</fieldset>`,
    `<h1>${both((t) => t.title)}</h1>`,
    `<p class="when">${both((t) => t.began)} <time>${escapeHtml(experiment.began.slice(0, 16).replace("T", " "))} UTC</time> · ${both((t) => t.server)} ${escapeHtml(experiment.server)}</p>`,
    advices(experiment),
    section(({ main }) => ({ ...main, text: `${main.text} ${main.best}` }), mainTable(results)),
    section((t) => t.bars, bars(results)),
    paceSection(experiment, results),
    section((t) => t.details, detailTable(results)),
    leftOut(experiment),
    environment(experiment, command),
  ];
  return `<!doctype html>
<html lang="${language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${escapeHtml(reportWords[language].title)}</title>
<style>${style}</style>
<main>
${parts.join("\n")}
</main>
</html>
`;
}

/** Say something in both languages; the one that is not chosen is not shown. */
function both(say: (words: ReportWords) => string): string {
  const texts = languages.map((language) => [language, escapeHtml(say(reportWords[language]))] as const);
  const [[, first] = [], [, second] = []] = texts;
  if (first === second) return first ?? "";
  return texts.map(([language, text]) => `<span lang="${language}">${text}</span>`).join("");
}

/** Which way to choose; where two programs were measured, for each. */
function advices(experiment: Experiment): string {
  const places = placesOf(experiment);
  if (places.length === 0) return `<p class="advice">${both((t) => t.noAdvice)}</p>`;
  return places
    .map((place) => {
      const advice = adviceOf(experiment, place);
      const name = (t: ReportWords): string => (places.length > 1 ? `${t.programs[place]}: ` : "");
      return `<p class="advice">${both((t) => name(t) + (advice ? t.advice(advice) : t.noAdvice))}</p>`;
    })
    .join("");
}

function section(
  words: (t: ReportWords) => { readonly title: string; readonly text: string },
  content: string,
): string {
  return `<section><h2>${both((t) => words(t).title)}</h2><p>${both((t) => words(t).text)}</p>${content}</section>`;
}

function mainTable(results: Results): string {
  const head = results.columns
    .map((column) => `<th scope="col">${both((t) => wayName(column, results.columns, t))}</th>`)
    .join("");
  const rows = results.rows.map(({ of, results: row }) => {
    const best = Math.min(
      ...row
        .filter((_, index) => results.columns[index]?.way !== "plain")
        .map((result) => result?.seconds.mean ?? Number.POSITIVE_INFINITY),
    );
    const cells = row.map((result) => {
      if (result === undefined) return `<td class="none">–</td>`;
      const text = meanText(result);
      return `<td>${result.seconds.mean === best && result.way !== "plain" ? `<strong>${text}</strong>` : text}</td>`;
    });
    return `<tr><th scope="row">${both((t) => t.what(of))}</th>${cells.join("")}</tr>`;
  });
  return `<div class="wide"><table><thead><tr><th scope="col">${both((t) => t.columns.files)}</th>${head}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function bars(results: Results): string {
  return results.rows
    .map(({ of, results: row }) => {
      const drawn = (language: ReportLanguage): string => {
        const t = reportWords[language];
        const own = row.flatMap((result) =>
          result === undefined ? [] : [barOf(result, wayName(result, results.columns, t), t)],
        );
        return `<figure lang="${language}"><figcaption>${escapeHtml(t.what(of))}</figcaption>${barChart(own, t.what(of))}</figure>`;
      };
      return row.some((result) => result !== undefined) ? languages.map(drawn).join("") : "";
    })
    .join("");
}

function barOf(result: Result, label: string, t: ReportWords): Parameters<typeof barChart>[0][number] {
  const { mean: value, deviation } = result.seconds;
  return {
    label,
    value,
    deviation,
    colour: `--${result.way}`,
    text: `${secondsText(value)} ${t.seconds}`,
  };
}

/** Of the largest upload of one file, the run of each way that is nearest its median. */
function paceSection({ runs }: Experiment, results: Results): string {
  const single = results.rows.filter(({ of }) => of.direction === "up" && of.files === 1);
  const largest = single.toSorted((one, other) => other.of.size - one.of.size)[0];
  if (largest === undefined) return "";
  const series = results.columns.flatMap((column, index) => {
    const run = typicalRun(runs, largest, column, largest.results[index]);
    const points = run === undefined ? [] : paceOf(run);
    return points.length < 3 ? [] : [{ column, points }];
  });
  if (series.length === 0) return "";
  const drawn = languages.map((language) => {
    const t = reportWords[language];
    const lines = series.map(({ column, points }) => ({
      label: wayName(column, results.columns, t),
      colour: `--${column.way}`,
      isDashed: column.place === "browser",
      points,
    }));
    const chart = lineChart(lines, { title: t.pace.title, unit: "MiB/s", seconds: t.seconds });
    return `<figure lang="${language}"><figcaption>${escapeHtml(t.what(largest.of))}</figcaption>${chart}</figure>`;
  });
  return section((t) => t.pace, drawn.join(""));
}

function typicalRun(
  runs: readonly ExperimentRun[],
  { of }: ResultRow,
  column: ResultColumn,
  result: Result | undefined,
): ExperimentRun | undefined {
  if (result === undefined) return undefined;
  const far = ({ seconds = Number.POSITIVE_INFINITY }: ExperimentRun): number =>
    Math.abs(seconds - result.seconds.median);
  const own = runs.filter((run) => caseKey(run) === caseKey(of) && isOf(run, column) && run.samples !== undefined);
  return own.toSorted((one, other) => far(one) - far(other))[0];
}

/** Speeds between neighbouring samples, in MiB a second. */
function paceOf({ samples = [] }: ExperimentRun): (readonly [number, number])[] {
  const points: (readonly [number, number])[] = [];
  for (const [index, [at = 0, bytes = 0]] of samples.entries()) {
    const [before = 0, held = 0] = samples[index - 1] ?? [];
    if (index > 0 && at > before) points.push([at, (bytes - held) / (at - before) / MiB]);
  }
  return points;
}

function detailTable(results: Results): string {
  const heads = [
    (t: ReportWords) => t.columns.files,
    (t: ReportWords) => t.columns.way,
    (t: ReportWords) => t.columns.runs,
    (t: ReportWords) => t.columns.mean,
    (t: ReportWords) => t.columns.median,
    (t: ReportWords) => t.columns.speed,
    (t: ReportWords) => t.columns.cpu,
    (t: ReportWords) => t.columns.carried,
    (t: ReportWords) => t.columns.ratio,
    (t: ReportWords) => t.columns.failed,
  ];
  const rows = results.rows.flatMap(({ of, results: row }) =>
    row.flatMap((result) => {
      if (result === undefined) return [];
      const cells = [
        both((t) => t.what(of)),
        both((t) => wayName(result, results.columns, t)),
        String(result.seconds.count),
        meanText(result),
        secondsText(result.seconds.median),
        (result.bytesPerSecond / MiB).toFixed(1),
        result.cpuSeconds === undefined ? "–" : secondsText(result.cpuSeconds),
        result.bytesCarried === undefined ? "–" : result.bytesCarried.toLocaleString("en"),
        result.ratio === undefined ? "–" : result.ratio.toFixed(2),
        String(result.failures),
      ];
      return [`<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`];
    }),
  );
  return `<div class="wide"><table class="details"><thead><tr>${heads.map((head) => `<th scope="col">${both(head)}</th>`).join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function leftOut({ left, runs }: Experiment): string {
  const failed = new Map(
    runs.flatMap(({ way, place, failure }) =>
      failure === undefined ? [] : [[`${place} ${way}`, { way, place, why: failure }] as const],
    ),
  );
  const all = [...left, ...failed.values()];
  if (all.length === 0) return "";
  const items = all.map(
    ({ way, place, why }) => `<li>${both((t) => `${t.ways[way]} (${t.places[place]})`)}: ${escapeHtml(why)}</li>`,
  );
  return `<section><h2>${both((t) => t.left)}</h2><ul>${items.join("")}</ul></section>`;
}

function environment({ computers }: Experiment, command: string | undefined): string {
  const items = computers.map(({ place, program, system, cpus, memory }) => {
    const size = memory === undefined ? undefined : `${(memory / 1024 ** 3).toFixed(0)} GiB`;
    return `<li>${both((t) => t.places[place])}: ${escapeHtml(program)}, ${escapeHtml(system)}, ${both((t) => t.computer(cpus, size))}</li>`;
  });
  const again = command === undefined ? "" : `<p>${both((t) => t.repeat)} <code>${escapeHtml(command)}</code></p>`;
  return `<section><h2>${both((t) => t.environment)}</h2><ul>${items.join("")}</ul>${again}</section>`;
}

function meanText({ seconds: { mean, deviation } }: Result): string {
  return `${secondsText(mean)} ± ${secondsText(deviation)}`;
}

/** Three digits that count, as the precision of a clock over a network. */
export function secondsText(seconds: number): string {
  if (seconds >= 100) return seconds.toFixed(0);
  return seconds >= 10 ? seconds.toFixed(1) : seconds.toFixed(2);
}
