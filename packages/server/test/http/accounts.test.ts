import { memoryStore } from "@naru/core/testing";
import { afterEach, expect, test } from "vitest";
import { createServer, openLocalAccounts, silentLog } from "../../src/index.ts";
import { httpDoor } from "../../src/testing/index.ts";
import { tempFolder } from "../stores/temp-folder.ts";
import { Client, verdict } from "./client.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function open(
  options: Parameters<typeof httpDoor>[1] = {},
): Promise<{ origin: string; admin: Client; anyone: Client }> {
  const door = await httpDoor(memoryStore(), options);
  closing.push(() => door.close());
  const admin = Client.basic(door.origin, door.user, door.password);
  return { origin: door.origin, admin, anyone: new Client(door.origin, {}) };
}

async function signIn(anyone: Client, user = "admin", password = "naru-naru"): Promise<Client> {
  const answer = await anyone.json("POST", "/api/session", { user, password });
  if (answer.status !== 200) throw new Error(await answer.text());
  const cookie = (answer.headers.get("set-cookie") ?? "").split(";", 1)[0] ?? "";
  return new Client(anyone.origin, { cookie });
}

interface Api {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly security?: readonly object[] }>>>>;
}

test("the API describes itself, and refuses the anonymous everywhere else", async () => {
  const { anyone } = await open();
  const api = (await (await anyone.call("GET", "/api/openapi.json")).json()) as Api & { openapi: string };
  expect(api.openapi).toBe("3.1.0");
  const calls = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security }]) => ({
      method: method.toUpperCase(),
      path: path.replaceAll(/\{[^}]*\}/g, "1"),
      isOpen: security?.length === 0,
    })),
  );
  expect(calls.length).toBeGreaterThan(25);
  const forAnyone = calls.filter(({ isOpen }) => isOpen).map(({ method, path }) => `${method} ${path}`);
  expect(forAnyone).toEqual([
    "POST /api/session",
    "GET /sign-in",
    "POST /api/pairings",
    "POST /api/pairings/claim",
    "GET /api/guest",
    "POST /api/guest",
    "GET /livez",
    "GET /readyz",
    "GET /api/openapi.json",
  ]);
  for (const { method, path, isOpen } of calls) {
    if (isOpen) continue;
    const answer = await anyone.call(method, path, method === "GET" || method === "HEAD" ? {} : { body: "" });
    expect([method, path, answer.status]).toEqual([method, path, 401]);
  }
  for (const path of ["/livez", "/readyz", "/"]) expect((await anyone.call("GET", path)).status).toBe(200);
  expect((await anyone.call("GET", "/nope")).status).toBe(401);
});

test("a session is kept from scripts and other sites, and ends when it is revoked", async () => {
  const { anyone } = await open();
  const answer = await anyone.json("POST", "/api/session", { user: "admin", password: "naru-naru" });
  expect(answer.headers.get("set-cookie")).toMatch(
    /^naru-session=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/,
  );
  const session = await signIn(anyone);
  expect(await verdict(session.call("GET", "/api/session"))).toBe("200 fine");
  const { sessions } = (await (await session.call("GET", "/api/sessions")).json()) as {
    sessions: { id: string; current: boolean }[];
  };
  const current = sessions.find((one) => one.current);
  expect(sessions.length).toBe(2);
  expect(await verdict(session.call("DELETE", `/api/sessions/${current?.id}`))).toBe("204 fine");
  expect(await verdict(session.call("GET", "/api/session"))).toBe("401 unauthenticated");
  const another = await signIn(anyone);
  expect(await verdict(another.call("DELETE", "/api/session"))).toBe("204 fine");
  expect(await verdict(another.call("GET", "/api/session"))).toBe("401 unauthenticated");
});

test("a call that another site makes with the cookie is refused", async () => {
  const { origin, anyone } = await open();
  const session = await signIn(anyone);
  const create = (headers: Record<string, string>): Promise<string> =>
    verdict(session.json("POST", "/api/uploads", { path: "x", size: 1 }, headers));
  expect(await create({ origin: "https://evil.example" })).toBe("403 forbidden");
  expect(await create({ origin: "null" })).toBe("403 forbidden");
  expect(await create({ origin })).toBe("201 fine");
});

test("a token works until it is revoked", async () => {
  const { origin, admin } = await open();
  const made = (await (await admin.json("POST", "/api/tokens", { name: "ci" })).json()) as {
    id: string;
    token: string;
  };
  expect(made.token).toMatch(/^naru_/);
  const bearer = new Client(origin, { authorization: `Bearer ${made.token}` });
  expect(await verdict(bearer.call("GET", "/api/session"))).toBe("200 fine");
  expect(await (await admin.call("GET", "/api/tokens")).text()).not.toContain(made.token);
  expect(await verdict(admin.call("DELETE", `/api/tokens/${made.id}`))).toBe("204 fine");
  expect(await verdict(bearer.call("GET", "/api/session"))).toBe("401 unauthenticated");
});

test("guesses are limited, also by Basic, until the window has passed", async () => {
  let time = Date.UTC(2026, 0, 1);
  const { origin, admin, anyone } = await open({ clock: () => time });
  await admin.json("POST", "/api/accounts", { name: "mina", password: "a password" });
  const guess = (): Promise<Response> => anyone.json("POST", "/api/session", { user: "mina", password: "guess" });
  for (let count = 0; count < 5; count++) {
    expect(await verdict(guess())).toBe("401 unauthenticated");
    const basic = Client.basic(origin, "mina", `guess ${count}`);
    expect(await verdict(basic.call("GET", "/api/session"))).toBe("401 unauthenticated");
  }
  const refused = await guess();
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(await verdict(refused)).toBe("429 throttled");
  expect(await verdict(anyone.json("POST", "/api/session", { user: "mina", password: "a password" }))).toBe(
    "429 throttled",
  );
  expect(await verdict(admin.call("GET", "/api/session"))).toBe("200 fine");
  time += 6 * 60_000;
  expect(await verdict(anyone.json("POST", "/api/session", { user: "mina", password: "a password" }))).toBe("200 fine");
});

test("many parts at once with Basic are one attempt", async () => {
  const { admin } = await open();
  const answers = await Promise.all(Array.from({ length: 30 }, () => verdict(admin.call("GET", "/api/uploads"))));
  expect(new Set(answers)).toEqual(new Set(["200 fine"]));
});

test("a new password ends the other sessions, and Basic with the old one", async () => {
  const { anyone, admin } = await open();
  const [mine, other] = [await signIn(anyone), await signIn(anyone)];
  const change = (old: string): Promise<string> =>
    verdict(mine.json("POST", "/api/password", { old, new: "another one" }));
  expect(await change("wrong")).toBe("403 forbidden");
  expect(await change("naru-naru")).toBe("204 fine");
  expect(await verdict(mine.call("GET", "/api/session"))).toBe("200 fine");
  expect(await verdict(other.call("GET", "/api/session"))).toBe("401 unauthenticated");
  expect(await verdict(admin.call("GET", "/api/session"))).toBe("401 unauthenticated");
});

test("only administrators manage accounts, and one always remains", async () => {
  const { origin, admin } = await open();
  const mina = { name: "mina", password: "a password" };
  expect(await verdict(admin.json("POST", "/api/accounts", mina))).toBe("201 fine");
  expect(await verdict(admin.json("POST", "/api/accounts", mina))).toBe("409 conflict");
  const client = Client.basic(origin, "mina", "a password");
  expect(await verdict(client.call("GET", "/api/accounts"))).toBe("403 forbidden");
  expect(await verdict(client.json("POST", "/api/accounts", { ...mina, name: "x" }))).toBe("403 forbidden");
  expect(await verdict(admin.call("DELETE", "/api/accounts/admin"))).toBe("409 conflict");
  expect(await verdict(admin.call("DELETE", "/api/accounts/mina"))).toBe("204 fine");
  expect(await verdict(client.call("GET", "/api/session"))).toBe("401 unauthenticated");
});

test("a password that is changed beside the server is the only one from then on, in the same minute too", async () => {
  await using folder = await tempFolder();
  const { admin, origin } = await open({ dataDir: folder.path });
  expect(await verdict(admin.call("GET", "/api/session"))).toBe("200 fine");
  await using book = openLocalAccounts(folder.path);
  await book.setPassword("admin", "another one");
  expect(await verdict(admin.call("GET", "/api/session"))).toBe("401 unauthenticated");
  expect(await verdict(Client.basic(origin, "admin", "another one").call("GET", "/api/session"))).toBe("200 fine");
});

test("wrong passwords count over a restart, for their account and address only", async () => {
  await using folder = await tempFolder();
  const options = { dataDir: folder.path };
  const before = await open(options);
  await Promise.all(Array.from({ length: 10 }, () => signIn(before.anyone, "admin", "wrong").catch(() => undefined)));
  await Promise.all(closing.splice(0).map((close) => close()));
  const { anyone } = await open(options);
  const answer = await anyone.json("POST", "/api/session", { user: "admin", password: "naru-naru" });
  expect([answer.status, Number(answer.headers.get("retry-after")) > 0]).toEqual([429, true]);
});

test("what a name and a password may be is one rule for the page and for whoever has the folder", async () => {
  await using folder = await tempFolder();
  const { admin } = await open({ dataDir: folder.path });
  await using book = openLocalAccounts(folder.path);
  const wrong: readonly (readonly [string, string])[] = [
    ["two words", "long enough"],
    ["a:b", "long enough"],
    ["next\u0085line", "long enough"],
    ["x".repeat(65), "long enough"],
    ["mina", "short"],
  ];
  for (const [name, password] of wrong) {
    expect(await verdict(admin.json("POST", "/api/accounts", { name, password }))).toBe("400 invalid");
    await expect(book.add(name, { admin: false, password })).rejects.toMatchObject({ code: "invalid" });
  }
  const change = { old: "naru-naru", new: "short" };
  expect(await verdict(admin.json("POST", "/api/password", change))).toBe("400 invalid");
  await expect(book.setPassword("admin", "short")).rejects.toMatchObject({ code: "invalid" });
  expect(await book.list()).toEqual([{ name: "admin", admin: true }]);
});

test("the first start makes admin with a link that signs in once", async () => {
  let time = Date.UTC(2026, 0, 1);
  const server = await createServer({
    store: memoryStore(),
    dataDir: ":memory:",
    logger: silentLog(),
    clock: () => time,
    http: { host: "127.0.0.1", port: 0 },
  });
  closing.push(() => server.close());
  await server.listen();
  const { origin } = server;
  const { password = "", link = "" } = server.firstStart ?? {};
  expect(password).toMatch(/^\w{20}$/);
  const anyone = new Client(origin, {});
  const first = await anyone.call("GET", link);
  expect([first.status, first.headers.get("location")]).toEqual([303, "/"]);
  const cookie = (first.headers.get("set-cookie") ?? "").split(";", 1)[0] ?? "";
  expect(await verdict(new Client(origin, { cookie }).call("GET", "/api/session"))).toBe("200 fine");
  const again = await anyone.call("GET", link);
  expect([again.status, again.headers.get("location")]).toEqual([303, "/?link=expired"]);
  expect(again.headers.get("set-cookie")).toBeNull();
  expect(await verdict(Client.basic(origin, "admin", password).call("GET", "/api/session"))).toBe("200 fine");
  time += 1;
});

test("the page runs only what this server serves", async () => {
  const { anyone } = await open();
  const { headers } = await anyone.call("GET", "/");
  expect(headers.get("content-security-policy")).toContain("default-src 'none'; script-src 'self'");
  expect(headers.get("content-security-policy")).not.toMatch(/'unsafe-/);
  expect(headers.get("x-frame-options")).toBe("DENY");
  expect(headers.get("referrer-policy")).toBe("no-referrer");
});
