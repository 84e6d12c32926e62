import type { Incoming } from "@naru/client/browser";
import type { CheckedFile, CheckedUploads, FileToCheck } from "@naru/core";
import { expect, test } from "vitest";
import { type PreFlightAnswer, type PreFlightOptions, type PreFlightReport, preFlight } from "../src/pre-flight.ts";

function fileOf(path: string, size = 10): Incoming {
  return { path, file: new File([new Uint8Array(size)], path.split("/").at(-1) ?? path, { lastModified: 0 }) };
}

interface Flight {
  readonly sent: Promise<readonly Incoming[]>;
  readonly asked: PreFlightReport[];
  readonly calls: (readonly FileToCheck[])[];
}

const nothing = { row: () => undefined, listed: async () => undefined, onLeftOut: () => undefined };

/** Look at files with a server that knows some of them. */
function fly(
  files: Iterable<Incoming> | AsyncIterable<Incoming>,
  known: Readonly<Record<string, CheckedFile>>,
  more: Partial<PreFlightOptions> & { answer?: PreFlightAnswer | undefined; free?: number } = {},
): Flight {
  const asked: PreFlightReport[] = [];
  const calls: (readonly FileToCheck[])[] = [];
  const check = async (some: readonly FileToCheck[]): Promise<CheckedUploads> => {
    calls.push(some);
    return { results: some.map(({ path }) => known[path] ?? {}), free: more.free };
  };
  const ask = async (report: PreFlightReport): Promise<PreFlightAnswer | undefined> => {
    asked.push(report);
    return more.answer;
  };
  const options = { to: "", check, ask, ...nothing, ...more };
  return { sent: gather(preFlight(files, options)), asked, calls };
}

async function gather(files: AsyncIterable<Incoming>): Promise<readonly Incoming[]> {
  const all: Incoming[] = [];
  for await (const file of files) all.push(file);
  return all;
}

const conflict = { code: "conflict", message: "", retryable: false } as const;

test("a drop with nothing against it is sent without a question, in the order that it came", async () => {
  const { sent, asked, calls } = fly([fileOf("b"), fileOf("a/c")], {}, { to: "docs/" });
  expect((await sent).map(({ path, conflict }) => [path, conflict])).toEqual([
    ["b", undefined],
    ["a/c", undefined],
  ]);
  expect(asked).toEqual([]);
  expect(calls.flat()).toMatchObject([{ path: "docs/b", size: 10 }, { path: "docs/a/c" }]);
});

test("2,500 files are looked at in three calls, and asked about once", async () => {
  const files = Array.from({ length: 2500 }, (_, index) => fileOf(`${index}`));
  const known = { "3": { taken: "file" }, "2400": { taken: "folder" } } as const;
  const answer: PreFlightAnswer = { forAll: "rename", own: new Map([["3", "skip"]]) };
  const { sent, asked, calls } = fly(files, known, { answer });
  expect(await sent).toHaveLength(2499);
  expect((await sent).at(-1)).toMatchObject({ path: "2400", conflict: "rename" });
  expect(calls.map(({ length }) => length)).toEqual([1000, 1000, 500]);
  expect(asked).toMatchObject([{ clear: 2498, taken: [{ incoming: { path: "3" } }, { incoming: { path: "2400" } }] }]);
});

test("of a folder that is long in reading, what is clear is sent before the rest is found", async () => {
  let read = 0;
  let readAtFirst: number | undefined;
  async function* folder(): AsyncGenerator<Incoming> {
    for (; read < 10_000; read += 1) yield fileOf(`${read}`);
  }
  const options = { to: "", ...nothing, ask: async () => undefined };
  const check = async (some: readonly FileToCheck[]) => ({ results: some.map(() => ({})) });
  let sent = 0;
  for await (const _ of preFlight(folder(), { ...options, check })) {
    readAtFirst ??= read;
    sent += 1;
  }
  expect(sent).toBe(10_000);
  expect(readAtFirst).toBeLessThan(4000);
});

test("nothing of a drop that is taken back is sent", async () => {
  const { sent, asked } = fly([fileOf("a"), fileOf("b")], { a: { taken: "file" } }, { answer: undefined });
  expect(await sent).toEqual([]);
  expect(asked).toHaveLength(1);
});

test("what cannot be sent is told with the reason, whether the page knows it or the server", async () => {
  const answer = { forAll: "same", own: new Map() } as const;
  const files = [fileOf("aux.txt"), fileOf("a\\b"), fileOf("x".repeat(256)), fileOf("in-the-way/c"), fileOf("fine")];
  const { sent, asked, calls } = fly(files, { "in-the-way/c": { error: conflict } }, { answer });
  expect((await sent).map(({ path }) => path)).toEqual(["fine"]);
  expect(asked[0]?.refused.map(({ why }) => why)).toEqual(["reserved", "characters", "long-name", "conflict"]);
  expect(calls.flat()).toHaveLength(2);
});

test("a drop that has not room is asked about although each of its files would fit", async () => {
  const { sent, asked } = fly([fileOf("a", 60), fileOf("b", 60)], {}, { free: 100 });
  expect(await sent).toEqual([]);
  expect(asked).toMatchObject([{ room: { needed: 120, free: 100 } }]);
});

test("a file that is on its way already is left out, and one that waits for its file takes it", async () => {
  const left: number[] = [];
  const rows = { going: "sending", waiting: "waiting" } as const;
  const { sent, asked } = fly(
    [fileOf("going"), fileOf("waiting")],
    { going: { taken: "upload" }, waiting: { taken: "upload" } },
    {
      row: (path) => (path === "going" || path === "waiting" ? rows[path] : undefined),
      onLeftOut: ({ sending }) => left.push(sending),
    },
  );
  expect((await sent).map(({ path }) => path)).toEqual(["waiting"]);
  expect(left).toEqual([1]);
  expect(asked).toEqual([]);
});

test("a file whose unfinished upload is listed only after the server was asked goes on with it, unasked", async () => {
  let isListed = false;
  const { sent, asked } = fly(
    [fileOf("begun"), fileOf("theirs")],
    { begun: { taken: "upload" }, theirs: { taken: "upload" } },
    {
      row: (path) => (isListed && path === "begun" ? "waiting" : undefined),
      listed: async () => {
        isListed = true;
      },
      answer: { forAll: "skip", own: new Map() },
    },
  );
  expect((await sent).map(({ path }) => path)).toEqual(["begun"]);
  expect(asked).toMatchObject([{ taken: [{ incoming: { path: "theirs" } }] }]);
});

test("a server that cannot be asked stops nothing: files go to the queue, and are compared when it is back", async () => {
  const check = (): Promise<CheckedUploads> => Promise.reject(new Error("offline"));
  const { sent, asked } = fly([fileOf("a")], {}, { check });
  expect((await sent).map(({ path, conflict }) => [path, conflict])).toEqual([["a", "same"]]);
  expect(asked).toEqual([]);
});
