import { describe, expect, test } from "vitest";
import { en } from "../src/language/en.ts";
import { Format, percentOf } from "../src/language/format.ts";
import { ko } from "../src/language/ko.ts";

const english = new Format("en", en, { timeZone: "Asia/Seoul" });
const korean = new Format("ko", ko, { timeZone: "Asia/Seoul" });

describe("sizes", () => {
  test.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.0 kB"],
    [84_211, "84.2 kB"],
    [642e6, "642 MB"],
    [999_960_000, "1.0 GB"],
    [38.2e9, "38.2 GB"],
    [5e15, "5.0 PB"],
  ])("%d bytes are %s", (size, text) => {
    expect(english.bytes(size)).toBe(text);
    expect(korean.bytes(size)).toBe(text);
  });

  test("what is there is told in the unit of the whole", () => {
    expect(korean.bytesOf(8.5e9, 12e9)).toBe("8.5 / 12.0 GB");
    expect(english.bytesOf(8.5e6, 12e9)).toBe("0.0 of 12.0 GB");
  });

  test("a speed is a size each second", () => {
    expect(korean.speed(112e6)).toBe("112 MB/s");
  });
});

describe("percents", () => {
  test("100 means all of it", () => {
    expect(percentOf(999_999, 1_000_000)).toBe(99);
    expect(percentOf(1_000_000, 1_000_000)).toBe(100);
  });

  test("an empty file is complete", () => {
    expect(korean.percent(0, 0)).toBe("100 %");
  });
});

describe("time left", () => {
  test.each([
    [0, "1초 남음", "1 s left"],
    [37, "37초 남음", "37 s left"],
    [60, "약 1분 남음", "about 1 min left"],
    [725, "약 12분 남음", "about 12 min left"],
    [3600, "약 1시간 남음", "about 1 h left"],
    [5400, "약 1시간 30분 남음", "about 1 h 30 min left"],
    [86_400, "약 1일 남음", "about 1 day left"],
    [5 * 86_400, "약 5일 남음", "about 5 days left"],
  ])("%d seconds", (seconds, inKorean, inEnglish) => {
    expect(korean.timeLeft(seconds)).toBe(inKorean);
    expect(english.timeLeft(seconds)).toBe(inEnglish);
  });
});

describe("when", () => {
  const now = new Date("2026-11-22T09:00:00Z");

  test.each([
    ["2026-11-22T05:02:00Z", "오늘 14:02", "Today 14:02"],
    ["2026-11-21T09:11:00Z", "어제 18:11", "Yesterday 18:11"],
    ["2026-11-19T03:00:00Z", "11월 19일", "Nov 19"],
    ["2025-03-01T03:00:00Z", "2025년 3월 1일", "Mar 1, 2025"],
  ])("%s", (date, inKorean, inEnglish) => {
    expect(korean.when(new Date(date), now)).toBe(inKorean);
    expect(english.when(new Date(date), now)).toBe(inEnglish);
  });

  test("a moment to come is told to the minute", () => {
    expect(korean.until(new Date("2026-11-24T09:00:00Z"))).toBe("11월 24일 18:00");
  });
});
