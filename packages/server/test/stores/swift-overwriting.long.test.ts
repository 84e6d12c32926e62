/** Every way in which a file of parts is replaced or goes, through every door: when all files are gone, Swift keeps no part. */

import { randomBytes } from "node:crypto";
import type { WireBinItem } from "@naru/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { needs } from "../../../../test/peers/needs.ts";
import { type Swift, startSwift } from "../../../../test/peers/swift.ts";
import { swift as profile } from "../../src/stores/profiles/swift.ts";
import {
  type Bytes,
  changes,
  directWay,
  type EveryDoor,
  httpWays,
  openEveryDoor,
  otherWays,
} from "../catalogue/every-door.ts";
import { goOn, openGateway } from "../gateway/opened-gateway.ts";
import { enter, makeLink } from "../http/guest.ts";
import { openS3 } from "./opened-bucket.ts";

needs("curl");

let swift: Swift;
let bucket: Awaited<ReturnType<typeof openS3>>;
let doors: EveryDoor;

beforeAll(async () => {
  swift = await startSwift();
  bucket = await openS3({ profile, limits: { minPartSize: 1 } }, swift);
  doors = await openEveryDoor(bucket.store);
});
afterAll(async () => {
  await doors?.[Symbol.asyncDispose]();
  await bucket?.[Symbol.asyncDispose]();
  await swift?.[Symbol.asyncDispose]();
});

const bytesOf = (size: number): Bytes => Buffer.from(randomBytes(size));

/** Send a file in parts of 1,000 bytes. */
async function sendParts(path: string, count = 3): Promise<void> {
  const bytes = bytesOf(count * 1000);
  const { id, partSize } = await doors.http.create({ path, size: bytes.length, partSize: 1000, conflict: "overwrite" });
  expect(partSize).toBe(1000);
  for (let number = 1; number <= count; number++)
    await doors.http.put(id, number, bytes.subarray((number - 1) * 1000, number * 1000));
  expect((await doors.http.json("POST", `/api/uploads/${id}/complete`, {})).status).toBe(200);
}

async function fine(answer: Promise<Response>): Promise<Response> {
  const response = await answer;
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return response;
}

/** Remove all files for good; what Swift then keeps beside them. */
async function leftBehind(): Promise<readonly string[]> {
  await fine(doors.http.call("DELETE", "/api/bin"));
  for (const { path } of (await bucket.store.list()).files) await bucket.store.remove(path);
  return (await swift.listContainer(`${bucket.bucket}+segments`)).map(({ name }) => name);
}

const discard = async (path: string): Promise<WireBinItem> =>
  (await (await fine(doors.http.json("POST", "/api/bin", { path }))).json()) as WireBinItem;

const replacing: Readonly<Record<string, () => Promise<unknown>>> = {
  ...Object.fromEntries(
    Object.entries({ ...httpWays, "an upload straight to the store": directWay, ...otherWays }).map(([name, way]) => [
      name,
      () => way.send(doors, "to.bin", bytesOf(5000)),
    ]),
  ),
  "a file that is moved over it": async () => {
    await sendParts("from.bin");
    await fine(doors.http.json("POST", "/api/move", { from: "from.bin", to: "to.bin", conflict: "overwrite" }));
  },
  "a copy over it": async () => {
    await sendParts("from.bin");
    await fine(doors.http.json("POST", "/api/copy", { from: "from.bin", to: "to.bin", conflict: "overwrite" }));
  },
  "a rename over SFTP": async () => {
    await sendParts("from.bin");
    await doors.sftp.replace("/from.bin", "/to.bin");
  },
  "a rename over FTP": async () => {
    await sendParts("from.bin");
    await doors.ftp.rename("from.bin", "to.bin");
  },
  "a file that is restored beside it": async () => {
    const { id } = await discard("to.bin");
    await sendParts("to.bin");
    await fine(doors.http.json("POST", `/api/bin/${id}/restore`, {}));
  },
  "its folder, which is renamed and removed": async () => {
    for (const name of ["a.bin", "b/c.bin"]) await sendParts(`folder/${name}`);
    await fine(doors.http.json("POST", "/api/move", { from: "folder/", to: "other/" }));
    await discard("other/b/c.bin");
    await changes["HTTP"]?.remove(doors, "other/a.bin");
  },
  "what guests send by a link": async () => {
    const { token } = await makeLink(doors.http, { kind: "request", path: "inbox" });
    for (const _ of [1, 2]) {
      const guest = await enter(doors.http.origin, token, { name: "ann" });
      const { id } = await guest.create({ path: "to.bin", size: 3000, partSize: 3000 });
      await fine(guest.put(id, 1, bytesOf(3000)));
      await fine(guest.json("POST", `/api/uploads/${id}/complete`, {}));
    }
  },
  "another end of it, written in place": async () => {
    await using gate = openGateway(bucket.store);
    const arrival = await gate.session.openWrite("/to.bin", goOn);
    await arrival.write(2000, bytesOf(4000));
    await arrival.finish();
  },
};

test.each(Object.entries(replacing))("%s", async (_, replace) => {
  await sendParts("to.bin");
  await replace();
  expect(await leftBehind()).toEqual([]);
});
