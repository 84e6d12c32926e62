import { memoryStore } from "@naru/core/testing";
import { httpDoor } from "@naru/server/testing";
import { expect, test } from "vitest";
import { UsageError } from "../src/exit-code.ts";
import { frontOptions } from "../src/front.ts";

test("proxies are addresses, ranges and names of ranges, as the server takes them", async () => {
  const text = "10.0.0.7, 10.1.0.0/24,::1,fd00::/8,::ffff:10.0.0.1,::ffff:10.2.0.0/112,loopback,linklocal,uniquelocal";
  const { trustProxy } = frontOptions({ trustProxy: text });
  expect(trustProxy).toEqual(text.split(",").map((one) => one.trim()));
  await using door = await httpDoor(memoryStore(), { trustProxy });
  expect((await fetch(`${door.origin}/livez`)).status).toBe(200);
  expect(frontOptions({})).toEqual({ origins: [], trustProxy: false });
});

test.each([
  "",
  "1",
  "true",
  "proxy.example",
  "10.0.0.0/33",
  "10.0.0.0/",
  "10.0.0/8",
  "::1/129",
  "fe80::1%eth0",
  "a,,b",
])("what is no proxy is refused with words that say what is one: %j", (text) => {
  expect(() => frontOptions({ trustProxy: text })).toThrow(UsageError);
  expect(() => frontOptions({ trustProxy: text })).toThrow(/an address, as 10\.0\.0\.7, a range, as/);
});

test.each(["0.0.0.0/0", "::/0", "10.0.0.7,0.0.0.0/00"])("everyone is no proxy: %s", (text) => {
  expect(() => frontOptions({ trustProxy: text })).toThrow(/every client could then claim any address/);
});

test("origins are those of pages, in the form that browsers send", () => {
  const origin = ["https://Naru.example:443/", "http://10.0.0.7:8080", "https://나루.example"];
  expect(frontOptions({ origin }).origins).toEqual([
    ...["https://naru.example", "http://10.0.0.7:8080", "https://xn--910br1n.example"],
  ]);
  for (const bad of ["naru.example", "https://naru.example/files", "ftp://naru.example", "https://a:b@naru.example"]) {
    expect(() => frontOptions({ origin: [bad] })).toThrow(/not of the form https:\/\/host\[:port\]/);
  }
});
