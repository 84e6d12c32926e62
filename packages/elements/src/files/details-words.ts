import type { Words } from "../language/language.ts";

/** The words of the details of a file or folder. */
export interface DetailsWords {
  readonly title: string;
  readonly close: string;
  readonly where: string;
  readonly size: string;
  readonly bytes: (size: string, exact: string) => string;
  readonly type: string;
  readonly modified: string;
  readonly arrived: string;
  readonly by: string;
  readonly byDoor: (account: string, door: string) => string;
  readonly doors: Readonly<Record<string, string>>;
  readonly unknown: string;
  readonly unknownBy: string;
  readonly checksums: string;
  readonly copy: (what: string) => string;
  readonly copied: string;
  readonly notCopied: string;
  readonly noChecksum: string;
  readonly holds: string;
  readonly holdsFiles: (files: string, folders: string) => string;
  readonly more: string;
  readonly versions: string;
  readonly current: string;
  readonly restoreDo: string;
  readonly restore: (when: string) => string;
  readonly restored: string;
  readonly downloadVersion: (when: string) => string;
  readonly open: string;
  readonly copyLink: string;
}

const en: DetailsWords = {
  title: "Details",
  close: "Close",
  where: "Folder",
  size: "Size",
  bytes: (size, exact) => `${size} (${exact} bytes)`,
  type: "Type",
  modified: "Modified",
  arrived: "Arrived",
  by: "Brought by",
  byDoor: (account, door) => `${account}, ${door}`,
  doors: { http: "by the page or the API", sftp: "by SFTP", ftp: "by FTP" },
  unknown: "Not known",
  unknownBy: "Not known: another program put it here",
  checksums: "Checksums",
  copy: (what) => `Copy ${what}`,
  copied: "Copied",
  notCopied: "The browser did not let the page copy.",
  noChecksum: "None is known yet",
  holds: "Contains",
  holdsFiles: (files, folders) =>
    `${files === "1" ? "1 file" : `${files} files`} in ${folders === "1" ? "1 folder" : `${folders} folders`}`,
  more: "or more",
  versions: "Versions",
  current: "now",
  restoreDo: "Restore",
  restore: (when) => `Restore the version of ${when}`,
  restored: "Restored. What the file was before stays as a version.",
  downloadVersion: (when) => `Download the version of ${when}`,
  open: "Open",
  copyLink: "Copy link",
};

const ko: DetailsWords = {
  title: "상세 정보",
  close: "닫기",
  where: "폴더",
  size: "크기",
  bytes: (size, exact) => `${size}(${exact}바이트)`,
  type: "종류",
  modified: "수정한 날짜",
  arrived: "올라온 날짜",
  by: "올린 사람",
  byDoor: (account, door) => `${account}, ${door}`,
  doors: { http: "웹 페이지 또는 API", sftp: "SFTP", ftp: "FTP" },
  unknown: "알 수 없음",
  unknownBy: "알 수 없음(다른 프로그램이 저장함)",
  checksums: "체크섬",
  copy: (what) => `${what} 복사`,
  copied: "복사했습니다",
  notCopied: "브라우저가 복사를 허용하지 않았습니다.",
  noChecksum: "아직 알려진 값이 없습니다",
  holds: "내용",
  holdsFiles: (files, folders) => `파일 ${files}개, 폴더 ${folders}개`,
  more: "이상",
  versions: "버전",
  current: "현재",
  restoreDo: "되돌리기",
  restore: (when) => `되돌리기: ${when} 버전`,
  restored: "되돌렸습니다. 그전 내용은 버전으로 남아 있습니다.",
  downloadVersion: (when) => `내려받기: ${when} 버전`,
  open: "열기",
  copyLink: "링크 복사",
};

/** What detailsWords adds to the words of the first page. */
export interface WithDetailsWords {
  readonly details: DetailsWords;
}

/** The words that the details bring. */
export const detailsWords: Words<WithDetailsWords> = { en: { details: en }, ko: { details: ko } };
