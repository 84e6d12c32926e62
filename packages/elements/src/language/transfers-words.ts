import type { TransferRow } from "@naru/client/browser";
import type { Dictionary } from "./dictionary.ts";
import type { Words } from "./language.ts";

/** The words that the list of transfers brings. */
export interface TransfersWords {
  readonly retryAll: string;
  readonly finishedTransfers: string;
  readonly filesCount: (count: number) => string;
  readonly arrivedCount: (count: number) => string;
  readonly foldGroup: (name: string) => string;
  readonly unfoldGroup: (name: string) => string;
  readonly openFolder: (path: string) => string;
  readonly openFile: (name: string) => string;
  /** The name of a progress bar. */
  readonly progressOf: (name: string) => string;
  readonly moveInQueue: (name: string) => string;
  /** `place` is "1 of 4". */
  readonly movedTo: (name: string, place: string) => string;
  /** What an earlier visit left; `amount` is how much of it arrived. */
  readonly unfinished: (count: number, amount: string) => string;
  readonly mayReadAgain: string;
  readonly dropToGoOn: string;
  readonly carryOn: string;
  readonly chooseFiles: string;
  readonly chooseFolder: string;
  readonly discard: string;
  readonly discardTitle: (count: number) => string;
  readonly foundAgain: (count: number) => string;
  /** Which way the bytes of a row go. */
  readonly routes: Readonly<Record<NonNullable<TransferRow["route"]>, string>>;
  readonly connections: (count: number) => string;
}

/** All words of the list of transfers. */
export type TransfersDictionary = Dictionary & TransfersWords;

/** In every language. */
export const transfersWords: Words<TransfersWords> = {
  en: {
    retryAll: "Try all again",
    routes: { direct: "straight to the storage", proxy: "through the server", both: "storage and server at once" },
    connections: (count) => (count === 1 ? "1 connection" : `${count} connections`),
    finishedTransfers: "History",
    filesCount: (count) => filesEn(count),
    arrivedCount: (count) => `${count.toLocaleString("en")} arrived`,
    foldGroup: (name) => `Hide the files of ${name}`,
    unfoldGroup: (name) => `Show the files of ${name}`,
    openFolder: (path) => `Open the folder ${path}`,
    openFile: (name) => `${name}: show it among the files`,
    progressOf: (name) => `${name}, upload`,
    moveInQueue: (name) => `Move ${name} in the queue`,
    movedTo: (name, place) => `${name} is number ${place} in the queue`,
    unfinished: (count, amount) =>
      `${count.toLocaleString("en")} unfinished ${count === 1 ? "upload" : "uploads"}, ${amount}.`,
    mayReadAgain: "Your browser may ask whether this page may read the files again.",
    dropToGoOn: "Drop the same files or their folder here to continue where they stopped.",
    carryOn: "Continue",
    chooseFiles: "Choose files",
    chooseFolder: "Choose folder",
    discard: "Discard",
    discardTitle: (count) =>
      count === 1 ? "Discard the unfinished upload?" : `Discard ${count.toLocaleString("en")} unfinished uploads?`,
    foundAgain: (count) =>
      count === 0 ? "None of the chosen files is one of these uploads." : `${filesEn(count)} found; sending continues.`,
  },
  ko: {
    routes: { direct: "저장소로 직접", proxy: "서버를 거쳐", both: "저장소와 서버로 나누어" },
    connections: (count) => `연결 ${count}개`,
    retryAll: "모두 다시 시도",
    finishedTransfers: "전송 기록",
    filesCount: (count) => `파일 ${count.toLocaleString("ko")}개`,
    arrivedCount: (count) => `${count.toLocaleString("ko")}개 도착`,
    foldGroup: (name) => `${name}의 파일 숨기기`,
    unfoldGroup: (name) => `${name}의 파일 보기`,
    openFolder: (path) => `${path} 폴더 열기`,
    openFile: (name) => `${name}: 파일 목록에서 보기`,
    progressOf: (name) => `${name}, 올리기`,
    moveInQueue: (name) => `대기열에서 ${name} 순서 바꾸기`,
    movedTo: (name, place) => `${name}: 대기열 ${place}번째`,
    unfinished: (count, amount) => `끝나지 않은 전송 ${count.toLocaleString("ko")}개, ${amount}.`,
    mayReadAgain: "이 페이지가 파일을 다시 읽어도 되는지 브라우저가 물어볼 수 있습니다.",
    dropToGoOn: "같은 파일이나 폴더를 여기에 놓으면 멈춘 곳부터 이어집니다.",
    carryOn: "이어서 보내기",
    chooseFiles: "파일 선택",
    chooseFolder: "폴더 선택",
    discard: "버리기",
    discardTitle: (count) => `끝나지 않은 전송 ${count.toLocaleString("ko")}개를 버릴까요?`,
    foundAgain: (count) =>
      count === 0
        ? "선택한 파일 가운데 이어서 보낼 파일이 없습니다."
        : `파일 ${count.toLocaleString("ko")}개를 찾아 이어서 보냅니다.`,
  },
};

function filesEn(count: number): string {
  return `${count.toLocaleString("en")} ${count === 1 ? "file" : "files"}`;
}
