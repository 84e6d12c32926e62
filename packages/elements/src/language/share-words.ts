import type { ShareState } from "@naru/core";
import type { Words } from "./language.ts";

/** The words about links, for their owners. */
export interface ShareWords {
  readonly shareTitle: (name: string) => string;
  readonly requestTitle: (folder: string) => string;
  readonly shareHint: string;
  readonly requestHint: string;
  readonly editTitle: string;
  readonly title: string;
  readonly titleHint: string;
  readonly note: string;
  readonly expires: string;
  readonly days: (count: number) => string;
  readonly unchangedUntil: (date: string) => string;
  readonly password: string;
  readonly passwordHint: string;
  readonly passwordSet: string;
  readonly passwordNone: string;
  readonly removePassword: string;
  readonly makePassword: string;
  readonly shortPassword: string;
  readonly maxDownloads: string;
  readonly noLimit: string;
  readonly preview: string;
  readonly askName: string;
  readonly askEmail: string;
  readonly asks: string;
  readonly senderFolders: string;
  readonly limits: string;
  readonly maxFileSize: string;
  readonly maxBytes: string;
  readonly maxFiles: string;
  readonly types: string;
  readonly typesHint: string;
  readonly make: string;
  readonly save: string;
  readonly madeTitle: string;
  readonly madeHint: string;
  readonly address: string;
  readonly copy: string;
  readonly copied: string;
  readonly passwordApart: (password: string) => string;
  readonly done: string;
  readonly links: string;
  readonly none: string;
  readonly noneHint: string;
  readonly states: Readonly<Record<ShareState, string>>;
  readonly until: (date: string) => string;
  readonly downloads: (count: number) => string;
  readonly downloadsOf: (count: number, most: number) => string;
  readonly received: (count: number, bytes: string) => string;
  readonly allFiles: string;
  readonly locked: string;
  readonly edit: string;
  readonly log: string;
  readonly renew: string;
  readonly renewHint: string;
  readonly stop: string;
  readonly stopAsk: string;
  readonly forget: string;
  readonly forgetAsk: string;
  readonly keep: string;
  readonly named: (what: string, name: string) => string;
  readonly logTitle: (name: string) => string;
  readonly logNone: string;
  readonly took: string;
  readonly sent: string;
  readonly part: (bytes: string, size: string) => string;
  readonly underWay: string;
  readonly someone: string;
  readonly back: string;
  readonly close: string;
  readonly loading: string;
  readonly failed: string;
  readonly gone: string;
  readonly tooLong: string;
  readonly stopped: (name: string) => string;
}

const en: ShareWords = {
  shareTitle: (name) => `Share “${name}”`,
  requestTitle: (folder) => `Ask for files in “${folder}”`,
  shareHint: "Anyone with the link can download it, without an account.",
  requestHint: "Anyone with the link can send files into this folder, and sees nothing of what is in it.",
  editTitle: "Change the link",
  title: "Title",
  titleHint: "what people read first",
  note: "Message",
  expires: "Stops after",
  days: (count) => (count === 1 ? "1 day" : `${count.toLocaleString("en")} days`),
  unchangedUntil: (date) => `as it is: ${date}`,
  password: "Password",
  passwordHint: "none",
  passwordSet: "unchanged",
  passwordNone: "none",
  removePassword: "Remove the password",
  makePassword: "Generate",
  shortPassword: "A password needs 4 characters or more.",
  maxDownloads: "Maximum downloads",
  noLimit: "no limit",
  preview: "Allow previews (not while downloads are limited)",
  askName: "Name",
  askEmail: "E-mail address",
  asks: "The sender must fill in",
  senderFolders: "A folder for each sender",
  limits: "Limits",
  maxFileSize: "Largest file, in GB",
  maxBytes: "All files together, in GB",
  maxFiles: "Number of files",
  types: "Only these types",
  typesHint: ".pdf, image/*",
  make: "Make the link",
  save: "Save",
  madeTitle: "The link is ready",
  madeHint: "Copy it now: it is shown only once. If you lose it, get a new address in My links.",
  address: "Address of the link",
  copy: "Copy the link",
  copied: "Copied",
  passwordApart: (password) => `Password: ${password} — send it separately from the link.`,
  done: "Done",
  links: "My links",
  none: "You have no links yet",
  noneHint: "Choose “Share” at a file or folder, or “Ask for files” at a folder.",
  states: { open: "Open", expired: "Expired", "used-up": "Used up", revoked: "Stopped" },
  until: (date) => `until ${date}`,
  downloads: (count) => (count === 1 ? "1 download" : `${count.toLocaleString("en")} downloads`),
  downloadsOf: (count, most) => `${count.toLocaleString("en")} of ${most.toLocaleString("en")} downloads`,
  received: (count, bytes) => `${count === 1 ? "1 file" : `${count.toLocaleString("en")} files`} received, ${bytes}`,
  allFiles: "All files",
  locked: "with a password",
  edit: "Change",
  log: "Activity",
  renew: "New address",
  renewHint: "The old address stops at once.",
  stop: "Stop",
  stopAsk: "Nobody can use the link from then on.",
  forget: "Remove",
  forgetAsk: "The link and its activity are removed from this list.",
  keep: "Keep",
  named: (what, name) => `${what}: ${name}`,
  logTitle: (name) => `Activity of “${name}”`,
  logNone: "Nobody has used this link yet.",
  took: "Downloaded",
  sent: "Sent",
  part: (bytes, size) => `${bytes} of ${size}`,
  underWay: "not complete",
  someone: "somebody without a name",
  back: "Back to My links",
  close: "Close",
  loading: "Loading…",
  failed: "That did not work. Try again.",
  gone: "It is no longer there, or you may not share it.",
  tooLong: "The server does not allow a link for so long.",
  stopped: (name) => `The link to “${name}” is stopped.`,
};

const ko: ShareWords = {
  shareTitle: (name) => `‘${name}’ 공유`,
  requestTitle: (folder) => `‘${folder}’ 폴더로 파일 요청`,
  shareHint: "링크가 있으면 계정 없이 누구나 내려받을 수 있습니다.",
  requestHint: "링크가 있으면 누구나 이 폴더로 파일을 보낼 수 있고, 폴더에 있는 것은 볼 수 없습니다.",
  editTitle: "링크 바꾸기",
  title: "제목",
  titleHint: "받는 사람이 먼저 봅니다",
  note: "메시지",
  expires: "기한",
  days: (count) => `${count.toLocaleString("ko")}일`,
  unchangedUntil: (date) => `그대로: ${date}까지`,
  password: "비밀번호",
  passwordHint: "없음",
  passwordSet: "그대로",
  passwordNone: "없음",
  removePassword: "비밀번호 없애기",
  makePassword: "만들기",
  shortPassword: "비밀번호는 4자 이상이어야 합니다.",
  maxDownloads: "최대 다운로드 횟수",
  noLimit: "제한 없음",
  preview: "페이지에서 미리 보기 허용(다운로드 횟수를 제한하면 제외)",
  askName: "이름",
  askEmail: "이메일 주소",
  asks: "보내는 사람이 입력할 것",
  senderFolders: "보내는 사람마다 폴더 만들기",
  limits: "제한",
  maxFileSize: "파일 하나의 최대 크기(GB)",
  maxBytes: "전체 최대 크기(GB)",
  maxFiles: "최대 파일 수",
  types: "받을 파일 형식",
  typesHint: ".pdf, image/*",
  make: "링크 만들기",
  save: "저장",
  madeTitle: "링크를 만들었습니다",
  madeHint: "지금 복사해 두세요. 주소는 한 번만 보입니다. 잃어버리면 ‘내 링크’에서 새 주소를 받을 수 있습니다.",
  address: "링크 주소",
  copy: "링크 복사",
  copied: "복사했습니다",
  passwordApart: (password) => `비밀번호: ${password} — 링크와 다른 방법으로 전해 주세요.`,
  done: "완료",
  links: "내 링크",
  none: "아직 링크가 없습니다",
  noneHint: "파일이나 폴더에서 ‘공유’를, 폴더에서 ‘파일 요청’을 선택해 보세요.",
  states: { open: "사용 중", expired: "기한 지남", "used-up": "횟수 소진", revoked: "중지됨" },
  until: (date) => `${date}까지`,
  downloads: (count) => `다운로드 ${count.toLocaleString("ko")}회`,
  downloadsOf: (count, most) => `다운로드 ${most.toLocaleString("ko")}회 중 ${count.toLocaleString("ko")}회`,
  received: (count, bytes) => `파일 ${count.toLocaleString("ko")}개 받음, ${bytes}`,
  allFiles: "모든 파일",
  locked: "비밀번호 있음",
  edit: "바꾸기",
  log: "기록",
  renew: "새 주소",
  renewHint: "이전 주소는 바로 쓸 수 없게 됩니다.",
  stop: "중지",
  stopAsk: "중지하면 아무도 이 링크를 쓸 수 없습니다.",
  forget: "삭제",
  forgetAsk: "목록에서 링크와 기록이 사라집니다.",
  keep: "그대로 두기",
  named: (what, name) => `${what}: ${name}`,
  logTitle: (name) => `‘${name}’ 링크의 기록`,
  logNone: "아직 아무도 이 링크를 쓰지 않았습니다.",
  took: "내려받음",
  sent: "보냄",
  part: (bytes, size) => `${size} 중 ${bytes}`,
  underWay: "끝나지 않음",
  someone: "이름을 남기지 않은 사람",
  back: "내 링크로",
  close: "닫기",
  loading: "불러오는 중…",
  failed: "처리하지 못했습니다. 다시 시도해 주세요.",
  gone: "파일이나 폴더가 더 이상 없거나 공유할 권한이 없습니다.",
  tooLong: "서버에서 허용하는 기간보다 깁니다.",
  stopped: (name) => `‘${name}’ 링크를 중지했습니다.`,
};

export interface WithShareWords {
  readonly share: ShareWords;
}

/** In both languages. */
export const shareWords: Words<WithShareWords> = { ko: { share: ko }, en: { share: en } };
