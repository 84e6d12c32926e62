/** The words about what is done with files and folders. */
export interface FileWords {
  readonly choose: (name: string) => string;
  readonly chooseAll: string;
  readonly chosen: (count: string) => string;
  readonly clear: string;
  readonly more: (name: string) => string;
  readonly moreActions: string;
  readonly sortBy: string;
  readonly sorted: (column: string, descending: boolean) => string;
  readonly exactly: (bytes: string) => string;
  readonly here: string;
  readonly foldedPath: string;
  readonly commands: Readonly<Record<"download" | "share" | "move" | "copy" | "rename" | "remove", string>>;
  /** A folder that is a store of its own. */
  readonly store: string;
  readonly bin: string;
  readonly missing: (name: string) => string;
  readonly missingHint: string;
  readonly goUp: string;
  readonly loadingRest: (count: string) => string;
  readonly searching: (count: string) => string;
  readonly found: (count: string) => string;
  readonly searchFailed: string;
  readonly notSearched: (folders: string) => string;
  readonly moreFailed: string;
  readonly gone: (name: string) => string;
  readonly downloadFailed: string;
  readonly foldersFailed: string;
}

/** English. */
export const enFile: FileWords = {
  choose: (name) => `Select ${name}`,
  chooseAll: "Select all",
  chosen: (count) => `${count} selected`,
  clear: "Clear the selection",
  more: (name) => `More actions for ${name}`,
  moreActions: "More actions",
  sortBy: "Sort by",
  sorted: (column, descending) => `Sorted by ${column}, ${descending ? "descending" : "ascending"}`,
  exactly: (bytes) => `${bytes} bytes`,
  here: "In this folder",
  foldedPath: "Folders in between",
  commands: {
    download: "Download",
    share: "Share",
    move: "Move to…",
    copy: "Copy to…",
    rename: "Rename",
    remove: "Delete",
  },
  store: "Storage",
  bin: "Bin",
  missing: (name) => `There is no folder “${name}”`,
  missingHint: "It may have been moved, renamed or deleted, or the link is incomplete.",
  goUp: "Go to the folder above",
  loadingRest: (count) => `Loading… ${count} names so far`,
  searching: (count) => `Searching here and in the folders below… ${count} names so far`,
  found: (count) => `${count} found`,
  notSearched: (folders) => `Not searched, because the storage does not answer: ${folders}`,
  searchFailed: "The folders below could not be searched.",
  moreFailed: "The rest of this folder could not be loaded.",
  gone: (name) => `“${name}” is not there any more. It may have been deleted or renamed.`,
  downloadFailed: "The download could not start.",
  foldersFailed: "Some empty folders could not be made. The files are not affected.",
};

/** Korean. */
export const koFile: FileWords = {
  choose: (name) => `${name} 선택`,
  chooseAll: "모두 선택",
  chosen: (count) => `${count}개 선택됨`,
  clear: "선택 해제",
  more: (name) => `${name} 작업 더 보기`,
  moreActions: "작업 더 보기",
  sortBy: "정렬 기준",
  sorted: (column, descending) => `${column} ${descending ? "내림차순" : "오름차순"} 정렬`,
  exactly: (bytes) => `${bytes}바이트`,
  here: "이 폴더",
  foldedPath: "중간 폴더",
  commands: {
    download: "내려받기",
    share: "공유",
    move: "이동…",
    copy: "복사…",
    rename: "이름 바꾸기",
    remove: "삭제",
  },
  store: "저장소",
  bin: "휴지통",
  missing: (name) => `‘${name}’ 폴더가 없습니다`,
  missingHint: "이동했거나 이름이 바뀌었거나 삭제되었을 수 있습니다. 링크가 온전한지도 확인해 주세요.",
  goUp: "상위 폴더로 이동",
  loadingRest: (count) => `불러오는 중… 지금까지 ${count}개`,
  searching: (count) => `이 폴더와 하위 폴더를 살펴보는 중… 지금까지 ${count}개`,
  found: (count) => `${count}개 찾음`,
  notSearched: (folders) => `저장소가 응답하지 않아 찾아보지 못했습니다: ${folders}`,
  searchFailed: "하위 폴더를 끝까지 살펴보지 못했습니다.",
  moreFailed: "나머지 목록을 불러오지 못했습니다.",
  gone: (name) => `‘${name}’ 파일이 더 이상 없습니다. 삭제되었거나 이름이 바뀌었을 수 있습니다.`,
  downloadFailed: "내려받기를 시작하지 못했습니다.",
  foldersFailed: "일부 빈 폴더를 만들지 못했습니다. 파일 전송에는 영향이 없습니다.",
};
