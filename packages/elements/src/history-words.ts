import type { Words } from "./language/language.ts";

/** The words about finished transfers. */
export interface HistoryWords {
  readonly title: string;
  readonly about: string;
  readonly close: string;
  readonly find: string;
  readonly csv: string;
  readonly json: string;
  readonly clear: string;
  readonly clearTitle: string;
  readonly clearText: string;
  readonly keep: string;
  readonly none: string;
  readonly noMatch: string;
  readonly more: string;
  readonly sent: string;
  readonly received: string;
  readonly alreadyThere: string;
  readonly checksum: string;
  readonly noChecksum: string;
  readonly copy: (name: string) => string;
  readonly copied: string;
  readonly openFolder: (path: string) => string;
  readonly saved: (count: string) => string;
  readonly failed: string;
}

/** In every language. */
export const historyWords: Words<{ readonly history: HistoryWords }> = {
  en: {
    history: {
      title: "History",
      about:
        "Kept in this browser, for your account. Save them as proof of delivery: with paths, sizes, times and checksums.",
      close: "Close",
      find: "Find by name or folder",
      csv: "Save as CSV",
      json: "Save as JSON",
      clear: "Clear",
      clearTitle: "Clear the finished transfers?",
      clearText: "This browser forgets them. The files stay where they are.",
      keep: "Keep them",
      none: "No transfer has finished in this browser yet.",
      noMatch: "No finished transfer matches.",
      more: "Show more",
      sent: "Sent",
      received: "Downloaded",
      alreadyThere: "was there already",
      checksum: "CRC-64",
      noChecksum: "no checksum known",
      copy: (name) => `Copy the checksum of ${name}`,
      copied: "Copied.",
      openFolder: (path) => `Open the folder ${path}`,
      saved: (count) => `Saved ${count} transfers.`,
      failed: "This browser does not keep finished transfers here, perhaps because this is a private window.",
    },
  },
  ko: {
    history: {
      title: "전송 기록",
      about: "이 브라우저에 계정별로 보관됩니다. 경로, 크기, 시각, 체크섬이 담긴 전송 증빙으로 저장할 수 있습니다.",
      close: "닫기",
      find: "이름이나 폴더로 찾기",
      csv: "CSV로 저장",
      json: "JSON으로 저장",
      clear: "지우기",
      clearTitle: "끝난 전송 기록을 지울까요?",
      clearText: "이 브라우저에서 기록만 지워집니다. 파일은 그대로 남습니다.",
      keep: "그대로 두기",
      none: "이 브라우저에서 끝난 전송이 아직 없습니다.",
      noMatch: "찾는 전송이 없습니다.",
      more: "더 보기",
      sent: "올림",
      received: "내려받음",
      alreadyThere: "이미 있던 파일",
      checksum: "CRC-64",
      noChecksum: "알려진 체크섬 없음",
      copy: (name) => `${name}의 체크섬 복사`,
      copied: "복사했습니다.",
      openFolder: (path) => `${path} 폴더 열기`,
      saved: (count) => `전송 ${count}건을 저장했습니다.`,
      failed: "이 브라우저에는 끝난 전송이 보관되지 않습니다. 비공개 창일 수 있습니다.",
    },
  },
};
