/** Parts straight to OpenStack Swift, whose addresses are short-lived: here they are good for two seconds. */

import { createHash, randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Body } from "@naru/core";
import { crc64 } from "@naru/core";
import { httpDoor } from "@naru/server/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Swift, startSwift } from "../../../test/peers/swift.ts";
import { fact } from "../../server/src/stores/profiles/store-profile.ts";
import { swift as profile } from "../../server/src/stores/profiles/swift.ts";
import { openS3 } from "../../server/test/stores/opened-bucket.ts";
import { directStore, NaruApi, openNetwork } from "../src/node/index.ts";

const lifeSeconds = 2;
const stack = new AsyncDisposableStack();
let store: ReturnType<typeof directStore>;
const sent: string[] = [];

beforeAll(async () => {
  const swift: Swift = stack.use(await startSwift());
  const brief = { ...profile, partLifeSeconds: fact(lifeSeconds, "a test") };
  const bucket = stack.use(await openS3({ profile: brief, limits: { minPartSize: 1 } }, swift));
  const door = stack.use(await httpDoor(bucket.store));
  const network = stack.use(openNetwork());
  const auth = { kind: "basic", user: door.user, password: door.password } as const;
  const api = new NaruApi({ origin: door.origin, auth, fetch: network.fetch });
  const { limits } = (await api.session({ probe: false })).store;
  const send: typeof network.send = async (request) => {
    const answer = await network.send(request);
    sent.push(`${request.method} ${answer.status}`);
    return answer;
  };
  store = directStore(api, { send, limits });
});
afterAll(() => stack.disposeAsync());

async function begin(path: string) {
  sent.length = 0;
  const bytes = Uint8Array.from(randomBytes(1000));
  const digest = { md5: createHash("md5").update(bytes).digest("hex"), crc64: crc64(bytes) };
  const upload = await store.create({ path, size: bytes.length, partSize: bytes.length });
  return { upload, bytes, digest, part: { number: 1, offset: 0, size: bytes.length } };
}

test("a part whose address expired while it waited is sent to a new one", async () => {
  const { upload, bytes, digest, part } = await begin("waited.bin");
  upload.prepare?.({ ...part, digest });
  await wait((lifeSeconds + 2) * 1000);
  await upload.put(part, new Blob([bytes]), { digest });
  expect(sent).toEqual(["PUT 403", "PUT 200"]);
  expect(await upload.complete()).toMatchObject({ size: bytes.length });
});

test("a part that takes longer than its address is good for arrives at the first try", async () => {
  const { upload, bytes, digest, part } = await begin("slow.bin");
  const pieces = [bytes.subarray(0, 500), bytes.subarray(500)];
  const stream = (): ReadableStream<Uint8Array<ArrayBuffer>> =>
    new ReadableStream({
      async pull(controller) {
        const piece = pieces.shift();
        if (piece === undefined) return controller.close();
        controller.enqueue(piece);
        if (pieces.length > 0) await wait((lifeSeconds + 2) * 1000);
      },
    });
  const body: Body = { size: bytes.length, stream };
  await upload.put(part, body, { digest });
  expect(sent).toEqual(["PUT 200"]);
  expect(await upload.complete()).toMatchObject({ size: bytes.length });
});
