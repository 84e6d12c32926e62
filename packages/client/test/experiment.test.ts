import { decodeExperiment, type Experiment, type ExperimentRun, type ExperimentWay, MiB } from "@naru/core";
import { expect, test } from "vitest";
import { adviceOf, experimentReport, resultsOf, scheduleOf, summaryOf, withRuns } from "../src/experiment/index.ts";

type Times = Readonly<Partial<Record<ExperimentWay, readonly number[]>>>;

/** Uploads of 64 MiB; each way took these seconds, round by round. */
function runsOf(times: Times, more: Partial<ExperimentRun> = {}): ExperimentRun[] {
  return Object.entries(times).flatMap(([way, seconds]) =>
    seconds.map((one, index) => ({
      way: way as ExperimentWay,
      place: "command-line" as const,
      direction: "up" as const,
      files: 1,
      size: 64 * MiB,
      parallel: 1,
      round: index + 1,
      seconds: one,
      bytesCarried: 64 * MiB,
      ...more,
    })),
  );
}

function experimentOf(runs: readonly ExperimentRun[]): Experiment {
  const computers = [
    { place: "command-line" as const, program: "naru", system: "Linux", cpus: 2, memory: 8 * 1024 ** 3 },
  ];
  return {
    version: "1",
    began: "2026-11-30T09:00:00.000Z",
    server: "https://files.example.com",
    computers,
    left: [],
    runs,
  };
}

test("a series has its mean, its deviation as a sample, and its median", () => {
  expect(summaryOf([2, 4, 4, 10])).toEqual({ count: 4, mean: 5, deviation: Math.sqrt(36 / 3), median: 4 });
  expect(summaryOf([3])).toEqual({ count: 1, mean: 3, deviation: 0, median: 3 });
  expect(() => summaryOf([])).toThrow(RangeError);
});

test("a ratio compares each round with itself, so that a network that slows down changes none", () => {
  const { rows } = resultsOf({ runs: runsOf({ plain: [1, 2, 4], direct: [1.1, 2.2, 4.4] }) });
  expect(rows[0]?.results.map((result) => result?.ratio?.toFixed(2))).toEqual(["1.00", "1.10"]);
});

test("what failed is counted, and leaves the times of the others alone", () => {
  const runs = runsOf({ direct: [1, 3] });
  const [first] = runs;
  if (first === undefined) throw new Error("no runs");
  const { seconds: _, ...failed } = { ...first, failure: "it broke" };
  const { rows } = resultsOf({ runs: [...runs, failed] });
  expect(rows[0]?.results[0]).toMatchObject({ failures: 1, seconds: { mean: 2, count: 2 } });
});

test("the way that is advised is the fastest; of two as fast, the one whose bytes pass through fewer programs", () => {
  const fast = experimentOf(runsOf({ plain: [5, 5], direct: [8, 8], proxy: [6, 6], sftp: [9, 9] }));
  expect(adviceOf(fast)).toMatchObject({ way: "proxy", why: "fastest", slowest: { way: "sftp", ratio: 1.5 } });
  const close = experimentOf(runsOf({ direct: [6.1, 6.1], proxy: [6, 6] }));
  expect(adviceOf(close)).toMatchObject({ way: "direct", why: "as-fast" });
  expect(adviceOf(experimentOf(runsOf({ ftp: [1] })))).toMatchObject({ way: "ftp", why: "only" });
  expect(adviceOf(experimentOf(runsOf({ plain: [1] })))).toBeUndefined();
});

test("what a browser measured stands beside what the command line did, and replaces what it had measured before", () => {
  const own = experimentOf(runsOf({ direct: [1] }));
  const browser = (seconds: number): Experiment => ({
    ...experimentOf(runsOf({ direct: [seconds] }, { place: "browser" })),
    computers: [{ place: "browser", program: "Chromium", system: "Linux", cpus: 2 }],
  });
  const both = withRuns(withRuns(own, browser(9)), browser(2));
  expect(both.runs.map(({ place, seconds }) => [place, seconds])).toEqual([
    ["command-line", 1],
    ["browser", 2],
  ]);
  expect(both.computers).toHaveLength(2);
});

test("a browser is advised by what the browser measured; a report of two programs advises each", () => {
  const own = runsOf({ direct: [1], proxy: [2] });
  const ofBrowser = runsOf({ direct: [4], proxy: [2] }, { place: "browser" });
  const both = experimentOf([...own, ...ofBrowser]);
  expect(adviceOf(both)).toMatchObject({ way: "direct" });
  expect(adviceOf(both, "browser")).toMatchObject({ way: "proxy", slowest: { way: "direct", ratio: 2 } });
  const report = experimentReport(both, { language: "en" });
  expect(report).toContain("Command line: Here, send files direct to the store");
  expect(report).toContain("Browser: Here, send files through the server");
  expect(report).toContain("direct to the store (browser)");
  const alone = experimentReport(experimentOf(ofBrowser), { language: "en" });
  expect(alone).not.toMatch(/Browser: Here|store \(browser\)/);
});

test("a round begins with another way than the last, and fetches only by ways that can", () => {
  const ways = [{ way: "plain", fetch: true }, { way: "direct", fetch: true }, { way: "agent" }] as const;
  const schedule = scheduleOf(ways, { sizes: [MiB], parallel: [1], download: true, runs: 2 });
  expect(schedule.map(({ round, direction, way }) => `${round} ${direction} ${way.way}`)).toEqual([
    "1 up direct",
    "1 up agent",
    "1 up plain",
    "1 down direct",
    "1 down plain",
    "2 up agent",
    "2 up plain",
    "2 up direct",
    "2 down plain",
    "2 down direct",
  ]);
});

test("an experiment that was saved is read back; another file is refused", () => {
  const experiment = experimentOf(runsOf({ direct: [1] }));
  expect(decodeExperiment(JSON.parse(JSON.stringify(experiment)))).toEqual(experiment);
  expect(() => decodeExperiment({ runs: [] })).toThrow(/version/);
});

test("a report holds no markup that a name brings with it", () => {
  const experiment = { ...experimentOf(runsOf({ direct: [1] })), server: 'https://"><b>x' };
  expect(experimentReport(experiment, { language: "en", command: "naru <b>" })).not.toContain("<b>");
});
