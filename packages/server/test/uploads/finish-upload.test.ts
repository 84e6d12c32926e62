import { type Files, MiB, type Store, TransferError } from "@naru/core";
import { memoryStore } from "@naru/core/testing";
import { expect, test } from "vitest";
import { fileStore } from "../../src/stores/file/file-store.ts";
import { bytesBody } from "../../src/uploads/memory-body.ts";
import { Uploads } from "../../src/uploads/uploads.ts";
import { anew, bytesOf, fetchAll, openGateway } from "../gateway/opened-gateway.ts";
import { tempFolder } from "../stores/temp-folder.ts";

const owner = "ann";

/** An upload whose end the store was asked for, and did not answer: before it did it, or after. */
async function cutAtTheEnd(store: Store & Files, bytes: Buffer<ArrayBuffer>, isDone: boolean) {
  const gate = openGateway(store);
  const { id, epoch = 0 } = await gate.uploads.create({ path: "z", size: bytes.length, conflict: "fail" }, { owner });
  await gate.uploads.put(id, 1, bytesBody(bytes), { owner, epoch });
  const resume = store.resume.bind(store);
  store.resume = async (asked, options) => {
    const upload = await resume(asked, options);
    const complete = upload.complete.bind(upload);
    upload.complete = async (...told) => {
      upload.complete = complete;
      if (isDone) await complete(...told);
      throw new TransferError("unavailable", "Cannot complete: the answer is lost");
    };
    return upload;
  };
  const uploads = new Uploads(gate.options);
  await expect(uploads.complete(id, [], { owner, epoch })).rejects.toMatchObject({ code: "unavailable" });
  store.resume = resume;
  const again = new Uploads(gate.options);
  return { gate, complete: () => again.complete(id, [], { owner, epoch }) };
}

const stores: Readonly<Record<string, () => Promise<{ readonly store: Store & Files } & AsyncDisposable>>> = {
  memory: async () => ({ store: memoryStore(), [Symbol.asyncDispose]: async () => undefined }),
  file: async () => {
    const folder = await tempFolder();
    const close = (): Promise<void> => folder[Symbol.asyncDispose]();
    return { store: await fileStore(folder.path, { durable: false }), [Symbol.asyncDispose]: close };
  },
};

for (const [name, open] of Object.entries(stores)) {
  test(`${name}: an upload that is ended again replaces no file that came between by another door`, async () => {
    await using place = await open();
    const { gate, complete } = await cutAtTheEnd(place.store, bytesOf(MiB), false);
    const other = bytesOf(1000);
    const arrival = await gate.session.openWrite("/z", anew);
    await arrival.write(0, other);
    await arrival.finish();
    await expect(complete()).rejects.toMatchObject({ code: "conflict" });
    expect((await fetchAll(place.store, "z")).equals(other)).toBe(true);
    // When that has gone it can have its name.
    await gate.session.remove("/z");
    expect(await complete()).toMatchObject({ path: "z", size: MiB });
    await gate[Symbol.asyncDispose]();
  });

  test(`${name}: an upload whose end was done, though the answer was lost, is found by ending it again`, async () => {
    await using place = await open();
    const { gate, complete } = await cutAtTheEnd(place.store, bytesOf(MiB), true);
    expect(await complete()).toMatchObject({ path: "z", size: MiB });
    await gate[Symbol.asyncDispose]();
  });
}
