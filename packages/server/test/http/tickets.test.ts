import type { TicketRoute, WireAgent, WireGateway, WireGrant, WirePairing } from "@naru/core";
import { memoryStore } from "@naru/core/testing";
import { afterEach, expect, test } from "vitest";
import { createServer, doorTable, openServer, silentLog } from "../../src/index.ts";
import { tempFolder } from "../stores/temp-folder.ts";
import { Client, verdict } from "./client.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface World {
  readonly admin: Client;
  readonly anyone: Client;
  /** A paired agent of `admin`. */
  readonly agent: Client;
  pass(ms: number): void;
}

const nothing = async (): Promise<void> => undefined;

async function open(gateways: readonly WireGateway[] = [], agentRoute?: TicketRoute): Promise<World> {
  let time = Date.UTC(2026, 0, 1);
  const door = await openServer(
    {
      store: memoryStore(),
      dataDir: ":memory:",
      logger: silentLog(),
      adminPassword: "naru-naru",
      clock: () => time,
      http: { host: "127.0.0.1", port: 0, agentRoute },
      gateways,
    },
    {
      ...doorTable,
      // Doors that are told of, and never knocked at.
      gateways: async (_ground, opened: readonly WireGateway[]) => {
        return { opened, listen: nothing, reap: nothing, close: nothing };
      },
    },
  );
  await door.listen();
  closing.push(() => door.close());
  const { admin, anyone, token } = await paired(door.origin);
  const pass = (ms: number): void => {
    time += ms;
  };
  return { admin, anyone, agent: bearer(door.origin, token), pass };
}

/** Pair an agent with `admin`. */
async function paired(origin: string): Promise<{ admin: Client; anyone: Client; token: string }> {
  const admin = Client.basic(origin, "admin", "naru-naru");
  const anyone = new Client(origin, {});
  const { code, secret } = await json<WirePairing>(anyone.json("POST", "/api/pairings", { device: "a PC" }));
  await admin.json("POST", "/api/pairings/confirm", { code });
  const { token } = await json<{ token: string }>(anyone.json("POST", "/api/pairings/claim", { code, secret }));
  return { admin, anyone, token };
}

async function json<T>(answer: Promise<Response>): Promise<T> {
  return (await (await answer).json()) as T;
}

function bearer(origin: string, token: string): Client {
  return new Client(origin, { authorization: `Bearer ${token}` });
}

async function ticketFor(who: Client, wish: object): Promise<string> {
  return (await json<{ ticket: string }>(who.json("POST", "/api/tickets", wish))).ticket;
}

function redeem(who: Client, ticket: string, more: object = {}): Promise<Response> {
  return who.json("POST", "/api/tickets/redeem", { ticket, ...more });
}

const wish = { path: "a.bin", size: 10 };

test("an agent gets its token once, with its secret, after the code was confirmed", async () => {
  const { admin, anyone, pass } = await open();
  const { code, secret } = await json<WirePairing>(anyone.json("POST", "/api/pairings", { device: "b" }));
  const claim = (body: object): Promise<Response> => anyone.json("POST", "/api/pairings/claim", body);
  expect(code).toMatch(/^\d{6}$/);
  expect(await json(claim({ code, secret }))).toEqual({ paired: false });
  expect(await verdict(claim({ code, secret: "x" }))).toBe("404 not-found");
  expect(await verdict(anyone.json("POST", "/api/pairings/confirm", { code }))).toBe("401 unauthenticated");
  expect(await verdict(admin.json("POST", "/api/pairings/confirm", { code }))).toBe("200 fine");
  expect(await json(claim({ code, secret }))).toMatchObject({ paired: true, user: "admin" });
  expect(await verdict(claim({ code, secret }))).toBe("404 not-found");
  const late = await json<WirePairing>(anyone.json("POST", "/api/pairings", { device: "c" }));
  pass(5 * 60_000);
  expect(await verdict(admin.json("POST", "/api/pairings/confirm", { code: late.code }))).toBe("404 not-found");
});

test("codes cannot be guessed", async () => {
  const { admin } = await open();
  const guess = (): Promise<string> => verdict(admin.json("POST", "/api/pairings/confirm", { code: "000000" }));
  for (let count = 0; count < 10; count++) expect(await guess()).toBe("404 not-found");
  expect(await guess()).toBe("429 throttled");
});

test("a ticket is good once, for a minute, for an agent of the same account", async () => {
  const { admin, anyone, agent, pass } = await open();
  const ticket = await ticketFor(admin, { file: wish });
  expect(await verdict(redeem(anyone, ticket))).toBe("401 unauthenticated");
  expect(await verdict(redeem(admin, ticket))).toBe("403 forbidden");
  expect(await verdict(redeem(agent, ticket))).toBe("200 fine");
  expect(await verdict(redeem(agent, ticket))).toBe("403 forbidden");
  const late = await ticketFor(admin, { file: wish });
  pass(60_000);
  expect(await verdict(redeem(agent, late))).toBe("403 forbidden");
  await admin.json("POST", "/api/accounts", { name: "mina", password: "a password" });
  const hers = await ticketFor(Client.basic(admin.origin, "mina", "a password"), { file: wish });
  expect(await verdict(redeem(agent, hers))).toBe("403 forbidden");
});

test("nobody gets a ticket for an upload of someone else", async () => {
  const { admin } = await open();
  await admin.json("POST", "/api/accounts", { name: "mina", password: "a password" });
  const { id } = await admin.create(wish);
  const mina = Client.basic(admin.origin, "mina", "a password");
  expect(await verdict(mina.json("POST", "/api/tickets", { upload: id }))).toBe("403 forbidden");
  expect(await verdict(admin.json("POST", "/api/tickets", { upload: id, folder: "" }))).toBe("400 invalid");
});

test("what a ticket gives writes one upload, and nothing else is open to it", async () => {
  const { admin, agent } = await open();
  const other = await admin.create({ ...wish, path: "b.bin" });
  const grant = await json<WireGrant>(redeem(agent, await ticketFor(admin, { file: wish })));
  if (grant.by !== "http") throw new Error(grant.by);
  const { upload, token } = grant;
  const holder = bearer(admin.origin, token);
  const samePath = await admin.create({ ...wish, conflict: "overwrite" });
  expect(samePath.path).toBe(upload.path);
  for (const [method, path] of [
    ["GET", "/api/uploads"],
    ["GET", "/api/files"],
    ["GET", "/api/files/b.bin"],
    ["GET", `/api/uploads/${other.id}`],
    ["POST", `/api/uploads/${other.id}/resume`],
    ["DELETE", `/api/uploads/${other.id}`],
    ["GET", `/api/uploads/${samePath.id}`],
    ["POST", `/api/uploads/${samePath.id}/resume`],
    ["DELETE", `/api/uploads/${samePath.id}`],
    ["GET", "/api/folders/in"],
    ["PUT", "/api/folders/in"],
    ["DELETE", "/api/folders/in"],
    ["DELETE", "/api/folders/in?recursive=true"],
    ["GET", "/api/tokens"],
    ["GET", "/api/agents"],
  ] as const) {
    expect([path, await verdict(holder.call(method, path))]).toEqual([path, "403 forbidden"]);
    expect([path, await verdict(agent.call(method, path))]).toEqual([path, "403 forbidden"]);
  }
  expect(await verdict(holder.json("POST", "/api/uploads", wish))).toBe("403 forbidden");
  for (const slash of ["", "/"]) {
    const move = { from: `in${slash}`, to: `out${slash}` };
    for (const who of [holder, agent]) {
      expect(await verdict(who.json("POST", "/api/move", move))).toBe("403 forbidden");
    }
  }
  expect(await verdict(holder.json("POST", "/api/tickets", { file: wish }))).toBe("403 forbidden");
  expect(await verdict(holder.put(other.id, 1, "0123456789"))).toBe("403 forbidden");
  expect(await verdict(holder.call("POST", `/api/uploads/${upload.id}/resume`))).toBe("200 fine");
  expect(await verdict(holder.put(upload.id, 1, "0123456789", { "naru-epoch": "2" }))).toBe("200 fine");
  const complete = holder.json("POST", `/api/uploads/${upload.id}/complete`, {}, { "naru-epoch": "2" });
  expect(await verdict(complete)).toBe("200 fine");
  expect(await verdict(admin.call("GET", "/api/files/a.bin"))).toContain("200");
});

test("what a ticket gave ends with its upload", async () => {
  const { admin, agent } = await open();
  for (const end of ["complete", "abort"] as const) {
    const grant = await json<WireGrant>(redeem(agent, await ticketFor(admin, { file: { ...wish, path: end } })));
    if (grant.by !== "http") throw new Error(grant.by);
    const { upload, token } = grant;
    const holder = bearer(admin.origin, token);
    const complete = () => holder.json("POST", `/api/uploads/${upload.id}/complete`, {}, { "naru-epoch": "2" });
    expect(await verdict(holder.call("POST", `/api/uploads/${upload.id}/resume`))).toBe("200 fine");
    expect(await verdict(holder.put(upload.id, 1, "0123456789", { "naru-epoch": "2" }))).toBe("200 fine");
    const last = end === "complete" ? complete() : admin.call("DELETE", `/api/uploads/${upload.id}`);
    expect(await verdict(last)).toMatch(/^20[04] /);
    expect(await verdict(holder.call("POST", `/api/uploads/${upload.id}/resume`))).toBe("404 not-found");
    const again = holder.put(upload.id, 1, "9876543210", { "naru-epoch": "2" });
    expect(await verdict(again)).toBe("404 not-found");
    // An answer that was lost on the way is given again.
    expect(await verdict(complete())).toBe(end === "complete" ? "200 fine" : "404 not-found");
  }
});

test("an agent that is revoked, and all it was given, are strangers", async () => {
  const { admin, agent } = await open();
  const grant = await json<WireGrant>(redeem(agent, await ticketFor(admin, { file: wish })));
  if (grant.by !== "http") throw new Error(grant.by);
  const { agents } = await json<{ agents: readonly WireAgent[] }>(admin.call("GET", "/api/agents"));
  expect(agents).toMatchObject([{ name: "a PC" }]);
  expect(await verdict(admin.call("DELETE", `/api/agents/${agents[0]?.id}`))).toBe("204 fine");
  const holder = bearer(admin.origin, grant.token);
  expect(await verdict(holder.call("GET", `/api/uploads/${grant.upload.id}`))).toBe("401 unauthenticated");
  expect(await verdict(agent.call("GET", "/api/session"))).toBe("401 unauthenticated");
});

test("a file that the agent's user chooses goes into the folder of the ticket", async () => {
  const { admin, agent } = await open();
  const choice = await json<WireGrant>(redeem(agent, await ticketFor(admin, { folder: "in/" })));
  if (choice.by !== "choice") throw new Error(choice.by);
  expect(choice.folder).toBe("in/");
  expect(await json(redeem(agent, choice.ticket, { file: wish }))).toMatchObject({ upload: { path: "in/a.bin" } });
  expect(await verdict(redeem(agent, choice.ticket, { file: wish }))).toBe("403 forbidden");
});

test("a gateway's address comes with a password for one path", async () => {
  const { admin, agent } = await open([{ kind: "sftp", port: 2222, hostKey: "SHA256:x" }]);
  const grant = await json(redeem(agent, await ticketFor(admin, { file: wish, route: "sftp" })));
  expect(grant).toMatchObject({ by: "gateway", user: "admin", path: "a.bin", gateway: { kind: "sftp", port: 2222 } });
  const none = await ticketFor(admin, { file: wish, route: "ftp" });
  expect(await verdict(redeem(agent, none))).toBe("501 unsupported");
});

test("the operator's route is taken where the page names none, for new files", async () => {
  const { admin, agent } = await open([{ kind: "sftp", port: 2222, hostKey: "SHA256:x" }], "sftp");
  const byPage = async (wish: object) => json<WireGrant>(redeem(agent, await ticketFor(admin, wish)));
  expect(await byPage({ file: wish })).toMatchObject({ by: "gateway", gateway: { kind: "sftp" } });
  expect(await byPage({ file: { ...wish, path: "b.bin" }, route: "proxy" })).toMatchObject({
    by: "http",
    route: "proxy",
  });
  const { id } = await admin.create({ ...wish, path: "c.bin" });
  expect(await byPage({ upload: id })).toMatchObject({ by: "http", upload: { id } });
});

test("a ticket outlives the server that issued it, and two who redeem it at once get it once", async () => {
  await using folder = await tempFolder();
  const options = {
    store: memoryStore(),
    dataDir: folder.path,
    logger: silentLog(),
    adminPassword: "naru-naru",
    http: { host: "127.0.0.1", port: 0 },
  };
  const before = await createServer(options);
  await before.listen();
  const { admin, token } = await paired(before.origin);
  const ticket = await ticketFor(admin, { file: { path: "a.bin", size: 1 } });
  const pending = await json<WirePairing>(admin.json("POST", "/api/pairings", { device: "another PC" }));
  await before.close();

  const after = await createServer(options);
  closing.push(() => after.close());
  await after.listen();
  const agent = bearer(after.origin, token);
  const answers = await Promise.all([redeem(agent, ticket), redeem(agent, ticket)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
  const again = Client.basic(after.origin, "admin", "naru-naru");
  expect(await verdict(again.json("POST", "/api/pairings/confirm", { code: pending.code }))).toBe("200 fine");
});
