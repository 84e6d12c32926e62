import type { Words } from "./language.ts";
import { enPassword, koPassword, type PasswordWords } from "./password-words.ts";

/** What may sign in for an account. */
export type AccessKind = "agent" | "session" | "token";

/** The words about one kind of access. */
export interface AccessWords {
  readonly title: string;
  readonly none: string;
  /** Stands before a time. */
  readonly made: string;
  readonly revoke: string;
  readonly revokeNamed: (name: string) => string;
  readonly askTitle: (name: string) => string;
  /** What it means. */
  readonly ask: string;
  readonly gone: (name: string) => string;
}

/** The words about one's own account. */
export interface AccountWords {
  readonly title: string;
  readonly close: string;
  readonly used: string;
  readonly loadFailed: string;
  readonly failed: string;
  readonly thisBrowser: string;
  readonly unknownBrowser: string;
  readonly tokenName: string;
  readonly makeToken: string;
  readonly tokenMade: (name: string) => string;
  readonly copy: string;
  readonly copied: string;
  readonly history: string;
  readonly showHistory: string;
  readonly store: string;
  readonly examineStore: string;
  readonly network: string;
  readonly measureWays: string;
  readonly password: PasswordWords;
  /** All browsers but this one. */
  readonly others: Pick<AccessWords, "revoke" | "askTitle" | "ask" | "gone">;
  readonly kinds: Readonly<Record<AccessKind, AccessWords>>;
}

const enAccount: AccountWords = {
  title: "Account",
  close: "Close",
  used: "Last used",
  loadFailed: "Your PCs, browsers and tokens could not be loaded.",
  failed: "That did not work. Try again.",
  thisBrowser: "This browser",
  unknownBrowser: "Unknown browser",
  tokenName: "Name of a new token",
  makeToken: "Make a token",
  tokenMade: (name) => `This is the token “${name}”. Copy it now: it is not shown again.`,
  copy: "Copy",
  copied: "Copied",
  history: "Finished transfers",
  showHistory: "Show the history",
  store: "Store",
  examineStore: "Examine the store",
  network: "Network",
  measureWays: "Measure the speed",
  password: enPassword,
  others: {
    revoke: "Sign out everywhere else",
    askTitle: () => "Sign out everywhere else?",
    ask: "All other browsers must sign in again. What they are sending stops, and resumes once they have signed in. Paired PCs and tokens stay.",
    gone: () => "All other browsers are signed out.",
  },
  kinds: {
    agent: {
      title: "Paired PCs",
      none: "No PC is paired. To pair one, press “Send with the agent” beside a file that is being sent.",
      made: "Paired",
      revoke: "Revoke",
      revokeNamed: (name) => `Revoke ${name}`,
      askTitle: (name) => `Revoke “${name}”?`,
      ask: "This PC can send no more files until it is paired again. Transfers under way stop within a minute. Files that have arrived stay.",
      gone: (name) => `“${name}” is revoked.`,
    },
    session: {
      title: "Signed-in browsers",
      none: "No browser is signed in.",
      made: "Signed in",
      revoke: "Sign out",
      revokeNamed: (name) => `Sign out ${name}`,
      askTitle: (name) => `Sign out “${name}”?`,
      ask: "That browser must sign in again. What it is sending stops, and resumes once it has signed in. Files that have arrived stay.",
      gone: (name) => `“${name}” is signed out.`,
    },
    token: {
      title: "Tokens",
      none: "No token has been made. With a token, a program signs in without your password.",
      made: "Made",
      revoke: "Revoke",
      revokeNamed: (name) => `Revoke ${name}`,
      askTitle: (name) => `Revoke “${name}”?`,
      ask: "No program can sign in with this token any more. Files that have arrived stay.",
      gone: (name) => `“${name}” is revoked.`,
    },
  },
};

const koAccount: AccountWords = {
  title: "계정",
  close: "닫기",
  used: "마지막 사용",
  loadFailed: "연결된 PC와 브라우저, 토큰을 불러오지 못했습니다.",
  failed: "처리하지 못했습니다. 다시 시도해 주세요.",
  thisBrowser: "이 브라우저",
  unknownBrowser: "알 수 없는 브라우저",
  tokenName: "새 토큰 이름",
  makeToken: "토큰 만들기",
  tokenMade: (name) => `‘${name}’ 토큰입니다. 다시 보여 드리지 않으니 지금 복사해 두세요.`,
  copy: "복사",
  copied: "복사했습니다",
  history: "끝난 전송",
  showHistory: "전송 기록 보기",
  store: "저장소",
  examineStore: "저장소 검사",
  network: "네트워크",
  measureWays: "속도 측정",
  password: koPassword,
  others: {
    revoke: "다른 곳에서 모두 로그아웃",
    askTitle: () => "다른 곳에서 모두 로그아웃할까요?",
    ask: "다른 브라우저에서는 모두 다시 로그인해야 합니다. 보내던 파일은 멈추고, 다시 로그인하면 이어집니다. 연결된 PC와 토큰은 그대로 남습니다.",
    gone: () => "다른 브라우저에서 모두 로그아웃했습니다.",
  },
  kinds: {
    agent: {
      title: "연결된 PC",
      none: "연결된 PC가 없습니다. 보내는 파일 옆의 ‘에이전트로 보내기’를 누르면 PC를 연결할 수 있습니다.",
      made: "연결",
      revoke: "연결 해제",
      revokeNamed: (name) => `${name} 연결 해제`,
      askTitle: (name) => `‘${name}’의 연결을 해제할까요?`,
      ask: "이 PC는 다시 연결할 때까지 파일을 더 보낼 수 없습니다. 보내던 파일은 1분 안에 멈춥니다. 이미 도착한 파일은 그대로 남습니다.",
      gone: (name) => `‘${name}’의 연결을 해제했습니다.`,
    },
    session: {
      title: "로그인한 브라우저",
      none: "로그인한 브라우저가 없습니다.",
      made: "로그인",
      revoke: "로그아웃",
      revokeNamed: (name) => `${name} 로그아웃`,
      askTitle: (name) => `‘${name}’에서 로그아웃할까요?`,
      ask: "그 브라우저에서는 다시 로그인해야 합니다. 보내던 파일은 멈추고, 다시 로그인하면 이어집니다. 이미 도착한 파일은 그대로 남습니다.",
      gone: (name) => `‘${name}’에서 로그아웃했습니다.`,
    },
    token: {
      title: "토큰",
      none: "만든 토큰이 없습니다. 토큰이 있으면 프로그램이 비밀번호 없이 로그인할 수 있습니다.",
      made: "만듦",
      revoke: "폐기",
      revokeNamed: (name) => `${name} 폐기`,
      askTitle: (name) => `‘${name}’ 토큰을 폐기할까요?`,
      ask: "이 토큰으로는 더 이상 로그인할 수 없습니다. 이미 도착한 파일은 그대로 남습니다.",
      gone: (name) => `‘${name}’ 토큰을 폐기했습니다.`,
    },
  },
};

/** What accountWords adds to the words of the first page. */
export interface WithAccountWords {
  readonly account: AccountWords;
}

/** The words that the panel of the account brings. */
export const accountWords: Words<WithAccountWords> = {
  en: { account: enAccount },
  ko: { account: koAccount },
};
