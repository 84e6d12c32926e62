/** The words of the report, in both of its languages. */

import type { ExperimentPlace, ExperimentWay } from "@naru/core";
import type { Advice } from "./advice.ts";
import type { ResultCase } from "./results.ts";

export type ReportLanguage = "en" | "ko";

export interface ReportWords {
  readonly title: string;
  readonly began: string;
  readonly ways: Readonly<Record<ExperimentWay, string>>;
  readonly places: Readonly<Record<ExperimentPlace, string>>;
  /** The same at the beginning of a line. */
  readonly programs: Readonly<Record<ExperimentPlace, string>>;
  readonly what: (of: ResultCase) => string;
  readonly advice: (advice: Advice) => string;
  readonly noAdvice: string;
  readonly main: { readonly title: string; readonly text: string; readonly best: string };
  readonly bars: { readonly title: string; readonly text: string };
  readonly pace: { readonly title: string; readonly text: string };
  readonly details: { readonly title: string; readonly text: string };
  readonly columns: {
    readonly files: string;
    readonly way: string;
    readonly runs: string;
    readonly mean: string;
    readonly median: string;
    readonly speed: string;
    readonly cpu: string;
    readonly carried: string;
    readonly ratio: string;
    readonly failed: string;
  };
  readonly left: string;
  readonly none: string;
  readonly environment: string;
  readonly server: string;
  readonly computer: (cpus: number, memory: string | undefined) => string;
  readonly seconds: string;
  readonly repeat: string;
  readonly language: string;
}

const ratioText = (ratio: number): string => ratio.toFixed(2);
const sizeText = (bytes: number): string => {
  const [unit, name] =
    bytes >= 1024 ** 3 ? [1024 ** 3, "GiB"] : bytes >= 1024 ** 2 ? [1024 ** 2, "MiB"] : [1024, "KiB"];
  const value = bytes / unit;
  return `${Number.isInteger(value) ? value : value.toFixed(1)} ${name}`;
};
const count = (value: number): string => value.toLocaleString("en");

const en: ReportWords = {
  title: "Ways to carry files, compared",
  began: "Begun",
  ways: {
    plain: "one plain PUT or GET",
    direct: "direct to the store",
    proxy: "through the server",
    sftp: "SFTP",
    ftp: "FTP",
    agent: "desktop agent",
  },
  places: { "command-line": "command line", browser: "browser" },
  programs: { "command-line": "Command line", browser: "Browser" },
  what: ({ direction, files, size, parallel }) => {
    const which = files === 1 ? sizeText(size) : `${count(files)} × ${sizeText(size)}`;
    const together = parallel > 1 ? `, ${parallel} at once` : "";
    return `${direction === "up" ? "Upload" : "Download"}, ${which}${together}`;
  },
  advice: ({ way, why, slowest, overPlain }) => {
    const name = en.ways[way];
    const reason =
      why === "fastest"
        ? `Here, send files ${wayPhrase(way)}: it was the fastest.`
        : why === "as-fast"
          ? `Here, send files ${wayPhrase(way)}: it was as fast as the fastest, and the bytes pass through fewer programs.`
          : `Only one way was measured: ${name}.`;
    const far = slowest ? ` The slowest, ${en.ways[slowest.way]}, took ${ratioText(slowest.ratio)} times as long.` : "";
    const near = overPlain ? ` One plain PUT of the same files takes ${ratioText(1 / overPlain)} times its time.` : "";
    return reason + far + near;
  },
  noAdvice: "Too little was measured to say which way to choose.",
  main: {
    title: "How long it took",
    text: "Seconds: mean ± standard deviation.",
    best: "The shortest of each row is in bold.",
  },
  bars: { title: "The same as a picture", text: "Bars are means, the thin lines standard deviations." },
  pace: { title: "Speed over time", text: "The largest single upload, in the round nearest the median." },
  details: {
    title: "All figures",
    text: "The ratio compares its time with that of one plain PUT or GET in the same round; the median of all rounds is shown, and 1.00 is the speed of the line.",
  },
  columns: {
    files: "Files",
    way: "Way",
    runs: "Runs",
    mean: "Mean ± dev.",
    median: "Median",
    speed: "MiB/s",
    cpu: "CPU s",
    carried: "Bytes carried",
    ratio: "Ratio",
    failed: "Failed",
  },
  left: "Not measured",
  none: "no successful run",
  environment: "Where it was run",
  server: "Server",
  computer: (cpus, memory) => `${cpus} cores${memory === undefined ? "" : `, ${memory} of memory`}`,
  seconds: "s",
  repeat: "To repeat it:",
  language: "Language",
};

function wayPhrase(way: ExperimentWay): string {
  const by: Readonly<Partial<Record<ExperimentWay, string>>> = {
    sftp: "by SFTP",
    ftp: "by FTP",
    agent: "by the desktop agent",
  };
  return by[way] ?? en.ways[way];
}

const ko: ReportWords = {
  title: "파일 전송 방식 비교",
  began: "시작",
  ways: {
    plain: "단일 PUT·GET",
    direct: "스토리지로 직접",
    proxy: "서버 경유",
    sftp: "SFTP",
    ftp: "FTP",
    agent: "데스크톱 에이전트",
  },
  places: { "command-line": "명령줄", browser: "브라우저" },
  programs: { "command-line": "명령줄", browser: "브라우저" },
  what: ({ direction, files, size, parallel }) => {
    const which = files === 1 ? sizeText(size) : `${count(files)}개 × ${sizeText(size)}`;
    const together = parallel > 1 ? `, 동시에 ${parallel}개` : "";
    return `${direction === "up" ? "업로드" : "다운로드"} ${which}${together}`;
  },
  advice: ({ way, why, slowest, overPlain }) => {
    const name = ko.ways[way];
    const reason =
      why === "fastest"
        ? `이 환경에서는 ‘${name}’ 방식을 권장합니다. 가장 빨랐습니다.`
        : why === "as-fast"
          ? `이 환경에서는 ‘${name}’ 방식을 권장합니다. 가장 빠른 방식과 속도가 같고, 데이터가 거치는 프로그램이 더 적습니다.`
          : `‘${name}’ 한 가지 방식만 측정했습니다.`;
    const far = slowest ? ` 가장 느린 ‘${ko.ways[slowest.way]}’ 방식은 ${ratioText(slowest.ratio)}배 걸렸습니다.` : "";
    const near = overPlain
      ? ` 같은 파일을 단일 PUT으로 보내면 그 시간의 ${ratioText(1 / overPlain)}배가 걸립니다.`
      : "";
    return reason + far + near;
  },
  noAdvice: "권장 방식을 정하기에는 측정값이 부족합니다.",
  main: {
    title: "소요 시간",
    text: "단위는 초, 평균 ± 표준편차입니다.",
    best: "행마다 가장 짧은 값을 굵게 표시했습니다.",
  },
  bars: { title: "그래프로 보기", text: "막대는 평균, 가는 선은 표준편차입니다." },
  pace: { title: "시간에 따른 속도", text: "단일 파일 업로드 가운데 가장 큰 것에서 중앙값에 가장 가까운 회차입니다." },
  details: {
    title: "전체 수치",
    text: "비율은 같은 회차에 측정한 단일 PUT·GET 대비 소요 시간의 중앙값입니다. 1.00이면 회선 속도와 같습니다.",
  },
  columns: {
    files: "파일",
    way: "방식",
    runs: "횟수",
    mean: "평균 ± 표준편차",
    median: "중앙값",
    speed: "MiB/s",
    cpu: "CPU(초)",
    carried: "실제 전송량",
    ratio: "비율",
    failed: "실패",
  },
  left: "측정하지 못한 방식",
  none: "성공한 측정 없음",
  environment: "측정 환경",
  server: "서버",
  computer: (cpus, memory) => `CPU ${cpus}코어${memory === undefined ? "" : `, 메모리 ${memory}`}`,
  seconds: "초",
  repeat: "다시 측정하려면:",
  language: "언어",
};

export const reportWords: Readonly<Record<ReportLanguage, ReportWords>> = { en, ko };
