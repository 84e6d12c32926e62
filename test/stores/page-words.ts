import type { CorsApi, WriteCondition } from "../../packages/server/src/stores/profiles/store-profile.ts";

/** The words of the page of stores. */
export interface PageWords {
  readonly title: string;
  readonly intro: readonly string[];
  readonly columns: readonly string[];
  readonly documented: string;
  readonly kept: (rules: number) => string;
  readonly conditions: Readonly<Record<WriteCondition, string>>;
  readonly conditional: (create: string, complete: string) => string;
  readonly cors: Readonly<Record<CorsApi, string>>;
  readonly none: string;
  readonly facts: string;
  readonly factsIntro: readonly string[];
  readonly factColumns: readonly string[];
  readonly lacks: string;
  readonly parts: (count: string, equal: boolean) => string;
}

export const pageWords: Readonly<Record<"en" | "ko", PageWords>> = {
  en: {
    title: "Stores",
    intro: [
      "Written by `npm run stores` from the profiles (`packages/server/src/stores/profiles`) and from the last run of the test",
      "suites (`test/stores/results.json`). Do not edit it by hand. [Korean](stores.ko.md).",
      "",
      "A profile is chosen by `profile=NAME` in the store's URL. Without it, `naru serve` recognises the store with at most three",
      "requests, remembers the result in its data folder (`recognised-stores.json`) and logs which profile it uses. A store it does not",
      "recognise gets `generic`. `maxParts=`, `equalParts=1` and `leavesParts=1` override the profile.",
      "",
      "*Tested* means that the suites of the store contract pass against that program. *Documented* means that the facts come from the",
      "vendor's pages and nobody here has run the store: run `naru doctor` against your bucket first. *Italics* are assumptions: what Amazon S3",
      "does, where the vendor says nothing.",
    ],
    columns: ["Store", "How tested", "Parts", "Largest file", "`If-None-Match`", "Checksums", "CORS", "URL"],
    documented: "documented only",
    kept: (rules) => `${rules} rules pass`,
    conditions: { honoured: "yes", ignored: "ignored", refused: "refused", unknown: "not known" },
    conditional: (create, complete) => (create === complete ? create : `small: ${create}; parts: ${complete}`),
    cors: { bucket: "by the bucket's API", account: "by the account's API", none: "not by its S3 API" },
    none: "none",
    facts: "Facts and their sources",
    factsIntro: [
      "A source is a run of ours (with the version), a page of the vendor, somebody's report (*claim*), or nothing (*assumed*). Facts that",
      "are only assumed are left out here; they are those of `generic`.",
    ],
    factColumns: ["Fact", "Value", "Source"],
    lacks: "Declared in the suites",
    parts: (count, equal) => (equal ? `${count}, equal` : count),
  },
  ko: {
    title: "저장소",
    intro: [
      "`npm run stores`가 프로필(`packages/server/src/stores/profiles`)과 마지막 테스트 결과(`test/stores/results.json`)로 만듭니다.",
      "직접 고치지 마십시오. [English](stores.md).",
      "",
      "저장소 URL의 `profile=이름`으로 프로필을 고릅니다. 지정하지 않으면 `naru serve`가 요청 세 번 이내로 저장소를 알아내어 데이터 폴더의",
      "`recognised-stores.json`에 기록하고, 어떤 프로필을 쓰는지 로그에 남깁니다. 알 수 없는 저장소에는 `generic`을 씁니다. `maxParts=`,",
      "`equalParts=1`, `leavesParts=1`은 프로필보다 우선합니다.",
      "",
      "규칙 수가 적힌 저장소는 실제 프로그램으로 계약 테스트를 통과한 것입니다. *문서만 확인*은 공급사 문서에서 가져온 값이며 직접 실행해 보지",
      "않았다는 뜻입니다. 먼저 `naru doctor`로 버킷을 점검하십시오. *기울임꼴*은 공급사 문서에 없어 Amazon S3와 같다고 가정한 값입니다.",
    ],
    columns: ["저장소", "테스트", "파트 수", "최대 파일", "`If-None-Match`", "체크섬", "CORS", "URL"],
    documented: "문서만 확인",
    kept: (rules) => `규칙 ${rules}개 통과`,
    conditions: { honoured: "지원", ignored: "무시", refused: "거부", unknown: "알 수 없음" },
    conditional: (create, complete) => (create === complete ? create : `작은 파일: ${create}, 파트: ${complete}`),
    cors: { bucket: "버킷 API", account: "계정 API", none: "S3 API로는 불가" },
    none: "없음",
    facts: "값과 출처",
    factsIntro: [
      "출처는 직접 실행한 결과(버전 포함), 공급사 문서, 다른 사람의 보고(*claim*), 또는 가정(*assumed*)입니다. 가정만 있는 값은 `generic`과 같으므로",
      "생략했습니다.",
    ],
    factColumns: ["항목", "값", "출처"],
    lacks: "테스트에 명시한 예외",
    parts: (count, equal) => (equal ? `${count}, 같은 크기` : count),
  },
};
