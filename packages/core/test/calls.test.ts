import { expect, test } from "vitest";
import { Calls } from "../src/index.ts";

test("answers in another order than their calls find them, and an unknown number is passed over", async () => {
  const calls = new Calls<string>();
  const sent: number[] = [];
  const [first, second] = [calls.make((id) => sent.push(id)), calls.make((id) => sent.push(id))];
  expect(sent).toEqual([1, 2]);
  calls.answer(3, "of nobody");
  calls.answer(2, "b");
  calls.answer(1, "a");
  calls.answer(1, "again");
  expect(await Promise.all([first, second])).toEqual(["a", "b"]);
});

test("a call fails alone, with what its answer or its sending says, or with all when the connection ends", async () => {
  const calls = new Calls<string>();
  const refused = calls.make(() => undefined);
  const left = calls.make(() => undefined);
  const unsent = calls.make(() => {
    throw new Error("not sent");
  });
  calls.fail(1, new Error("refused"));
  await expect(refused).rejects.toThrow("refused");
  await expect(unsent).rejects.toThrow("not sent");
  calls.failAll(new Error("gone"));
  await expect(left).rejects.toThrow("gone");
});
