import type { Words } from "./language.ts";

type CheckTitles = Readonly<Record<string, string>>;

/** The words about the examination of stores. */
export interface DoctorWords {
  readonly title: string;
  readonly about: string;
  readonly close: string;
  readonly examine: string;
  readonly again: string;
  readonly examining: string;
  readonly none: string;
  readonly failed: string;
  readonly command: string;
  readonly copy: (check: string) => string;
  readonly copied: string;
  readonly at: (time: string) => string;
  readonly counts: (failures: string, warnings: string, ok: string) => string;
  readonly statuses: Readonly<Record<"ok" | "warning" | "failure", string>>;
  /** What each check is about, by its id. */
  readonly checks: CheckTitles;
}

const enChecks: CheckTitles = {
  reachability: "Reachability",
  tls: "TLS",
  clock: "Clock",
  rights: "Rights of the key",
  multipart: "Multipart uploads",
  md5: "MD5 of parts",
  checksums: "Other checksums",
  "signed-length": "Length of parts",
  "signed-headers": "Unsigned headers",
  "conditional-write": "Conditional writes",
  range: "Ranges",
  listing: "Listings",
  names: "Names",
  cors: "CORS",
  "public-endpoint": "Address for browsers",
  "unfinished-life": "Unfinished uploads",
  lifecycle: "Lifecycle rule",
  leftovers: "Leftovers",
};

const koChecks: CheckTitles = {
  reachability: "연결",
  tls: "TLS",
  clock: "시계",
  rights: "키 권한",
  multipart: "멀티파트 업로드",
  md5: "파트의 MD5",
  checksums: "그 밖의 체크섬",
  "signed-length": "파트 길이",
  "signed-headers": "서명하지 않은 헤더",
  "conditional-write": "조건부 쓰기",
  range: "범위 읽기",
  listing: "목록",
  names: "이름",
  cors: "CORS",
  "public-endpoint": "브라우저용 주소",
  "unfinished-life": "끝나지 않은 업로드",
  lifecycle: "수명 주기 규칙",
  leftovers: "남은 것",
};

/** In every language. */
export const doctorWords: Words<{ readonly doctor: DoctorWords }> = {
  en: {
    doctor: {
      title: "Examine the store",
      about:
        "Finds out what each store really does, and how to mend what is wrong. It writes small files under one hidden name and removes them; nothing else changes.",
      close: "Close",
      examine: "Examine the store",
      again: "Examine again",
      examining: "Examining…",
      none: "The stores have not been examined since the server started.",
      failed: "The report could not be loaded. Try again.",
      command: "Command",
      copy: (check) => `Copy the command for “${check}”`,
      copied: "Copied.",
      at: (time) => `Examined ${time}`,
      counts: (failures, warnings, ok) => `Failures: ${failures}, warnings: ${warnings}, ok: ${ok}`,
      statuses: { ok: "OK", warning: "Warning", failure: "Failure" },
      checks: enChecks,
    },
  },
  ko: {
    doctor: {
      title: "저장소 검사",
      about:
        "저장소가 실제로 어떻게 동작하는지, 문제가 있으면 어떻게 고치는지 알아봅니다. 숨김 이름 아래에 작은 파일을 썼다가 지우며, 다른 것은 바꾸지 않습니다.",
      close: "닫기",
      examine: "저장소 검사",
      again: "다시 검사",
      examining: "검사하는 중…",
      none: "서버가 시작된 뒤로 아직 검사하지 않았습니다.",
      failed: "결과를 불러오지 못했습니다. 다시 시도해 주세요.",
      command: "명령",
      copy: (check) => `‘${check}’ 명령 복사`,
      copied: "복사했습니다.",
      at: (time) => `검사한 때: ${time}`,
      counts: (failures, warnings, ok) => `실패 ${failures}, 주의 ${warnings}, 정상 ${ok}`,
      statuses: { ok: "정상", warning: "주의", failure: "실패" },
      checks: koChecks,
    },
  },
};
