/** The part of `docs/benchmarks.md` that is written from what is kept. */

import { contestTable, type Outcome, verdictOf, versionsLine } from "../report.ts";

const begin = "<!-- measured: written by `npm run bench -- NAME --keep` -->";
const end = "<!-- /measured -->";

/** Put the outcomes into the page, in the place of those before. @throws {Error} when the page has no place for them */
export function measuredPage(before: string, outcomes: readonly Outcome[]): string {
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`Cannot write the measured part: the page has no "${begin}"`);
  const parts = [summary(outcomes), ...outcomes.map(section)];
  return [before.slice(0, from + begin.length), ...parts, before.slice(to)].join("\n\n");
}

/** Every target with what was reached, the missed ones as plain as the others. */
function summary(outcomes: readonly Outcome[]): string {
  const rows = outcomes.flatMap(({ benchmark, contests }) =>
    contests.flatMap(({ title, standings }) =>
      standings
        .filter(({ target }) => target !== undefined)
        .map((standing) => [`[${benchmark}](#${benchmark})`, title, standing.name, ...verdictOf(standing, standings)]),
    ),
  );
  const head = ["benchmark", "contest", "Naru", "figure", "target"];
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function section(outcome: Outcome): string {
  const { benchmark, machine, contests, chosen = [] } = outcome;
  const { cpu, cores, memoryGiB, kernel, node, load, when } = machine;
  const command = ["npm run bench --", benchmark, ...chosen].join(" ");
  const rounds = Math.max(...contests.flatMap(({ standings }) => standings.map(({ samples }) => samples.length)), 0);
  const words = [
    `### ${benchmark}`,
    `\`${command}\``,
    wrapped(
      `${rounds} ${rounds === 1 ? "round" : "rounds"} on ${when.slice(0, 10)}, load ${load.toFixed(1)} at the start; ${cpu}, ${cores} cores, ${memoryGiB} GiB, Linux ${kernel}, Node ${node.slice(1)}.`,
    ),
    ...versionsLine(outcome).map(wrapped),
    `![The medians of ${benchmark} as bars](benchmarks/${benchmark}.svg)`,
    ...contests.map((contest) => contestTable(contest).trim().replace(/^### /, "#### ")),
  ];
  return words.join("\n\n");
}

/** Break a paragraph into lines, as people write them here. */
function wrapped(text: string): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line.length + word.length < 140) lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
    else lines.push(word);
  }
  return lines.join("\n");
}
