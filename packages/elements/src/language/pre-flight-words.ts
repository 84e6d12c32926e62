import type { FailureCode, PathFault } from "@naru/core";
import type { Language } from "./language.ts";

/** The four answers to a taken name. */
export type TakenAnswer = "same" | "rename" | "overwrite" | "skip";

/** The words of what is asked before files are sent; loaded with it. */
export interface PreFlightWords {
  readonly title: string;
  readonly taken: (count: number, files: string, folder: string) => string;
  readonly forAll: string;
  readonly answers: Readonly<Record<TakenAnswer, { readonly name: string; readonly means: string }>>;
  readonly forThis: (name: string) => string;
  readonly asAbove: string;
  /** The file that would come, and the one that is there. */
  readonly compared: (coming: string, there: string) => string;
  readonly thereIsFolder: string;
  readonly thereIsUpload: string;
  readonly more: (count: string) => string;
  readonly refused: (count: number, files: string) => string;
  readonly refusedWhy: Readonly<Record<PathFault, string>> & Partial<Readonly<Record<FailureCode, string>>>;
  readonly refusedElse: string;
  readonly room: (needed: string, free: string) => string;
  readonly send: (count: number, files: string) => string;
  readonly sendNone: string;
  readonly cancel: string;
  readonly system: (count: number, files: string, names: string) => string;
  readonly sending: (count: number, files: string) => string;
  readonly dismiss: string;
}

/** English. */
const enPreFlight: PreFlightWords = {
  title: "Before sending",
  taken: (count, files, folder) =>
    count === 1
      ? `A file with this name is already in “${folder}”.`
      : `${files} files have names that are taken in “${folder}”.`,
  forAll: "What should happen?",
  answers: {
    same: {
      name: "Skip if same",
      means: "Compare first. The same content is not sent again; other content is kept beside it, under a new name.",
    },
    rename: { name: "Keep both", means: "The new file gets a name like “report (2).pdf”." },
    overwrite: { name: "Replace", means: "The file there is replaced once the new one has arrived whole." },
    skip: { name: "Skip", means: "What is there stays. Nothing is sent." },
  },
  forThis: (name) => `For ${name}`,
  asAbove: "As above",
  compared: (coming, there) => `New: ${coming} · There: ${there}`,
  thereIsFolder: "A folder has this name. It cannot be replaced.",
  thereIsUpload: "Another upload is on its way to this name.",
  more: (count) => `and ${count} more`,
  refused: (count, files) => (count === 1 ? "1 file cannot be sent:" : `${files} files cannot be sent:`),
  refusedWhy: {
    empty: "It has no name.",
    characters: "Its name has a character that cannot be stored, such as \\ or a line break.",
    dots: "Its name has only dots and spaces.",
    reserved: "Its name is reserved by Windows or by the store.",
    "long-name": "Its name is too long (255 bytes at most; 85 Korean letters).",
    "long-path": "Its path is too long (1,024 bytes at most).",
    forbidden: "You may not upload to this place.",
    "too-large": "It is larger than the store takes.",
    "no-space": "There is not enough space for it.",
    conflict: "A file is in the way: it has the name of one of its folders.",
  },
  refusedElse: "The server cannot take it.",
  room: (needed, free) =>
    `Not enough space: ${needed} needed, ${free} left. What does not fit fails at its turn. Choose fewer files, or make room first.`,
  send: (count, files) => (count === 1 ? "Send 1 file" : `Send ${files} files`),
  sendNone: "Send nothing",
  cancel: "Cancel",
  system: (count, files, names) =>
    `${count === 1 ? "1 system file was" : `${files} system files were`} left out: ${names}.`,
  sending: (count, files) =>
    count === 1 ? "1 file is in the transfers already." : `${files} files are in the transfers already.`,
  dismiss: "Close this note",
};

/** Korean. */
const koPreFlight: PreFlightWords = {
  title: "보내기 전에 확인해 주세요",
  taken: (count, files, folder) =>
    count === 1
      ? `‘${folder}’에 같은 이름의 파일이 이미 있습니다.`
      : `‘${folder}’에 같은 이름의 파일이 ${files}개 있습니다.`,
  forAll: "어떻게 할까요?",
  answers: {
    same: {
      name: "같으면 건너뛰기",
      means: "먼저 비교합니다. 내용이 같으면 다시 보내지 않고, 다르면 새 이름으로 함께 보관합니다.",
    },
    rename: { name: "둘 다 보관", means: "새 파일은 ‘보고서 (2).pdf’와 같은 이름이 됩니다." },
    overwrite: { name: "덮어쓰기", means: "새 파일이 온전히 도착한 뒤에 기존 파일을 바꿉니다." },
    skip: { name: "건너뛰기", means: "기존 파일을 그대로 두고 보내지 않습니다." },
  },
  forThis: (name) => `${name} 처리 방법`,
  asAbove: "위와 같이",
  compared: (coming, there) => `새 파일: ${coming} · 기존 파일: ${there}`,
  thereIsFolder: "같은 이름의 폴더가 있어 덮어쓸 수 없습니다.",
  thereIsUpload: "같은 이름으로 올라오는 중인 파일이 있습니다.",
  more: (count) => `외 ${count}개`,
  refused: (_count, files) => `보낼 수 없는 파일 ${files}개:`,
  refusedWhy: {
    empty: "이름이 없습니다.",
    characters: "저장할 수 없는 문자(\\, 줄바꿈 등)가 이름에 있습니다.",
    dots: "이름이 점과 공백뿐입니다.",
    reserved: "Windows나 저장소가 쓰는 이름입니다.",
    "long-name": "이름이 너무 깁니다(최대 255바이트, 한글 85자).",
    "long-path": "경로가 너무 깁니다(최대 1,024바이트).",
    forbidden: "이곳에 올릴 권한이 없습니다.",
    "too-large": "저장소가 받을 수 있는 크기보다 큽니다.",
    "no-space": "공간이 부족합니다.",
    conflict: "상위 폴더와 이름이 같은 파일이 있습니다.",
  },
  refusedElse: "서버가 받을 수 없는 파일입니다.",
  room: (needed, free) =>
    `공간이 부족합니다. 필요 ${needed}, 남은 공간 ${free}. 공간이 모자란 파일은 차례가 되면 실패합니다. 파일을 줄이거나 공간을 먼저 확보해 주세요.`,
  send: (_count, files) => `${files}개 보내기`,
  sendNone: "보내지 않기",
  cancel: "취소",
  system: (_count, files, names) => `시스템 파일 ${files}개를 제외했습니다: ${names}.`,
  sending: (_count, files) => `${files}개는 이미 전송 목록에 있습니다.`,
  dismiss: "알림 닫기",
};

/** The words by language. */
export const preFlightWords: Readonly<Record<Language, PreFlightWords>> = { en: enPreFlight, ko: koPreFlight };
