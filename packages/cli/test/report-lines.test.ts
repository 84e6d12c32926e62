import type { Line } from "@naru/server/doctor";
import { describe, expect, test } from "vitest";
import { lineText } from "../src/doctor/report-lines.ts";
import { reportLanguage } from "../src/report-language.ts";
import { columnsOf } from "../src/terminal-text.ts";

const line: Line = {
  id: "conditional-write",
  status: "warning",
  message: {
    en: "a name that is taken is overwritten by whatever comes last",
    ko: "이미 있는 이름을 나중에 온 것이 덮어씁니다",
  },
  fix: {
    words: { en: "Let no other program write there.", ko: "다른 프로그램이 쓰지 않게 하십시오." },
    command: "one --command 'that is not broken' anywhere",
  },
};
const style = { colour: false } as const;

describe("a line of the report", () => {
  test("stays one line in a pipe, with its mend and its command below", () => {
    expect(lineText(line, { ...style, language: "en" }).split("\n")).toEqual([
      "! warning  conditional-write  a name that is taken is overwritten by whatever comes last",
      "                              → Let no other program write there.",
      "                              one --command 'that is not broken' anywhere",
    ]);
  });

  test.each(["en", "ko"] as const)(
    "is aligned and wrapped at the width of a terminal, all but commands: %s",
    (language) => {
      const rows = lineText(line, { ...style, language, columns: 64 }).split("\n");
      expect(rows.length).toBeGreaterThan(3);
      for (const row of rows.slice(0, -1)) expect(columnsOf(row)).toBeLessThanOrEqual(64);
      for (const row of rows.slice(1)) expect(row).toMatch(/^ {30}\S/);
      expect(rows.at(-1)).toContain("one --command 'that is not broken' anywhere");
    },
  );

  test("stands below its head where the terminal is narrow", () => {
    const rows = lineText(line, { ...style, language: "en", columns: 40 }).split("\n");
    expect(rows.slice(0, 2)).toEqual(["! warning  conditional-write", "    a name that is taken is overwritten"]);
  });

  test("is in colour only where that is wanted", () => {
    expect(lineText(line, { language: "en", colour: true })).toContain("\x1b[33m! warning");
    expect(lineText(line, { ...style, language: "en" })).not.toContain("\x1b");
  });
});

test("the language is that of the first locale that is set", () => {
  expect(reportLanguage({ LANG: "ko_KR.UTF-8" })).toBe("ko");
  expect(reportLanguage({ LC_ALL: "C", LANG: "ko_KR.UTF-8" })).toBe("en");
  expect(reportLanguage({ LC_ALL: "", LC_MESSAGES: "ko", LANG: "en_US" })).toBe("ko");
  expect(reportLanguage({ LANG: "kok_IN" })).toBe("en");
  expect(reportLanguage({})).toBe("en");
});
