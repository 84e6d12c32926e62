/** The words about what is done with files and folders. */
export interface FileWords {
  readonly searching: (count: string) => string;
  readonly found: (count: string) => string;
  readonly searchFailed: string;
  readonly moreFailed: string;
  readonly gone: (name: string) => string;
  readonly downloadFailed: string;
  readonly removeFolderTitle: string;
  readonly removeFolderCounting: (name: string, count: string) => string;
  readonly removeFolderEmpty: (name: string) => string;
  readonly holds: (files: string, size: string) => string;
  readonly removeFolderAsk: (name: string, holds: string) => string;
  readonly removeFolderMore: (name: string, count: string) => string;
  /** A file is on its way into the folder. */
  readonly folderAwaits: string;
  readonly taken: (name: string) => string;
  /** Which file would be replaced. */
  readonly takenFacts: (size: string, time: string) => string;
  readonly takenHint: string;
  readonly takenByFolder: (name: string) => string;
  readonly replace: string;
  readonly working: string;
  readonly announceRemoved: (name: string) => string;
  readonly announceRenamed: (name: string) => string;
  readonly announceMade: (name: string) => string;
  readonly foldersFailed: string;
}

/** English. */
export const enFile: FileWords = {
  searching: (count) => `Searching this folder… ${count} names so far`,
  found: (count) => `${count} found`,
  searchFailed: "The rest of this folder could not be searched.",
  moreFailed: "The rest of this folder could not be loaded.",
  gone: (name) => `“${name}” is not there any more. It may have been deleted or renamed.`,
  downloadFailed: "The download could not start.",
  removeFolderTitle: "Delete this folder?",
  removeFolderCounting: (name, count) => `Counting the files in “${name}”… ${count}`,
  removeFolderEmpty: (name) => `“${name}” holds no files and will be deleted.`,
  holds: (files, size) => `${files === "1" ? "1 file" : `${files} files`} (${size})`,
  removeFolderAsk: (name, holds) =>
    `“${name}” and everything in it, ${holds}, will be deleted from the store. This cannot be undone.`,
  removeFolderMore: (name, count) =>
    `“${name}” and everything in it, more than ${count} files, will be deleted from the store. This cannot be undone.`,
  folderAwaits: "A file is still being uploaded to this folder. Wait for it to arrive, or cancel it in the transfers.",
  taken: (name) => `“${name}” is already there.`,
  takenFacts: (size, time) => `That file: ${size}, ${time}.`,
  takenHint: "Nothing has been changed. Use another name, or replace that file; its content will be lost.",
  takenByFolder: (name) => `A folder “${name}” is already there. Nothing has been changed. Use another name.`,
  replace: "Replace that file",
  working: "One moment…",
  announceRemoved: (name) => `“${name}” deleted`,
  announceRenamed: (name) => `Renamed to “${name}”`,
  announceMade: (name) => `Folder “${name}” created`,
  foldersFailed: "Some empty folders could not be made. The files are not affected.",
};

/** Korean. */
export const koFile: FileWords = {
  searching: (count) => `이 폴더를 살펴보는 중… 지금까지 ${count}개`,
  found: (count) => `${count}개 찾음`,
  searchFailed: "이 폴더를 끝까지 살펴보지 못했습니다.",
  moreFailed: "나머지 목록을 불러오지 못했습니다.",
  gone: (name) => `‘${name}’ 파일이 더 이상 없습니다. 삭제되었거나 이름이 바뀌었을 수 있습니다.`,
  downloadFailed: "내려받기를 시작하지 못했습니다.",
  removeFolderTitle: "폴더를 삭제할까요?",
  removeFolderCounting: (name, count) => `‘${name}’ 폴더의 파일을 세는 중… ${count}개`,
  removeFolderEmpty: (name) => `‘${name}’ 폴더를 삭제합니다. 안에 파일이 없습니다.`,
  holds: (files, size) => `파일 ${files}개(${size})`,
  removeFolderAsk: (name, holds) =>
    `‘${name}’ 폴더와 그 안의 ${holds}를 저장소에서 모두 삭제합니다. 되돌릴 수 없습니다.`,
  removeFolderMore: (name, count) =>
    `‘${name}’ 폴더와 그 안의 파일 ${count}개 이상을 저장소에서 모두 삭제합니다. 되돌릴 수 없습니다.`,
  folderAwaits:
    "이 폴더로 올라오는 중인 파일이 있습니다. 도착을 기다리거나 전송 목록에서 취소한 뒤 다시 시도해 주세요.",
  taken: (name) => `‘${name}’ 파일이 이미 있습니다.`,
  takenFacts: (size, time) => `기존 파일: ${size}, ${time}.`,
  takenHint: "아직 바뀐 것은 없습니다. 다른 이름을 쓰거나 기존 파일을 덮어쓸 수 있습니다. 덮어쓰면 되돌릴 수 없습니다.",
  takenByFolder: (name) => `‘${name}’ 폴더가 이미 있습니다. 바뀐 것은 없습니다. 다른 이름을 입력해 주세요.`,
  replace: "기존 파일 덮어쓰기",
  working: "처리하는 중…",
  announceRemoved: (name) => `‘${name}’ 삭제됨`,
  announceRenamed: (name) => `이름을 ‘${name}’(으)로 바꿨습니다`,
  announceMade: (name) => `‘${name}’ 폴더를 만들었습니다`,
  foldersFailed: "일부 빈 폴더를 만들지 못했습니다. 파일 전송에는 영향이 없습니다.",
};
