import { afterEach, expect, test } from "vitest";
import { openDatabase } from "../../src/database/database.ts";
import { SharedTransactions } from "../../src/database/shared-transactions.ts";

const db = openDatabase(":memory:");
const writes = new SharedTransactions(db);

afterEach(async () => {
  await db.deleteFrom("file_changes").execute();
});

const row = (id: string) => ({ id, change: "{}", begun: 1 });

async function noted(): Promise<readonly string[]> {
  return (await db.selectFrom("file_changes").select("id").orderBy("id").execute()).map(({ id }) => id);
}

test("what is asked for at once is done in that order, in one transaction", async () => {
  const transactions = new Set<unknown>();
  const order: string[] = [];
  await Promise.all(
    ["a", "b", "c"].map((id) =>
      writes.run(async (tx) => {
        transactions.add(tx);
        order.push(id);
        await tx.insertInto("file_changes").values(row(id)).execute();
      }),
    ),
  );
  expect([transactions.size, order, await noted()]).toEqual([1, ["a", "b", "c"], ["a", "b", "c"]]);
});

test("one that fails takes nothing of the others with it, and leaves nothing", async () => {
  const results = await Promise.allSettled(
    ["a", "b", "c"].map((id) =>
      writes.run(async (tx) => {
        await tx.insertInto("file_changes").values(row(id)).execute();
        if (id === "b") throw new Error("not b");
        return id;
      }),
    ),
  );
  expect(results).toMatchObject([{ value: "a" }, { reason: { message: "not b" } }, { value: "c" }]);
  expect(await noted()).toEqual(["a", "c"]);
});

test("what is asked for when all is done has its own transaction", async () => {
  await writes.run((tx) => tx.insertInto("file_changes").values(row("a")).execute());
  await writes.run((tx) => tx.insertInto("file_changes").values(row("b")).execute());
  expect(await noted()).toEqual(["a", "b"]);
});
