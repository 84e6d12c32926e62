import {
  adviceOf,
  placesOf,
  type ReportWords,
  type Result,
  type ResultColumn,
  type ResultRow,
  resultsOf,
  secondsText,
  wayName,
} from "@naru/client/experiment";
import { type Experiment, MiB } from "@naru/core";
import { html, nothing, type TemplateResult } from "lit";

/** Draw what an experiment says: the advice, a table with a row for each way, and what was not measured. */
export function experimentTable(experiment: Experiment, t: ReportWords): TemplateResult {
  const { columns, rows } = resultsOf(experiment);
  const nameOf: NameOf = (column) => wayName(column, columns, t);
  return html`${adviceLines(experiment, t)}
    <div class="wide" tabindex="0" role="region" aria-label=${t.main.title}><table>
      <thead><tr><th scope="col">${t.columns.way}</th><th scope="col">${t.columns.mean} (${t.seconds})</th><th scope="col">${t.columns.ratio}</th><th scope="col">${t.columns.speed}</th></tr></thead>
      ${rows.map((row) => caseRows(row, nameOf, t))}
    </table></div>
    <p class="muted">${t.details.text}</p>
    ${leftOut(experiment, nameOf, t)}`;
}

type NameOf = (column: ResultColumn) => string;

function adviceLines(experiment: Experiment, t: ReportWords): TemplateResult {
  const places = placesOf(experiment);
  return html`${places.map((place) => {
    const advice = adviceOf(experiment, place);
    const name = places.length > 1 ? `${t.programs[place]}: ` : "";
    return html`<p class="advice" data-place=${place}>${name}${advice === undefined ? t.noAdvice : t.advice(advice)}</p>`;
  })}`;
}

function caseRows({ of, results }: ResultRow, nameOf: NameOf, t: ReportWords): TemplateResult {
  const measured = results.filter((result) => result !== undefined);
  const best = Math.min(...measured.filter(({ way }) => way !== "plain").map(({ seconds }) => seconds.mean));
  return html`<tbody data-direction=${of.direction} data-size=${of.size}>
    <tr><th scope="rowgroup" colspan="4">${t.what(of)}</th></tr>
    ${measured.map((result) => resultRow(result, best, nameOf(result)))}
  </tbody>`;
}

function resultRow(result: Result, best: number, name: string): TemplateResult {
  const { way, place, seconds, ratio, bytesPerSecond } = result;
  const mean = `${secondsText(seconds.mean)} ± ${secondsText(seconds.deviation)}`;
  return html`<tr data-way=${way} data-place=${place}><th scope="row">${name}</th>
    <td>${seconds.mean === best && way !== "plain" ? html`<strong>${mean}</strong>` : mean}</td>
    <td>${ratio === undefined ? "–" : ratio.toFixed(2)}</td><td>${(bytesPerSecond / MiB).toFixed(1)}</td></tr>`;
}

function leftOut({ left, runs }: Experiment, nameOf: NameOf, t: ReportWords): TemplateResult | typeof nothing {
  const failed = runs.flatMap(({ way, place, failure }) =>
    failure === undefined ? [] : [{ way, place, why: failure }],
  );
  const lines = [...left, ...failed];
  if (lines.length === 0) return nothing;
  return html`<h3>${t.left}</h3><ul>${lines.map((one) => html`<li>${nameOf(one)}: <span lang="en">${one.why}</span></li>`)}</ul>`;
}
