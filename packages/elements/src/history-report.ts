import type { HistoryEntry } from "@naru/client/browser";

/** Who and where, of all entries of a report. */
export interface ReportFacts {
  /** The address of the server. */
  readonly server: string;
  readonly made: Date;
}

const columns = [
  "time",
  "direction",
  "account",
  "server",
  "path",
  "size",
  "crc64nvme",
  "md5",
  "etag",
  "began",
  "modified",
  "upload",
  "note",
] as const;
type Line = Readonly<Record<(typeof columns)[number], string | number | undefined>>;

/** Write entries as CSV (RFC 4180), in UTF-8 with the mark by which spreadsheets know it. */
export async function csvReport(entries: AsyncIterable<HistoryEntry>, facts: ReportFacts): Promise<Report> {
  const lines = [`\uFEFF${columns.join(",")}\r\n`];
  for await (const entry of entries) {
    const line = lineOf(entry, facts);
    lines.push(`${columns.map((column) => cell(line[column])).join(",")}\r\n`);
  }
  return { blob: new Blob(lines, { type: "text/csv" }), count: lines.length - 1, name: nameOf(facts, "csv") };
}

/** Write entries as JSON, one a line. */
export async function jsonReport(entries: AsyncIterable<HistoryEntry>, facts: ReportFacts): Promise<Report> {
  const lines: string[] = [];
  for await (const entry of entries) lines.push(JSON.stringify(lineOf(entry, facts)));
  const head = `{\n"server": ${JSON.stringify(facts.server)},\n"made": "${facts.made.toISOString()}",\n"transfers": [\n`;
  const blob = new Blob([head, lines.join(",\n"), "\n]\n}\n"], { type: "application/json" });
  return { blob, count: lines.length, name: nameOf(facts, "json") };
}

/** What is saved. */
export interface Report {
  readonly blob: Blob;
  readonly count: number;
  readonly name: string;
}

function lineOf(entry: HistoryEntry, { server }: ReportFacts): Line {
  const { at, direction, user, path, size, crc64, md5, etag, began, modified, upload, same } = entry;
  return {
    time: timeOf(at),
    direction: direction === "up" ? "upload" : "download",
    account: user,
    server,
    path,
    size,
    crc64nvme: crc64,
    md5,
    etag,
    began: timeOf(began),
    modified: modified === undefined ? undefined : timeOf(modified),
    upload,
    note: same ? "was there already" : undefined,
  };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}

/** A spreadsheet takes what begins like a formula for one, whoever named the file: an apostrophe keeps it text. */
function cell(value: string | number | undefined): string {
  if (value === undefined) return "";
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function nameOf({ made }: ReportFacts, ending: string): string {
  return `naru-transfers-${made.toISOString().slice(0, 19).replaceAll(":", "")}.${ending}`;
}
