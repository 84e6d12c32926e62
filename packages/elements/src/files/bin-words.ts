import type { Words } from "../language/language.ts";

/** The words of the bin. */
export interface BinWords {
  readonly title: string;
  readonly kept: string;
  readonly empty: string;
  readonly emptyHint: string;
  readonly from: (folder: string) => string;
  readonly facts: (holds: string, when: string, by: string) => string;
  readonly files: (count: string, size: string) => string;
  readonly goes: (day: string) => string;
  readonly restore: string;
  readonly restoreName: (name: string) => string;
  readonly forGood: string;
  readonly forGoodName: (name: string) => string;
  readonly emptyDo: string;
  readonly askTitle: string;
  readonly ask: (name: string) => string;
  readonly askEmptyTitle: string;
  readonly askEmpty: string;
  readonly keep: string;
  readonly restored: (path: string) => string;
  readonly removed: (name: string) => string;
  readonly emptied: string;
  readonly showMore: string;
  readonly close: string;
}

const en: BinWords = {
  title: "Bin",
  kept: "What is deleted is kept here for a while and can be restored. It still takes up space.",
  empty: "The bin is empty",
  emptyHint: "Files that you delete can be restored from here.",
  from: (folder) => `from ${folder}`,
  facts: (holds, when, by) => `${holds} · deleted ${when} by ${by}`,
  files: (count, size) => `${count === "1" ? "1 file" : `${count} files`}, ${size}`,
  goes: (day) => `kept until ${day}`,
  restore: "Restore",
  restoreName: (name) => `Restore ${name}`,
  forGood: "Delete for good",
  forGoodName: (name) => `Delete for good: ${name}`,
  emptyDo: "Empty the bin",
  askTitle: "Delete for good?",
  ask: (name) => `“${name}” will be deleted from the store. This cannot be undone.`,
  askEmptyTitle: "Empty the bin?",
  askEmpty: "Everything in the bin will be deleted from the store. This cannot be undone.",
  keep: "Keep",
  restored: (path) => `Restored: ${path}`,
  removed: (name) => `“${name}” deleted for good`,
  emptied: "The bin is empty now",
  showMore: "Show more",
  close: "Close",
};

const ko: BinWords = {
  title: "휴지통",
  kept: "삭제한 항목은 한동안 여기에 보관되며 되살릴 수 있습니다. 그동안 저장 공간을 차지합니다.",
  empty: "휴지통이 비어 있습니다",
  emptyHint: "삭제한 파일을 여기에서 되살릴 수 있습니다.",
  from: (folder) => `원래 위치: ${folder}`,
  facts: (holds, when, by) => `${holds} · ${when} 삭제(${by})`,
  files: (count, size) => `파일 ${count}개, ${size}`,
  goes: (day) => `${day}까지 보관`,
  restore: "되살리기",
  restoreName: (name) => `${name} 되살리기`,
  forGood: "완전히 삭제",
  forGoodName: (name) => `${name} 완전히 삭제`,
  emptyDo: "휴지통 비우기",
  askTitle: "완전히 삭제할까요?",
  ask: (name) => `‘${name}’ 항목을 저장소에서 삭제합니다. 되돌릴 수 없습니다.`,
  askEmptyTitle: "휴지통을 비울까요?",
  askEmpty: "휴지통의 모든 항목을 저장소에서 삭제합니다. 되돌릴 수 없습니다.",
  keep: "그대로 두기",
  restored: (path) => `되살림: ${path}`,
  removed: (name) => `‘${name}’ 완전히 삭제됨`,
  emptied: "휴지통을 비웠습니다",
  showMore: "더 보기",
  close: "닫기",
};

/** What binWords adds to the words of the first page. */
export interface WithBinWords {
  readonly bin: BinWords;
}

/** The words that the bin brings. */
export const binWords: Words<WithBinWords> = { en: { bin: en }, ko: { bin: ko } };
