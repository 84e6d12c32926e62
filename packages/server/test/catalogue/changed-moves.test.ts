/** Moves between stores while another program writes there. */

import { type Files, type Store, wrapStore } from "@naru/core";
import { memoryStore, pattern } from "@naru/core/testing";
import { expect, test } from "vitest";
import { mountStores } from "../../src/catalogue/mounts.ts";

async function write(store: Store, path: string, size: number): Promise<void> {
  const upload = await store.create({ path, size });
  await upload.put({ number: 1, offset: 0, size }, new Blob([pattern(size)]));
  await upload.complete();
}

test("a file that another program replaces once it is copied stays, and its copy goes", async () => {
  const other = memoryStore();
  const films = memoryStore();
  const { list, move, read: open, remove, stat } = films;
  const late: Store & Files = {
    list: list.bind(films),
    move: move.bind(films),
    read: open.bind(films),
    remove: remove.bind(films),
    stat: stat.bind(films),
    ...wrapStore(films, {
      upload: (inner) => ({
        complete: async (options) => {
          const file = await inner.complete(options);
          await write(other, "late.bin", 5000);
          return file;
        },
      }),
    }),
  };
  const both = mountStores([
    { prefix: "", store: other },
    { prefix: "films/", store: late },
  ]);
  await write(other, "late.bin", 3000);
  await expect(both.move("late.bin", "films/late.bin")).rejects.toMatchObject({ code: "conflict" });
  expect(await both.stat("late.bin")).toMatchObject({ size: 5000 });
  expect(await both.stat("films/late.bin")).toBeUndefined();
});
