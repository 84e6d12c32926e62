import { NaruApi } from "@naru/client/node";
import { memoryStore } from "@naru/core/testing";
import { s3Store } from "@naru/server";
import { httpDoor } from "@naru/server/testing";
import { expect, test } from "vitest";
import { Bucket } from "../../../test/harness/bucket.ts";
import { openWays } from "../src/bench/ways.ts";
import { remoteOf } from "../src/remote.ts";

test("the direct way is measured only where the store that takes the files signs for them, not because a mount does", async () => {
  await using bucket = await Bucket.make();
  const { accessKey: accessKeyId, endpoint, secretKey: secretAccessKey } = bucket.place;
  const credentials = async () => ({ accessKeyId, secretAccessKey });
  const options = { bucket: bucket.name, endpoint, region: "us-east-1", style: "path", credentials } as const;
  const [videos, whole] = [s3Store(options), s3Store(options)];
  await using house = await httpDoor(memoryStore(), { mounts: [{ prefix: "videos/", store: videos }] });
  await using alone = await httpDoor(whole);
  const found: unknown[] = [];
  for (const { origin, password, user } of [house, alone]) {
    const remote = remoteOf({ NARU_URL: origin.replace("//", `//${user}:${password}@`) });
    const api = new NaruApi(remote);
    using opened = await openWays(["direct"], remote, await api.session({ probe: false }));
    found.push([opened.ways.map(({ way }) => way), opened.left, await api.mine()]);
  }
  const why = "The server's store takes files only through the server.";
  expect(found).toEqual([
    [["plain"], [{ way: "direct", why }], []],
    [["plain", "direct"], [], []],
  ]);
  await Promise.all([videos.close(), whole.close()]);
});
