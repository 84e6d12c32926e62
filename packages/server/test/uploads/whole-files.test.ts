import { MiB } from "@naru/core";
import { expect, test } from "vitest";
import { fileStore } from "../../src/stores/file/file-store.ts";
import { bytesBody } from "../../src/uploads/memory-body.ts";
import { WholeFiles } from "../../src/uploads/whole-files.ts";
import { anew, bytesOf, openGateway } from "../gateway/opened-gateway.ts";
import { tempFolder } from "../stores/temp-folder.ts";

test("the same bytes that come again over HTTP have the date that they came with, not the former one", async () => {
  await using folder = await tempFolder();
  await using gate = openGateway(await fileStore(folder.path, { durable: false }));
  const bytes = bytesOf(MiB);
  const former = new Date("2001-02-03T04:05:06Z");
  const later = new Date("2011-02-03T04:05:06Z");
  const store = async (): Promise<void> => {
    const arrival = await gate.session.openWrite("/x", { ...anew, modified: former });
    await arrival.write(0, bytes);
    await arrival.finish();
    expect(await gate.session.stat("/x")).toMatchObject({ modified: former });
  };
  await store();
  const whole = new WholeFiles(gate.options);
  const body = async function* (): AsyncGenerator<Uint8Array> {
    yield bytes;
  };
  const spec = { path: "x", size: MiB, modified: later.toISOString(), conflict: "overwrite" as const };
  await whole.write(spec, body(), { by: { account: "ann", door: "http" } });
  expect(await gate.session.stat("/x")).toMatchObject({ modified: later });
  await store();
  const { id, epoch } = await gate.uploads.create(spec, { owner: "ann" });
  await gate.uploads.put(id, 1, bytesBody(bytes), { owner: "ann", epoch });
  await gate.uploads.complete(id, [], { owner: "ann", epoch });
  expect(await gate.session.stat("/x")).toMatchObject({ modified: later });
});
