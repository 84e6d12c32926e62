import type { HistoryEntry } from "@naru/client/browser";
import { expect, test } from "vitest";
import { csvReport, jsonReport } from "../src/history-report.ts";

const facts = { server: "https://naru.example", made: new Date("2026-11-30T04:05:06Z") };

async function* entries(...changes: readonly Partial<HistoryEntry>[]): AsyncGenerator<HistoryEntry> {
  const entry: HistoryEntry = {
    key: "k",
    user: "kim",
    direction: "up",
    path: "a/b.bin",
    size: 12,
    at: Date.parse("2026-11-29T10:00:00Z"),
    began: Date.parse("2026-11-29T09:00:00Z"),
    crc64: "0123456789abcdef",
  };
  for (const change of changes) yield { ...entry, ...change };
}

test("a report says who delivered what, when and where, with its checksum", async () => {
  const { blob, count, name } = await csvReport(entries({}), facts);
  const [head, line] = (await blob.text()).replace("\uFEFF", "").split("\r\n");
  expect(head).toMatch(/^time,direction,account,server,path,size,crc64nvme,/);
  expect(line).toMatch(/^2026-11-29T10:00:00.000Z,upload,kim,https:\/\/naru.example,a\/b.bin,12,0123456789abcdef,/);
  expect({ count, name }).toEqual({ count: 1, name: "naru-transfers-2026-11-30T040506.csv" });
});

test("a name is text to a spreadsheet, whatever it begins with and holds", async () => {
  const { blob } = await csvReport(entries({ path: '=1+1,"x"' }, { path: "+82" }), facts);
  const [, formula, number] = (await blob.text()).split("\r\n");
  expect(formula).toContain(`,"'=1+1,""x""",`);
  expect(number).toContain(",'+82,");
});

test("the same report as JSON is one document", async () => {
  const { blob, count } = await jsonReport(entries({}, { path: "c", direction: "down" }), facts);
  const report: unknown = JSON.parse(await blob.text());
  expect(count).toBe(2);
  expect(report).toMatchObject({
    server: "https://naru.example",
    transfers: [
      { path: "a/b.bin", account: "kim" },
      { path: "c", direction: "download" },
    ],
  });
});
