import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Azurite, startAzurite } from "../../../../test/peers/azurite.ts";
import { openAzure } from "./opened-container.ts";

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite?.[Symbol.asyncDispose]());

describe("a file that may not replace one", () => {
  test.each([
    ["that one call copies", 3, {}],
    ["that is copied by its blocks", 3, { copySizes: { whole: 1, block: 1024 } }],
    ["of no bytes", 0, {}],
  ])("%s leaves what another program wrote meanwhile, and knows its own", async (_, size, more) => {
    await using other = await openAzure(azurite, more);
    const { store } = other;
    const upload = await store.create({ path: "new.bin", size, partSize: 3 });
    await upload.put({ number: 1, offset: 0, size }, new Blob(["new".slice(0, size)]));
    await other.plant("new.bin", new TextEncoder().encode("other"));
    await expect(upload.complete({ onlyNew: true })).rejects.toMatchObject({ code: "conflict" });
    expect(await new Response(await store.read("new.bin")).text()).toBe("other");
    await store.remove("new.bin");
    const again = await store.resume(upload.id);
    if (size === 0) await again.put({ number: 1, offset: 0, size }, new Blob([]));
    expect(await upload.complete({ onlyNew: true })).toMatchObject({ size });
    // The process that did not hear of it.
    expect(await again.complete({ onlyNew: true })).toMatchObject({ size });
  });

  test("is refused also when it is written in one request", async () => {
    await using container = await openAzure(azurite);
    const { store } = container;
    const write = () => store.putFile?.({ path: "small.txt" }, new Blob(["new"]), { onlyNew: true });
    expect(await write()).toMatchObject({ size: 3 });
    await expect(write()).rejects.toMatchObject({ code: "conflict" });
  });
});
