import type { GuestField } from "@naru/core";
import type { Words } from "./language.ts";

/** The words of the page that guests of a link see. */
export interface GuestWords {
  readonly noLink: string;
  readonly noLinkHint: string;
  readonly usedUp: string;
  readonly usedUpHint: string;
  readonly gone: string;
  readonly untitledShare: (name: string) => string;
  readonly untitledRequest: string;
  readonly until: (date: string) => string;
  readonly lockedTitle: string;
  readonly lockedHint: string;
  readonly askTitle: string;
  readonly askHint: string;
  readonly password: string;
  readonly fields: Readonly<Record<GuestField, string>>;
  readonly required: string;
  readonly enter: string;
  readonly entering: string;
  readonly wrongPassword: string;
  readonly missing: (field: string) => string;
  readonly tooMany: (minutes: string) => string;
  readonly failed: string;
  readonly download: string;
  readonly downloadNamed: (name: string) => string;
  readonly downloadAll: string;
  readonly resumes: string;
  readonly checksum: string;
  readonly preview: (name: string) => string;
  readonly previewDo: string;
  readonly emptyFolder: string;
  readonly folderPath: string;
  readonly more: string;
  readonly sendTitle: string;
  readonly limits: string;
  readonly maxFileSize: (size: string) => string;
  readonly bytesLeft: (size: string) => string;
  readonly filesLeft: (count: number) => string;
  readonly types: (types: string) => string;
  readonly onlyYou: string;
  readonly refused: (count: number) => string;
  readonly refusedSystem: (name: string) => string;
  readonly refusedType: (name: string) => string;
  readonly refusedSize: (name: string) => string;
  readonly refusedRoom: (name: string) => string;
  readonly sender: (name: string) => string;
  readonly receiptTitle: string;
  readonly receiptHint: string;
  readonly receiptSave: string;
  readonly receiptName: string;
  readonly received: string;
  readonly thanks: (count: number, bytes: string) => string;
}

const en: GuestWords = {
  noLink: "This link does not work",
  noLinkHint: "It may have expired or been stopped, or a letter of it is missing. Ask the sender for a new one.",
  usedUp: "This link has been used up",
  usedUpHint: "It has been downloaded as often as its owner allowed. Ask for a new one.",
  gone: "The file is no longer there. Ask the sender for it.",
  untitledShare: (name) => name,
  untitledRequest: "Send files",
  until: (date) => `Open until ${date}`,
  lockedTitle: "This link has a password",
  lockedHint: "Ask the person who sent you the link for the password.",
  askTitle: "Before you send files",
  askHint: "The person who receives your files sees this.",
  password: "Password",
  fields: { name: "Your name", email: "Your e-mail address" },
  required: "required",
  enter: "Continue",
  entering: "One moment…",
  wrongPassword: "The password is not right.",
  missing: (field) => `Please fill in: ${field}`,
  tooMany: (minutes) => `Too many wrong passwords. Try again in ${minutes} min.`,
  failed: "The server did not answer. Try again.",
  download: "Download",
  downloadNamed: (name) => `Download ${name}`,
  downloadAll: "Download all as one ZIP",
  resumes: "If the download is cut, your browser or download manager resumes it from this address.",
  checksum: "Checksum (CRC-64/NVME)",
  preview: (name) => `Preview ${name}`,
  previewDo: "Preview",
  emptyFolder: "This folder is empty.",
  folderPath: "You are in",
  more: "Show more",
  sendTitle: "Your files",
  limits: "What may be sent",
  maxFileSize: (size) => `up to ${size} a file`,
  bytesLeft: (size) => `${size} left`,
  filesLeft: (count) => (count === 1 ? "1 more file" : `${count.toLocaleString("en")} more files`),
  types: (types) => `only ${types}`,
  onlyYou: "Only the person who asked for the files can see them; other senders cannot.",
  refused: (count) => (count === 1 ? "1 file was not added" : `${count.toLocaleString("en")} files were not added`),
  refusedSystem: (name) => `“${name}” is a system file.`,
  refusedType: (name) => `“${name}”: files of this type are not wanted here.`,
  refusedSize: (name) => `“${name}” is too large.`,
  refusedRoom: (name) => `“${name}”: there is no room left for it.`,
  sender: (name) => `Sending as ${name}`,
  receiptTitle: "Receipt",
  receiptHint: "These files arrived complete, and their checksums match.",
  receiptSave: "Save the receipt",
  receiptName: "receipt",
  received: "Arrived",
  thanks: (count, bytes) =>
    `Thank you. ${count === 1 ? "1 file" : `${count.toLocaleString("en")} files`}, ${bytes}, arrived.`,
};

const ko: GuestWords = {
  noLink: "사용할 수 없는 링크입니다",
  noLinkHint: "기한이 지났거나 중지되었거나 주소 일부가 빠졌을 수 있습니다. 보낸 사람에게 새 링크를 요청해 주세요.",
  usedUp: "받을 수 있는 횟수를 모두 썼습니다",
  usedUpHint: "링크 주인이 정한 횟수만큼 내려받았습니다. 새 링크를 요청해 주세요.",
  gone: "파일이 더 이상 없습니다. 보낸 사람에게 문의해 주세요.",
  untitledShare: (name) => name,
  untitledRequest: "파일 보내기",
  until: (date) => `${date}까지 열려 있습니다`,
  lockedTitle: "비밀번호가 있는 링크입니다",
  lockedHint: "비밀번호는 링크를 보낸 사람에게 물어보세요.",
  askTitle: "파일을 보내기 전에",
  askHint: "파일을 받는 사람에게 보입니다.",
  password: "비밀번호",
  fields: { name: "이름", email: "이메일 주소" },
  required: "필수",
  enter: "계속",
  entering: "잠시만 기다려 주세요…",
  wrongPassword: "비밀번호가 맞지 않습니다.",
  missing: (field) => `입력해 주세요: ${field}`,
  tooMany: (minutes) => `비밀번호를 여러 번 잘못 입력했습니다. ${minutes}분 뒤에 다시 시도해 주세요.`,
  failed: "서버가 응답하지 않습니다. 다시 시도해 주세요.",
  download: "내려받기",
  downloadNamed: (name) => `${name} 내려받기`,
  downloadAll: "모두 ZIP 하나로 내려받기",
  resumes: "중간에 끊겨도 같은 주소에서 브라우저나 다운로드 프로그램으로 이어받을 수 있습니다.",
  checksum: "체크섬(CRC-64/NVME)",
  preview: (name) => `${name} 미리 보기`,
  previewDo: "미리 보기",
  emptyFolder: "빈 폴더입니다.",
  folderPath: "현재 위치",
  more: "더 보기",
  sendTitle: "보낼 파일",
  limits: "보낼 수 있는 파일",
  maxFileSize: (size) => `파일 하나에 ${size}까지`,
  bytesLeft: (size) => `남은 용량 ${size}`,
  filesLeft: (count) => `파일 ${count.toLocaleString("ko")}개 더`,
  types: (types) => `${types}만`,
  onlyYou: "보낸 파일은 요청한 사람만 볼 수 있고, 다른 보내는 사람에게는 보이지 않습니다.",
  refused: (count) => `파일 ${count.toLocaleString("ko")}개는 추가하지 않았습니다`,
  refusedSystem: (name) => `‘${name}’: 시스템 파일입니다.`,
  refusedType: (name) => `‘${name}’: 받지 않는 형식입니다.`,
  refusedSize: (name) => `‘${name}’: 파일이 너무 큽니다.`,
  refusedRoom: (name) => `‘${name}’: 남은 용량이 없습니다.`,
  sender: (name) => `보내는 사람: ${name}`,
  receiptTitle: "접수증",
  receiptHint: "아래 파일은 빠짐없이 도착했고 체크섬도 확인했습니다.",
  receiptSave: "접수증 저장",
  receiptName: "접수증",
  received: "도착",
  thanks: (count, bytes) => `고맙습니다. 파일 ${count.toLocaleString("ko")}개, ${bytes} 도착했습니다.`,
};

export interface WithGuestWords {
  readonly guest: GuestWords;
}

/** In both languages. */
export const guestWords: Words<WithGuestWords> = { ko: { guest: ko }, en: { guest: en } };
