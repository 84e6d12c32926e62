import { Writable } from "node:stream";
import { memoryStore } from "@naru/core/testing";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { needs } from "../../../../test/peers/needs.ts";
import { httpDoor } from "../../src/testing/index.ts";
import { Client, verdict } from "./client.ts";

needs("wget");

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface Front {
  readonly origin: string;
  readonly password: string;
  readonly lines: readonly string[];
  readonly close: () => Promise<void>;
  /** Someone who comes from `address`, as a proxy in front says. */
  from(address: string, headers?: Readonly<Record<string, string>>): Client;
}

async function open(options: Parameters<typeof httpDoor>[1] = {}): Promise<Front> {
  const front = await openFront(options);
  closing.push(front.close);
  return front;
}

async function openFront(options: Parameters<typeof httpDoor>[1]): Promise<Front> {
  const lines: string[] = [];
  const output = new Writable({
    write: (line, _encoding, done) => {
      lines.push(String(line));
      done();
    },
  });
  const door = await httpDoor(memoryStore(), { ...options, logger: pino(output) });
  const from: Front["from"] = (address, headers = {}) =>
    new Client(door.origin, { "x-forwarded-for": address, ...headers });
  return { origin: door.origin, password: door.password, lines, from, close: () => door.close() };
}

const signIn = (client: Client, user: string, password: string): Promise<Response> =>
  client.json("POST", "/api/session", { user, password });

/** As many wrong names as an address may try. */
async function tryNames(client: Client): Promise<void> {
  const names = Array.from({ length: 50 }, (_, index) => `ghost${index}`);
  await Promise.all(names.map((name) => signIn(client, name, "guess")));
}

test("wrong names that come through a trusted proxy lock out the client that sent them, and nobody else", async () => {
  const { from, password, lines } = await open({ trustProxy: ["loopback"] });
  await tryNames(from("198.51.100.1"));
  expect(await verdict(signIn(from("198.51.100.1"), "admin", password))).toBe("429 throttled");
  // What a client adds itself stands before what the proxy adds, and does not count.
  expect(await verdict(signIn(from("203.0.113.9, 198.51.100.1"), "admin", password))).toBe("429 throttled");
  // Some proxies add the port, which is another one for each connection.
  expect(await verdict(signIn(from("198.51.100.1:50001"), "admin", password))).toBe("429 throttled");
  expect(await verdict(signIn(from("198.51.100.2"), "admin", password))).toBe("200 fine");
  const refused = lines.filter((line) => line.includes("sign-in refused"));
  expect(refused.length).toBe(50);
  expect(refused.every((line) => line.includes('"address":"198.51.100.1"'))).toBe(true);
});

describe("when one client behind a proxy that nobody named has tried many names", () => {
  let time = Date.UTC(2026, 0, 1);
  let front: Front;
  let admin: Client;
  const mina = (address: string): Promise<string> => verdict(signIn(front.from(address), "mina", "a password"));

  beforeAll(async () => {
    front = await openFront({ trustProxy: ["10.0.0.7"], clock: () => time });
    admin = Client.basic(front.origin, "admin", front.password);
    await admin.json("POST", "/api/accounts", { name: "mina", password: "a password" });
    // By then the pair of Basic is no longer remembered.
    time += 2 * 60_000;
    await tryNames(front.from("198.51.100.1"));
  });
  afterAll(() => front.close());

  test("what it says of its address does not count, and the log says so once", async () => {
    expect(await mina("198.51.100.2")).toBe("429 throttled");
    expect(front.lines.filter((line) => line.includes("naru serve --trust-proxy 127.0.0.1")).length).toBe(1);
  });

  test("who has entered from there before is let in, but may not guess more than others", async () => {
    expect(await verdict(admin.call("GET", "/api/session"))).toBe("200 fine");
    const guesses = Array.from({ length: 10 }, () => verdict(signIn(front.from("198.51.100.3"), "admin", "guess")));
    expect(new Set(await Promise.all(guesses))).toEqual(new Set(["401 unauthenticated"]));
    expect(await verdict(signIn(front.from("198.51.100.3"), "admin", "guess"))).toBe("429 throttled");
  });

  test("a try that is not let through does not make the wait longer", async () => {
    time += 4 * 60_000;
    for (let count = 0; count < 20; count++) expect(await mina("198.51.100.4")).toBe("429 throttled");
    time += 2 * 60_000;
    expect(await mina("198.51.100.4")).toBe("200 fine");
  });
});

test("the page signs in where its origin was named, though a proxy hides it", async () => {
  const page = "https://naru.example";
  const body = { user: "admin", password: "naru-naru" };
  const hidden = await open();
  const refused = await new Client(hidden.origin, {}).json("POST", "/api/session", body, { origin: page });
  expect(refused.status).toBe(403);
  expect(await refused.text()).toContain(`start it with --origin ${page}`);

  const named = await open({ origins: ["https://other.example", page] });
  const anyone = new Client(named.origin, {});
  const entered = await anyone.json("POST", "/api/session", body, { origin: page });
  expect([entered.status, entered.headers.get("set-cookie")]).toEqual([200, expect.stringMatching(/; Secure(;|$)/)]);
  for (const origin of ["http://naru.example", "https://naru.example:8443", "https://evil.example", "null"]) {
    expect(await verdict(anyone.json("POST", "/api/session", body, { origin }))).toBe("403 forbidden");
  }
  // Whoever comes straight, without TLS, is still let in, and gets a cookie that it can send back.
  const straight = await anyone.json("POST", "/api/session", body, { origin: named.origin });
  expect([straight.status, straight.headers.get("set-cookie")]).toEqual([200, expect.not.stringContaining("Secure")]);
});

test("the store's CORS rules are asked about the origin that was named, where a proxy hides it", async () => {
  const asked: string[] = [];
  const store = {
    direct: true,
    checkCors: async (origin: string) => {
      asked.push(origin);
      return [];
    },
  };
  await using door = await httpDoor(Object.assign(memoryStore(), store), { origins: ["https://naru.example"] });
  const admin = Client.basic(door.origin, door.user, door.password);
  expect(await verdict(admin.call("GET", "/api/session"))).toBe("200 fine");
  expect(asked).toEqual(["https://naru.example"]);
});

test("scheme and host count as a trusted proxy tells them, and as nobody else does", async () => {
  const body = { user: "admin", password: "naru-naru" };
  const page = "https://naru.example:8443";
  const told = { "x-forwarded-proto": "https", "x-forwarded-host": "naru.example:8443" };
  const trusted = await open({ trustProxy: ["127.0.0.1/32"] });
  const entered = await trusted.from("198.51.100.1", told).json("POST", "/api/session", body, { origin: page });
  expect([entered.status, entered.headers.get("set-cookie")]).toEqual([200, expect.stringMatching(/; Secure(;|$)/)]);
  const program = await trusted.from("198.51.100.1", told).json("POST", "/api/session", body);
  expect(program.headers.get("set-cookie")).toMatch(/; Secure(;|$)/);

  const other = await open();
  const refused = other.from("198.51.100.1", told).json("POST", "/api/session", body, { origin: page });
  expect(await verdict(refused)).toBe("403 forbidden");
  const plain = await other.from("198.51.100.1", told).json("POST", "/api/session", body);
  expect(plain.headers.get("set-cookie")).not.toContain("Secure");
});

test("an API token is a password of its account by Basic, until it is revoked", async () => {
  const { origin, password } = await open();
  const admin = Client.basic(origin, "admin", password);
  const made: unknown = await (await admin.json("POST", "/api/tokens", { name: "wget" })).json();
  const { id, token } = made as { readonly id: string; readonly token: string };
  const call = (user: string): Promise<string> =>
    verdict(Client.basic(origin, user, token).call("PUT", "/api/files/by-token.bin", { body: "x" }));
  expect(await call("admin")).toBe("201 fine");
  // It opens its own account only, as at the other doors.
  expect(await call("mina")).toBe("401 unauthenticated");
  await admin.call("DELETE", `/api/tokens/${id}`);
  expect(await call("admin")).toBe("401 unauthenticated");
});
