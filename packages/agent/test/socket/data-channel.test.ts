import { randomBytes } from "node:crypto";
import { request } from "node:http";
import { crc64, MiB } from "@naru/core";
import { expect, test } from "vitest";
import { openWorld } from "./world.ts";

const bytes = randomBytes(20 * MiB);
const file = { name: "a.bin", size: bytes.length, modifiedMs: 1 };
const path = "in/a.bin";

test("a PUT under way ends once another page feeds the file", async () => {
  await using world = await openWorld();
  const first = await world.pairedPage();
  const ticket = await world.ticket({ file: { path, size: bytes.length, partSize: 4 * MiB } });
  const { transfer, key } = await first.feeding({ kind: "create", ticket, file });
  const put = request(`http://127.0.0.1:${world.port}/data/${transfer.id}?offset=0`, {
    method: "PUT",
    headers: { origin: world.door.origin, "naru-key": key, "content-length": bytes.length },
  });
  put.on("error", () => undefined);
  const ended = new Promise((resolve) => put.once("close", resolve));
  put.write(bytes.subarray(0, 9 * MiB));
  await first.hear((message) => message.kind === "grant" && message.grant.durable >= 8 * MiB);
  const second = await world.page();
  const asked = await second.call({ kind: "prove", transfer: transfer.id });
  const ranges = asked.kind === "prove" ? asked.ranges : [];
  const proofs = ranges.map(({ start, end }) => ({ start, end, crc64: crc64(bytes.subarray(start, end)) }));
  const feeding = await second.feeding({ kind: "feed", transfer: transfer.id, file, proofs });
  put.write(bytes.subarray(9 * MiB, bytes.length - 1));
  await ended;
  await second.feed(feeding, bytes);
  await second.hear((message) => message.kind === "changed" && message.transfer.state === "done");
  expect((await world.store.stat(path))?.crc64).toBe(crc64(bytes));
});
