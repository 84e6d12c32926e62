export * from "./advice.ts";
export { experimentReport, type ReportOptions, secondsText } from "./report.ts";
export { type ReportLanguage, type ReportWords, reportWords } from "./report-words.ts";
export * from "./results.ts";
export * from "./schedule.ts";
export { type Summary, summaryOf } from "./statistics.ts";
export * from "./timed.ts";
export * from "./way-name.ts";
export * from "./with-runs.ts";
