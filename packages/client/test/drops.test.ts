import { expect, test } from "vitest";
import { type DropRow, Drops } from "../src/browser/drops.ts";

const row = (key: string, state: string, drop: string | undefined = "d"): DropRow => ({ key, drop, state });

test("what has arrived is kept while others of its drop have not, and then all are forgotten", () => {
  const drops = new Drops();
  drops.add([row("1", "waiting"), row("2", "waiting"), row("3", "waiting")]);
  expect(drops.end([row("1", "done")])).toEqual({ keep: [row("1", "done")], forget: [] });
  expect(drops.end([row("2", "cancelled")])).toEqual({ keep: [], forget: ["2"] });
  expect(drops.end([row("3", "done")])).toEqual({ keep: [], forget: ["1", "3"] });
});

test("drops do not wait for each other, and a row of none is forgotten at once", () => {
  const drops = new Drops();
  drops.add([row("1", "waiting", "a"), row("2", "waiting", "b"), row("3", "waiting", undefined)]);
  expect(drops.end([row("3", "done", undefined)])).toEqual({ keep: [], forget: ["3"] });
  expect(drops.end([row("2", "done", "b")])).toEqual({ keep: [], forget: ["2"] });
});

test("a drop of which everything arrived before a reload is forgotten", () => {
  const drops = new Drops();
  const back = [row("1", "done", "whole"), row("2", "done", "whole"), row("3", "done"), row("4", "needs-file")];
  drops.add(back);
  const { keep, forget } = drops.end(back.filter(({ state }) => state === "done"));
  expect(forget).toEqual(["1", "2"]);
  expect(keep).toEqual([row("3", "done")]);
});

test("what has arrived is kept while more files of its drop are being found", () => {
  const drops = new Drops();
  drops.grow("d");
  drops.add([row("1", "waiting")]);
  expect(drops.end([row("1", "done")])).toEqual({ keep: [row("1", "done")], forget: [] });
  drops.grow("d");
  drops.add([row("2", "waiting")]);
  expect(drops.allFound("d")).toEqual([]);
  expect(drops.end([row("2", "done")])).toEqual({ keep: [], forget: ["1", "2"] });
});

test("a drop of which everything has arrived is forgotten when no more files of it are found", () => {
  const drops = new Drops();
  drops.grow("d");
  drops.add([row("1", "waiting")]);
  drops.end([row("1", "done")]);
  expect(drops.allFound("d")).toEqual(["1"]);
  expect(drops.allFound("nothing was found")).toEqual([]);
});
