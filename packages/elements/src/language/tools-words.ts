import type { NoticeWords } from "../done-notice.ts";
import type { Language } from "./language.ts";

/** The words of the tools beside the transfers; loaded when the first file moves. */
export interface ToolsWords extends NoticeWords {
  readonly tools: string;
  readonly limit: string;
  readonly noLimit: string;
  /** The browser has to be asked for leave. */
  readonly notify: string;
  readonly notifyOn: string;
  readonly notifyRefused: string;
}

const en: ToolsWords = {
  tools: "Transfer settings",
  limit: "Speed limit",
  noLimit: "None",
  notify: "Notify me at the end",
  notifyOn: "You will be notified",
  notifyRefused: "Notifications are blocked in the browser’s settings for this site.",
  noticeDone: (count) => (count === 1 ? "1 file has arrived" : `All ${count} files have arrived`),
  noticeTrouble: (count) => (count === 1 ? "1 file needs you" : `${count} files need you`),
  noticeBody: "Open Naru to see the transfers.",
};

const ko: ToolsWords = {
  tools: "전송 설정",
  limit: "속도 제한",
  noLimit: "없음",
  notify: "끝나면 알림 받기",
  notifyOn: "끝나면 알려 드립니다",
  notifyRefused: "브라우저의 사이트 설정에서 알림이 차단되어 있습니다.",
  noticeDone: (count) => (count === 1 ? "파일 1개가 도착했습니다" : `파일 ${count}개가 모두 도착했습니다`),
  noticeTrouble: (count) => `파일 ${count}개를 확인해 주세요`,
  noticeBody: "Naru를 열어 전송 목록을 확인해 주세요.",
};

/** The words by language. */
export const toolsWords: Readonly<Record<Language, ToolsWords>> = { en, ko };
