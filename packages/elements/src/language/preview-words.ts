import type { Words } from "./language.ts";

/** The words of previews. */
export interface PreviewWords {
  readonly title: (name: string) => string;
  readonly position: (at: string, of: string) => string;
  readonly previous: string;
  readonly next: string;
  readonly close: string;
  readonly download: string;
  readonly openTab: string;
  readonly loading: string;
  readonly cannot: string;
  /** Why it is not shown. */
  readonly reasons: {
    readonly type: string;
    readonly image: string;
    readonly media: string;
    readonly pdf: string;
    readonly zip: string;
    readonly "too-large": (limit: string) => string;
    readonly "not-found": string;
    readonly failed: string;
  };
  readonly tryAgain: string;
  readonly empty: string;
  readonly content: (name: string) => string;
  readonly encoding: Readonly<Record<"utf-8" | "utf-16le" | "utf-16be" | "euc-kr" | "windows-1252", string>>;
  readonly shownOf: (shown: string, size: string) => string;
  readonly showMore: string;
  readonly firstRows: (rows: string) => string;
  readonly allRows: (rows: string) => string;
  readonly entries: (count: number, written: string) => string;
  readonly firstEntries: (shown: string, count: string) => string;
  readonly encrypted: string;
}

const en: PreviewWords = {
  title: (name) => `Preview of ${name}`,
  position: (at, of) => `${at} of ${of}`,
  previous: "Previous file",
  next: "Next file",
  close: "Close preview",
  download: "Download",
  openTab: "Open in a new tab",
  loading: "Loading…",
  cannot: "No preview",
  reasons: {
    type: "Files of this type cannot be shown here. Download it to open it with a program.",
    image: "This browser cannot show this image. It may be damaged, or of a format that the browser does not know.",
    media: "This browser cannot play this file. It may be damaged, or of a format that the browser does not know.",
    pdf: "This browser has no PDF viewer. Download the file to open it with a program.",
    zip: "This is not a ZIP file, or its list of contents is damaged.",
    "too-large": (limit) => `Images over ${limit} are not shown here. Download it to open it with a program.`,
    "not-found": "The file is no longer there. It was moved or removed.",
    failed: "The file could not be read. Nothing is lost: it is still on the server.",
  },
  tryAgain: "Try again",
  empty: "This file is empty.",
  content: (name) => `Contents of ${name}`,
  encoding: {
    "utf-8": "UTF-8",
    "utf-16le": "UTF-16",
    "utf-16be": "UTF-16",
    "euc-kr": "Korean (CP949)",
    "windows-1252": "Encoding not recognized",
  },
  shownOf: (shown, size) => `First ${shown} of ${size}`,
  showMore: "Show more",
  firstRows: (rows) => `First ${rows} rows`,
  allRows: (rows) => `${rows} rows`,
  entries: (count, written) => (count === 1 ? "1 entry" : `${written} entries`),
  firstEntries: (shown, count) => `First ${shown} of ${count} entries`,
  encrypted: "encrypted",
};

const ko: PreviewWords = {
  title: (name) => `미리 보기: ${name}`,
  position: (at, of) => `${of}개 중 ${at}번째`,
  previous: "이전 파일",
  next: "다음 파일",
  close: "미리 보기 닫기",
  download: "내려받기",
  openTab: "새 탭에서 열기",
  loading: "불러오는 중…",
  cannot: "미리 보기를 할 수 없습니다",
  reasons: {
    type: "이 형식의 파일은 여기에서 볼 수 없습니다. 받아서 프로그램으로 열어 주세요.",
    image: "이 브라우저에서 볼 수 없는 이미지입니다. 파일이 손상되었거나 브라우저가 모르는 형식일 수 있습니다.",
    media: "이 브라우저에서 재생할 수 없는 파일입니다. 파일이 손상되었거나 브라우저가 모르는 형식일 수 있습니다.",
    pdf: "이 브라우저에는 PDF 뷰어가 없습니다. 받아서 프로그램으로 열어 주세요.",
    zip: "ZIP 파일이 아니거나 목록이 손상되었습니다.",
    "too-large": (limit) => `${limit}보다 큰 이미지는 여기에서 보여 주지 않습니다. 받아서 프로그램으로 열어 주세요.`,
    "not-found": "파일이 없습니다. 옮겨졌거나 삭제되었습니다.",
    failed: "파일을 읽지 못했습니다. 파일은 서버에 그대로 있습니다.",
  },
  tryAgain: "다시 시도",
  empty: "빈 파일입니다.",
  content: (name) => `${name} 내용`,
  encoding: {
    "utf-8": "UTF-8",
    "utf-16le": "UTF-16",
    "utf-16be": "UTF-16",
    "euc-kr": "한국어(CP949)",
    "windows-1252": "인코딩을 알 수 없음",
  },
  shownOf: (shown, size) => `전체 ${size} 중 처음 ${shown}`,
  showMore: "더 보기",
  firstRows: (rows) => `처음 ${rows}행`,
  allRows: (rows) => `${rows}행`,
  entries: (_count, written) => `${written}개 항목`,
  firstEntries: (shown, count) => `${count}개 항목 중 처음 ${shown}개`,
  encrypted: "암호화됨",
};

/** What previewWords adds to the words of the first page. */
export interface WithPreviewWords {
  readonly preview: PreviewWords;
}

/** The words that previews bring. */
export const previewWords: Words<WithPreviewWords> = { en: { preview: en }, ko: { preview: ko } };
