import type { Words } from "./language.ts";

/** The words about measuring the ways; those of the results are the report's. */
export interface ExperimentWords {
  readonly title: string;
  readonly about: string;
  readonly close: string;
  readonly sizes: string;
  readonly rounds: string;
  readonly download: string;
  readonly start: string;
  readonly stop: string;
  readonly stopping: string;
  readonly began: string;
  readonly ended: string;
  readonly stopped: string;
  /** Where it is now: which round, what is carried and which way. */
  readonly now: (round: string, rounds: string, what: string) => string;
  readonly noSizes: string;
  readonly failed: string;
  readonly leftBehind: (folder: string) => string;
  readonly remove: string;
  readonly removeNamed: (folder: string) => string;
  readonly removed: (folder: string) => string;
  readonly notRemoved: string;
  readonly saveReport: string;
  readonly saveFigures: string;
  readonly addFigures: string;
  readonly added: string;
  readonly addedFrom: (server: string) => string;
  readonly notFigures: string;
  readonly bench: string;
  readonly none: string;
}

/** In every language. */
export const experimentWords: Words<{ readonly experiment: ExperimentWords }> = {
  en: {
    experiment: {
      title: "Measure the speed from this browser",
      about:
        "Sends random files from this browser by each way in turn and compares the times. One request for the whole file shows the speed of the line. What was sent is removed at the end. Nothing else should be transferred meanwhile.",
      close: "Close",
      sizes: "Sizes of files",
      rounds: "Rounds",
      download: "Also measure downloads",
      start: "Start",
      stop: "Stop",
      stopping: "Stopping…",
      began: "Measuring has begun.",
      ended: "Measuring has ended.",
      stopped: "Stopped. These are the figures until then.",
      now: (round, rounds, what) => `Round ${round} of ${rounds}: ${what}`,
      noSizes: "Choose a size.",
      failed: "It could not be measured. Check the connection and try again.",
      leftBehind: (folder) =>
        `The folder “${folder}” of an earlier measurement is still here. Remove it unless another tab is measuring.`,
      remove: "Remove",
      removeNamed: (folder) => `Remove ${folder}`,
      removed: (folder) => `“${folder}” has been removed.`,
      notRemoved: "The folder could not be removed. Try again.",
      saveReport: "Save the report",
      saveFigures: "Save the figures",
      addFigures: "Add figures of naru bench",
      added: "The figures of naru bench have been added.",
      addedFrom: (server) => `The figures of naru bench have been added. They were measured at ${server}.`,
      notFigures: "This file has no figures of naru bench. Choose the one that “naru bench --json” wrote.",
      bench:
        "On this computer, “naru bench --json bench.json” measures SFTP, FTP and the desktop agent as well. Add its figures to see them side by side.",
      none: "Nothing has been measured yet.",
    },
  },
  ko: {
    experiment: {
      title: "이 브라우저에서 속도 측정",
      about:
        "이 브라우저에서 무작위 파일을 방식별로 번갈아 보내며 걸린 시간을 비교합니다. 파일 전체를 요청 하나로 보낸 값이 회선의 속도입니다. 보낸 파일은 측정이 끝나면 지웁니다. 측정하는 동안에는 다른 파일을 전송하지 마세요.",
      close: "닫기",
      sizes: "파일 크기",
      rounds: "회차",
      download: "다운로드도 측정",
      start: "시작",
      stop: "중지",
      stopping: "중지하는 중…",
      began: "측정을 시작했습니다.",
      ended: "측정이 끝났습니다.",
      stopped: "중지했습니다. 그때까지 측정한 값입니다.",
      now: (round, rounds, what) => `${rounds}회 중 ${round}회차: ${what}`,
      noSizes: "크기를 선택해 주세요.",
      failed: "측정하지 못했습니다. 연결을 확인하고 다시 시도해 주세요.",
      leftBehind: (folder) =>
        `이전 측정에 쓰인 ‘${folder}’ 폴더가 남아 있습니다. 다른 탭에서 측정하고 있지 않다면 지우세요.`,
      remove: "지우기",
      removeNamed: (folder) => `${folder} 지우기`,
      removed: (folder) => `‘${folder}’ 폴더를 지웠습니다.`,
      notRemoved: "폴더를 지우지 못했습니다. 다시 시도해 주세요.",
      saveReport: "보고서 저장",
      saveFigures: "측정값 저장",
      addFigures: "naru bench 측정값 추가",
      added: "naru bench 측정값을 추가했습니다.",
      addedFrom: (server) => `naru bench 측정값을 추가했습니다. ${server}에서 측정한 값입니다.`,
      notFigures: "naru bench 측정값이 아닙니다. ‘naru bench --json’이 저장한 파일을 선택해 주세요.",
      bench:
        "이 컴퓨터에서 ‘naru bench --json bench.json’을 실행하면 SFTP와 FTP, 데스크톱 에이전트도 측정합니다. 그 측정값을 추가하면 나란히 비교할 수 있습니다.",
      none: "아직 측정한 값이 없습니다.",
    },
  },
};
