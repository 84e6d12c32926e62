import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SpokenWords } from "../src/spoken-words.ts";

let spoken: SpokenWords;
let updates: number;
beforeEach(() => {
  vi.useFakeTimers();
  updates = 0;
  const requestUpdate = (): void => {
    updates += 1;
  };
  spoken = new SpokenWords({ addController: () => undefined, requestUpdate });
});
afterEach(() => void vi.useRealTimers());

test("of how things go one message is said in ten seconds, and what came meanwhile only as its newest", () => {
  spoken.tell("started");
  expect(spoken.polite).toBe("started");
  vi.advanceTimersByTime(2000);
  spoken.tell("25 percent");
  spoken.tell("50 percent");
  vi.advanceTimersByTime(7999);
  expect(spoken.polite).toBe("started");
  vi.advanceTimersByTime(1);
  expect(spoken.polite).toBe("50 percent");
  spoken.tell("all have arrived");
  vi.advanceTimersByTime(9999);
  expect(spoken.polite).toBe("50 percent");
  vi.advanceTimersByTime(1);
  expect(spoken.polite).toBe("all have arrived");
  expect(updates).toBe(3);
});

test("after ten quiet seconds the next message is said at once", () => {
  spoken.tell("started");
  vi.advanceTimersByTime(10_000);
  expect(spoken.polite).toBe("started");
  spoken.tell("25 percent");
  expect(spoken.polite).toBe("25 percent");
});

test("a failure is said at once and before all else, and so is the next one in the same words", () => {
  spoken.tell("started");
  spoken.tell("25 percent");
  spoken.alarm("1 file needs your attention");
  expect(spoken.urgent).toBe("1 file needs your attention");
  expect(spoken.polite).toBe("started");
  const before = spoken.urgent;
  spoken.alarm("1 file needs your attention");
  expect(spoken.urgent.trim()).toBe("1 file needs your attention");
  expect(spoken.urgent).not.toBe(before);
  vi.advanceTimersByTime(10_000);
  expect(spoken.polite).toBe("25 percent");
});

test("an answer to what somebody did is said at once, and progress waits for its turn after it", () => {
  spoken.tell("started");
  vi.advanceTimersByTime(9000);
  spoken.answer("b.mov is number 1 of 4 in the queue");
  expect(spoken.polite).toBe("b.mov is number 1 of 4 in the queue");
  spoken.tell("25 percent");
  vi.advanceTimersByTime(9999);
  expect(spoken.polite).toBe("b.mov is number 1 of 4 in the queue");
  vi.advanceTimersByTime(1);
  expect(spoken.polite).toBe("25 percent");
});

test("what leaves the page says nothing more", () => {
  spoken.tell("started");
  spoken.tell("25 percent");
  spoken.hostDisconnected();
  vi.advanceTimersByTime(20_000);
  expect(spoken.polite).toBe("started");
});
