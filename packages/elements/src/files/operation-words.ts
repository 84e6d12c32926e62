import type { Words } from "../language/language.ts";
import type { Command } from "./commands.ts";

/** The words of what is done with files and folders. */
export interface OperationWords {
  readonly menu: Readonly<Record<Exclude<Command, "new" | "bin"> | "newFolder" | "preview", string>>;
  readonly removeTitle: (count: string) => string;
  readonly removeFile: (name: string) => string;
  readonly removeMany: (holds: string) => string;
  readonly removeFolder: (name: string, holds: string) => string;
  readonly removeEmpty: (name: string) => string;
  readonly counting: (count: string) => string;
  readonly holds: (files: string, size: string, more: boolean) => string;
  readonly removeDo: string;
  readonly renameTitle: string;
  readonly renameDo: string;
  readonly newFolderTitle: string;
  readonly newFolderDo: string;
  readonly badName: string;
  /** A file is on its way into the folder. */
  readonly folderAwaits: string;
  readonly taken: (name: string) => string;
  /** Which file would be replaced. */
  readonly takenFacts: (size: string, time: string) => string;
  readonly takenHint: string;
  readonly takenByFolder: (name: string) => string;
  readonly replace: string;
  readonly working: string;
  readonly announceMade: (name: string) => string;
  readonly renamed: (name: string) => string;
  readonly removed: (names: string) => string;
  readonly moved: (names: string, folder: string) => string;
  readonly copied: (names: string, folder: string) => string;
  readonly cut: (names: string) => string;
  readonly clipped: (names: string) => string;
  readonly linkCopied: string;
  readonly copyFailed: string;
  /** One name, or how many. */
  readonly names: (name: string, count: number) => string;
  readonly undo: string;
  readonly undone: string;
  readonly undoFailed: string;
  readonly dismiss: string;
  readonly failed: (names: string, why: string) => string;
  readonly moveTitle: (names: string) => string;
  readonly copyTitle: (names: string) => string;
  readonly moveHere: string;
  readonly copyHere: string;
  readonly folderList: string;
  readonly noFolders: string;
  readonly alreadyHere: string;
  readonly insideItself: string;
  readonly clashTitle: (count: string) => string;
  readonly clash: (names: string, folder: string) => string;
  readonly keepBoth: string;
  readonly replaceThem: string;
  readonly skip: string;
}

const enOperations: OperationWords = {
  menu: {
    open: "Open",
    preview: "Open",
    download: "Download",
    share: "Share…",
    request: "Request files here…",
    move: "Move to…",
    copy: "Copy to…",
    rename: "Rename…",
    remove: "Delete",
    cut: "Cut",
    clip: "Copy",
    paste: "Paste",
    details: "Details",
    link: "Copy link",
    newFolder: "New folder…",
  },
  removeTitle: (count) => (count === "1" ? "Delete this?" : `Delete these ${count}?`),
  removeFile: (name) => `“${name}” will be deleted from the store. This cannot be undone.`,
  removeMany: (holds) => `All that is selected, ${holds}, will be deleted from the store. This cannot be undone.`,
  removeFolder: (name, holds) =>
    `“${name}” and everything in it, ${holds}, will be deleted from the store. This cannot be undone.`,
  removeEmpty: (name) => `“${name}” holds no files and will be deleted.`,
  counting: (count) => `Counting the files… ${count}`,
  holds: (files, size, more) =>
    more ? `more than ${files} files` : `${files === "1" ? "1 file" : `${files} files`} (${size})`,
  removeDo: "Delete",
  renameTitle: "Rename",
  renameDo: "Rename",
  newFolderTitle: "New folder",
  newFolderDo: "Create",
  badName: "A name cannot be empty or contain /.",
  folderAwaits: "A file is still being uploaded to this folder. Wait for it to arrive, or cancel it in the transfers.",
  taken: (name) => `“${name}” is already there.`,
  takenFacts: (size, time) => `That file: ${size}, ${time}.`,
  takenHint: "Nothing has been changed. Use another name, or replace that file; its content will be lost.",
  takenByFolder: (name) => `A folder “${name}” is already there. Nothing has been changed. Use another name.`,
  replace: "Replace that file",
  working: "One moment…",
  announceMade: (name) => `Folder “${name}” created`,
  renamed: (name) => `Renamed to “${name}”`,
  removed: (names) => `${names} deleted`,
  moved: (names, folder) => `${names} moved to “${folder}”`,
  copied: (names, folder) => `${names} copied to “${folder}”`,
  cut: (names) => `${names} cut. Open a folder and paste.`,
  clipped: (names) => `${names} copied. Open a folder and paste.`,
  linkCopied: "Link copied",
  copyFailed: "The browser did not let the page copy.",
  names: (name, count) => (count === 1 ? `“${name}”` : `${count.toLocaleString("en")} items`),
  undo: "Undo",
  undone: "Undone",
  undoFailed: "Not all of it could be undone.",
  dismiss: "Close this message",
  failed: (names, why) => `${names}: ${why}`,
  moveTitle: (names) => `Move ${names}`,
  copyTitle: (names) => `Copy ${names}`,
  moveHere: "Move here",
  copyHere: "Copy here",
  folderList: "Folders",
  noFolders: "No folders in here",
  alreadyHere: "It is here already. Choose another folder.",
  insideItself: "A folder cannot go into itself.",
  clashTitle: (count) => (count === "1" ? "This name is taken" : `${count} names are taken`),
  clash: (names, folder) => `${names} in “${folder}”. What should happen? Nothing has been replaced yet.`,
  keepBoth: "Keep both",
  replaceThem: "Replace",
  skip: "Skip",
};

const koOperations: OperationWords = {
  menu: {
    open: "열기",
    preview: "열기",
    download: "내려받기",
    share: "공유…",
    request: "파일 요청…",
    move: "이동…",
    copy: "다른 폴더로 복사…",
    rename: "이름 바꾸기…",
    remove: "삭제",
    cut: "잘라내기",
    clip: "복사",
    paste: "붙여넣기",
    details: "상세 정보",
    link: "링크 복사",
    newFolder: "새 폴더…",
  },
  removeTitle: (count) => (count === "1" ? "삭제할까요?" : `${count}개를 삭제할까요?`),
  removeFile: (name) => `‘${name}’ 파일을 저장소에서 삭제합니다. 되돌릴 수 없습니다.`,
  removeMany: (holds) => `선택한 항목 전체(${holds})를 저장소에서 삭제합니다. 되돌릴 수 없습니다.`,
  removeFolder: (name, holds) => `‘${name}’ 폴더와 그 안의 ${holds}를 저장소에서 모두 삭제합니다. 되돌릴 수 없습니다.`,
  removeEmpty: (name) => `‘${name}’ 폴더를 삭제합니다. 안에 파일이 없습니다.`,
  counting: (count) => `파일을 세는 중… ${count}개`,
  holds: (files, size, more) => (more ? `파일 ${files}개 이상` : `파일 ${files}개(${size})`),
  removeDo: "삭제",
  renameTitle: "이름 바꾸기",
  renameDo: "바꾸기",
  newFolderTitle: "새 폴더",
  newFolderDo: "만들기",
  badName: "이름을 비워 두거나 /를 쓸 수 없습니다.",
  folderAwaits:
    "이 폴더로 올라오는 중인 파일이 있습니다. 도착을 기다리거나 전송 목록에서 취소한 뒤 다시 시도해 주세요.",
  taken: (name) => `‘${name}’ 파일이 이미 있습니다.`,
  takenFacts: (size, time) => `기존 파일: ${size}, ${time}.`,
  takenHint: "아직 바뀐 것은 없습니다. 다른 이름을 쓰거나 기존 파일을 덮어쓸 수 있습니다. 덮어쓰면 되돌릴 수 없습니다.",
  takenByFolder: (name) => `‘${name}’ 폴더가 이미 있습니다. 바뀐 것은 없습니다. 다른 이름을 입력해 주세요.`,
  replace: "기존 파일 덮어쓰기",
  working: "처리하는 중…",
  announceMade: (name) => `‘${name}’ 폴더를 만들었습니다`,
  renamed: (name) => `이름을 ‘${name}’(으)로 바꿨습니다`,
  removed: (names) => `${names} 삭제됨`,
  moved: (names, folder) => `${names} 이동됨: ‘${folder}’`,
  copied: (names, folder) => `${names} 복사됨: ‘${folder}’`,
  cut: (names) => `${names} 잘라냄. 폴더를 열고 붙여넣으세요.`,
  clipped: (names) => `${names} 복사함. 폴더를 열고 붙여넣으세요.`,
  linkCopied: "링크를 복사했습니다",
  copyFailed: "브라우저가 복사를 허용하지 않았습니다.",
  names: (name, count) => (count === 1 ? `‘${name}’` : `${count.toLocaleString("ko")}개 항목`),
  undo: "실행 취소",
  undone: "되돌렸습니다",
  undoFailed: "일부는 되돌리지 못했습니다.",
  dismiss: "알림 닫기",
  failed: (names, why) => `${names}: ${why}`,
  moveTitle: (names) => `${names} 이동`,
  copyTitle: (names) => `${names} 복사`,
  moveHere: "여기로 이동",
  copyHere: "여기에 복사",
  folderList: "폴더",
  noFolders: "하위 폴더가 없습니다",
  alreadyHere: "이미 이 폴더에 있습니다. 다른 폴더를 선택하세요.",
  insideItself: "폴더를 자기 자신 안으로 옮길 수 없습니다.",
  clashTitle: (count) => (count === "1" ? "같은 이름이 있습니다" : `같은 이름이 ${count}개 있습니다`),
  clash: (names, folder) => `‘${folder}’에 이미 있음: ${names}. 어떻게 할까요? 아직 덮어쓴 것은 없습니다.`,
  keepBoth: "둘 다 유지",
  replaceThem: "덮어쓰기",
  skip: "건너뛰기",
};

/** What operationWords adds to the words of the first page. */
export interface WithOperationWords {
  readonly does: OperationWords;
}

/** The words that the part which changes files and folders brings. */
export const operationWords: Words<WithOperationWords> = { en: { does: enOperations }, ko: { does: koOperations } };
