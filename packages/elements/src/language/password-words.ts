/** The words about changing one's password. */
export interface PasswordWords {
  readonly title: string;
  readonly change: string;
  readonly old: string;
  readonly new: string;
  readonly again: string;
  readonly rule: (least: string) => string;
  readonly tooShort: (least: string) => string;
  readonly notTheSame: string;
  readonly wrongOld: string;
  readonly changed: string;
}

/** English. */
export const enPassword: PasswordWords = {
  title: "Password",
  change: "Change the password",
  old: "Current password",
  new: "New password",
  again: "New password, once more",
  rule: (least) => `${least} characters or more. Your other browsers are signed out; paired PCs and tokens stay.`,
  tooShort: (least) => `The new password needs ${least} characters or more.`,
  notTheSame: "The two new passwords are not the same. Type them again.",
  wrongOld: "The current password is wrong.",
  changed: "The password is changed. Your other browsers are signed out.",
};

/** Korean. */
export const koPassword: PasswordWords = {
  title: "비밀번호",
  change: "비밀번호 바꾸기",
  old: "현재 비밀번호",
  new: "새 비밀번호",
  again: "새 비밀번호 확인",
  rule: (least) =>
    `${least}자 이상이어야 합니다. 다른 브라우저에서는 로그아웃되고, 연결된 PC와 토큰은 그대로 남습니다.`,
  tooShort: (least) => `새 비밀번호는 ${least}자 이상이어야 합니다.`,
  notTheSame: "새 비밀번호 두 개가 서로 다릅니다. 다시 입력해 주세요.",
  wrongOld: "현재 비밀번호가 맞지 않습니다.",
  changed: "비밀번호를 바꾸었습니다. 다른 브라우저에서는 로그아웃되었습니다.",
};
