import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Contest } from "../src/contest.ts";
import { keptOutcomes, page } from "../src/kept/kept-results.ts";
import { measuredPage } from "../src/kept/measured-page.ts";
import { picture } from "../src/kept/picture.ts";
import { type Outcome, verdictOf } from "../src/report.ts";

const samples = (...seconds: number[]) => seconds.map((each) => ({ seconds: each, cpuSeconds: each / 10 }));
const contest: Contest = {
  title: "64 MiB up, <100 Mbit/s>",
  standings: [
    { name: "curl", samples: samples(5, 5.2, 4.8) },
    { name: "naru put", samples: samples(5.1, 5.2, 5), target: { atMost: 1.03, of: ["curl"] } },
    { name: "Chromium", samples: samples(6, 7, 6.5), target: { atMost: 1.03, of: ["curl"] } },
    { name: "broken", samples: [], failure: "Cannot run it", target: { atMost: 1, of: ["curl"] } },
  ],
};
const outcome: Outcome = {
  benchmark: "line",
  machine: {
    cpu: "CPU",
    cores: 2,
    memoryGiB: 4,
    kernel: "6.1",
    node: "v24.1.0",
    load: 0,
    when: "2026-11-30T01:02:03Z",
  },
  chosen: ["--only", "naru"],
  contests: [contest],
};

test("docs/benchmarks.md says what the kept results say", () => {
  const text = readFileSync(page, "utf8");
  expect(measuredPage(text, keptOutcomes())).toBe(text);
});

test("every picture is that of the kept results", () => {
  for (const { benchmark, contests } of keptOutcomes()) {
    const drawn = readFileSync(new URL(`benchmarks/${benchmark}.svg`, page), "utf8");
    expect(drawn).toBe(picture(contests));
  }
});

test("the page says what was reached, what was missed and what failed, and with which command to repeat it", () => {
  const empty =
    "before\n\n<!-- measured: written by `npm run bench -- NAME --keep` -->\n\nold\n\n<!-- /measured -->\n\nafter\n";
  const text = measuredPage(empty, [outcome]);
  expect(text).toMatch(/^before\n/);
  expect(text).toMatch(/\nafter\n$/);
  expect(text).not.toContain("old");
  expect(text).toContain("`npm run bench -- line --only naru`\n\n3 rounds on 2026-11-30, load 0.0");
  expect(text).toContain("| naru put | 1.02 | <= 1.03 x: reached |");
  expect(text).toContain("| Chromium | 1.30 | <= 1.03 x: missed |");
  expect(text).toContain("| broken | failed | Cannot run it |");
  expect(measuredPage(text, [outcome])).toBe(text);
});

test("a figure that is missed by little is shown with the decimals that say so", () => {
  const verdict = (seconds: number): string => {
    const standing = { name: "naru put", samples: samples(seconds), target: { atMost: 1.03, of: ["curl"] } };
    return verdictOf(standing, [{ name: "curl", samples: samples(5) }, standing]).join(" ");
  };
  expect(verdict(5.15)).toBe("1.03 <= 1.03 x: reached");
  expect(verdict(5.16)).toBe("1.032 <= 1.03 x: missed");
  expect(verdict(5.151)).toBe("1.0302 <= 1.03 x: missed");
});

test("a page without a place for the figures is not written over", () => {
  expect(() => measuredPage("nothing here", [outcome])).toThrow("the page has no");
});

test("a picture has a bar for everyone who finished, and is well formed whatever the titles hold", () => {
  const drawn = picture([contest]);
  expect(drawn.match(/<rect/g)).toHaveLength(3);
  expect(drawn.match(/class="reached"/g)).toHaveLength(1);
  expect(drawn.match(/class="missed"/g)).toHaveLength(1);
  expect(drawn).toContain("64 MiB up, &lt;100 Mbit/s&gt;");
  expect(drawn).not.toMatch(/NaN|undefined/);
});
