import type { FailureCode } from "@naru/core";
import type { FailureText } from "./dictionary.ts";
import type { Words } from "./language.ts";

/** What may go wrong with a download in words of its own. */
export type DownloadFailure = Extract<
  FailureCode,
  "file-changed" | "not-found" | "no-space" | "checksum-mismatch" | "forbidden" | "unavailable" | "invalid" | "internal"
>;

/** The words about downloads. */
export interface DownloadWords {
  readonly elsewhere: string;
  readonly progressOf: (name: string) => string;
  /** What lies here by now. */
  readonly keptSoFar: (percent: string) => string;
  readonly nothingLost: string;
  readonly needsPermission: (folder: string) => string;
  readonly saved: string;
  readonly savedIn: (folder: string) => string;
  readonly unverified: string;
  readonly unverifiedWhy: string;
  readonly save: (name: string) => string;
  readonly saveDo: string;
  readonly plain: (name: string) => string;
  readonly plainDo: string;
  readonly resume: (name: string) => string;
  readonly resumeDo: string;
  readonly startAgain: (name: string) => string;
  readonly startAgainDo: string;
  readonly stopText: (received: string) => string;
  readonly failures: Readonly<Record<DownloadFailure, FailureText>>;

  readonly howTitle: (count: number) => string;
  readonly how: string;
  readonly intoFolder: string;
  readonly asZip: string;
  readonly noRoomTitle: (name: string) => string;
  readonly noRoom: (needed: string) => string;
  readonly failedTitle: string;
  readonly close: string;
}

const enDownload: DownloadWords = {
  elsewhere: "another tab is downloading it",
  progressOf: (name) => `${name}, download`,
  keptSoFar: (percent) => `The ${percent} downloaded so far is kept.`,
  nothingLost: "The file on the server is untouched.",
  needsPermission: (folder) => `The browser needs your permission to write to “${folder}” again.`,
  saved: "saved by the browser",
  savedIn: (folder) => `in “${folder}”`,
  unverified: "Downloaded",
  unverifiedWhy: "the store knows no checksum to compare it with",
  save: (name) => `Save again: ${name}`,
  saveDo: "Save again",
  plain: (name) => `Plain link: ${name}`,
  plainDo: "Plain link",
  resume: (name) => `Resume ${name}`,
  resumeDo: "Resume",
  startAgain: (name) => `Start again: ${name}`,
  startAgainDo: "Start again",
  stopText: (received) => `The ${received} downloaded so far will be deleted from this browser.`,
  failures: {
    "file-changed": {
      what: "The file changed on the server while it was downloaded.",
      todo: "Start again to get the new one.",
    },
    "not-found": { what: "The file is no longer on the server.", todo: "Cancel this download." },
    "no-space": {
      what: "This browser has no room for the file.",
      todo: "Make room and try again, or use the plain link.",
    },
    "checksum-mismatch": {
      what: "What arrived is not what the server holds, so it was thrown away.",
      todo: "Start again.",
    },
    forbidden: { what: "You may not read this file.", todo: "Ask an administrator for access." },
    unavailable: { what: "The store cannot give files right now.", todo: "Try again in a little while." },
    invalid: { what: "This computer cannot write a file with this name.", todo: "Use the plain link." },
    internal: { what: "The file could not be written.", todo: "Try again, or use the plain link." },
  },
  howTitle: (count) => (count === 1 ? "Download this folder" : `Download ${count.toLocaleString("en")} items`),
  how: "In a folder that you choose, each file resumes after a cut, and files that are already there are skipped. A ZIP is one file.",
  intoFolder: "Choose a folder",
  asZip: "One ZIP",
  noRoomTitle: (name) => `No room for “${name}”`,
  noRoom: (needed) =>
    `A download that resumes needs ${needed} of this browser's storage, and less is free. The plain link needs none: the browser saves the file itself.`,
  failedTitle: "The download could not start",
  close: "Close",
};

const koDownload: DownloadWords = {
  elsewhere: "다른 탭에서 받는 중",
  progressOf: (name) => `${name}, 내려받기`,
  keptSoFar: (percent) => `지금까지 받은 ${percent}는 보관되어 있습니다.`,
  nothingLost: "서버의 파일은 그대로입니다.",
  needsPermission: (folder) => `‘${folder}’ 폴더에 다시 쓰려면 브라우저에서 허용해야 합니다.`,
  saved: "브라우저가 저장함",
  savedIn: (folder) => `‘${folder}’ 폴더에 저장됨`,
  unverified: "받음",
  unverifiedWhy: "저장소에 비교할 체크섬이 없음",
  save: (name) => `다시 저장: ${name}`,
  saveDo: "다시 저장",
  plain: (name) => `일반 링크: ${name}`,
  plainDo: "일반 링크",
  resume: (name) => `${name} 이어받기`,
  resumeDo: "이어받기",
  startAgain: (name) => `처음부터 다시: ${name}`,
  startAgainDo: "처음부터 다시",
  stopText: (received) => `지금까지 받은 ${received}가 이 브라우저에서 삭제됩니다.`,
  failures: {
    "file-changed": { what: "받는 동안 서버의 파일이 바뀌었습니다.", todo: "처음부터 다시 받으면 새 파일을 받습니다." },
    "not-found": { what: "서버에 이 파일이 없습니다.", todo: "이 내려받기를 취소해 주세요." },
    "no-space": {
      what: "이 브라우저에 파일을 둘 공간이 없습니다.",
      todo: "공간을 비우고 다시 시도하거나 일반 링크로 받아 주세요.",
    },
    "checksum-mismatch": { what: "받은 내용이 서버의 파일과 달라 버렸습니다.", todo: "처음부터 다시 받아 주세요." },
    forbidden: { what: "이 파일을 읽을 권한이 없습니다.", todo: "관리자에게 권한을 요청해 주세요." },
    unavailable: { what: "지금은 저장소에서 파일을 받을 수 없습니다.", todo: "잠시 뒤에 다시 시도해 주세요." },
    invalid: { what: "이 컴퓨터에는 이런 이름의 파일을 저장할 수 없습니다.", todo: "일반 링크로 받아 주세요." },
    internal: { what: "파일을 저장하지 못했습니다.", todo: "다시 시도하거나 일반 링크로 받아 주세요." },
  },
  howTitle: (count) => (count === 1 ? "이 폴더 내려받기" : `${count.toLocaleString("ko")}개 항목 내려받기`),
  how: "폴더를 선택하면 파일마다 끊긴 곳부터 이어받고, 이미 있는 같은 파일은 건너뜁니다. ZIP은 파일 하나로 받습니다.",
  intoFolder: "폴더 선택",
  asZip: "ZIP 하나로",
  noRoomTitle: (name) => `‘${name}’ 파일을 둘 공간이 없습니다`,
  noRoom: (needed) =>
    `이어받기에는 이 브라우저의 저장 공간이 ${needed} 필요하지만 그만큼 남아 있지 않습니다. 일반 링크는 브라우저가 바로 저장하므로 이 공간이 필요 없습니다.`,
  failedTitle: "내려받기를 시작하지 못했습니다",
  close: "닫기",
};

/** What downloadWords adds to the words of the first page. */
export interface WithDownloadWords {
  readonly download: DownloadWords;
}

/** The words that downloads bring. */
export const downloadWords: Words<WithDownloadWords> = { en: { download: enDownload }, ko: { download: koDownload } };
