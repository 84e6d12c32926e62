/** What the tray icon says and offers: the queue in one line, and the few things that are done without the window. */

import type { Settings } from "../settings.ts";
import type { TransferStateName, TransferView } from "../transfers/transfer-view.ts";

export interface TrayMenu {
  /** The queue in one line. */
  readonly status: string;
  readonly openWindow: string;
  /** Pauses what goes, else resumes what is paused; `does` is absent when there is neither. */
  readonly all: { readonly title: string; readonly does?: "pause" | "resume" };
  readonly quit: string;
}

const words = {
  en: {
    nothing: "Nothing to send",
    sending: (files: number, percent: number) => `Sending ${files === 1 ? "1 file" : `${files} files`}, ${percent} %`,
    offline: "Waiting for the connection",
    scheduled: "Waiting for the hours that are set",
    needsFile: (files: number) => (files === 1 ? "1 transfer needs its file" : `${files} transfers need their files`),
    paused: (files: number) => (files === 1 ? "1 file is paused" : `${files} files are paused`),
    failed: (files: number) => (files === 1 ? "1 file needs a look" : `${files} files need a look`),
    openWindow: "Open window",
    pause: "Pause all",
    resume: "Resume all",
    quit: "Quit",
  },
  ko: {
    nothing: "보내는 파일이 없습니다",
    sending: (files: number, percent: number) => `파일 ${files}개 보내는 중, ${percent}%`,
    offline: "연결을 기다리는 중",
    scheduled: "정한 시간을 기다리는 중",
    needsFile: (files: number) => `원본 파일이 필요한 전송 ${files}개`,
    paused: (files: number) => `파일 ${files}개 일시정지`,
    failed: (files: number) => `파일 ${files}개 확인 필요`,
    openWindow: "창 열기",
    pause: "모두 일시정지",
    resume: "모두 이어서 보내기",
    quit: "종료",
  },
} as const;

const over: ReadonlySet<TransferStateName> = new Set(["done", "failed", "cancelled"]);

/** Write the menu of a queue. */
export function trayMenu(list: readonly TransferView[], language: NonNullable<Settings["language"]>): TrayMenu {
  const say = words[language];
  const going = list.filter(({ state }) => !over.has(state) && state !== "paused");
  const isAnyPaused = list.some(({ state }) => state === "paused");
  const { openWindow, quit } = say;
  const resume = { title: say.resume, does: "resume" } as const;
  const pause = going.length > 0 ? ({ title: say.pause, does: "pause" } as const) : { title: say.pause };
  return { status: statusOf(list, say), openWindow, all: going.length === 0 && isAnyPaused ? resume : pause, quit };
}

/** The first that holds: what moves is told before what waits, and what waits before what has ended. */
function statusOf(list: readonly TransferView[], say: (typeof words)["en" | "ko"]): string {
  const those = (...states: readonly TransferStateName[]): readonly TransferView[] =>
    list.filter(({ state }) => states.includes(state));
  if (those("checking", "uploading", "verifying").length > 0) {
    const sent = those("checking", "uploading", "verifying", "waiting");
    return say.sending(sent.length, percentOf(sent));
  }
  if (those("offline").length > 0) return say.offline;
  const waiting = those("waiting");
  if (waiting.length > 0) return say.sending(waiting.length, percentOf(waiting));
  if (those("scheduled").length > 0) return say.scheduled;
  const told = [
    [those("needs-file"), say.needsFile],
    [those("paused"), say.paused],
    [those("failed"), say.failed],
  ] as const;
  const [which] = told.filter(([{ length }]) => length > 0);
  return which === undefined ? say.nothing : which[1](which[0].length);
}

/** Never 100 before the end. */
function percentOf(list: readonly TransferView[]): number {
  const size = list.reduce((sum, one) => sum + one.size, 0);
  const confirmed = list.reduce((sum, one) => sum + one.confirmed, 0);
  return size === 0 ? 0 : Math.min(99, Math.floor((100 * confirmed) / size));
}
