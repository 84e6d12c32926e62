import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { connect, createServer as createTcpServer, type Socket } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { memoryStore } from "@naru/core/testing";
import ssh2 from "ssh2";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../../../../test/harness/free-port.ts";
import { needs } from "../../../../test/peers/needs.ts";
import { Secrets } from "../../src/accounts/secrets.ts";
import { scopeName } from "../../src/accounts/upload-scope.ts";
import { openDatabase } from "../../src/database/database.ts";
import {
  createServer,
  type DoorAddress,
  doorTable,
  type Ground,
  type OpenedDoor,
  openLocalAccounts,
  openServer,
  type ServerOptions,
  silentLog,
} from "../../src/index.ts";
import { RawClient } from "../ftp/raw-client.ts";
import { Client } from "../http/client.ts";
import { type TempFolder, tempFolder } from "../stores/temp-folder.ts";

needs("curl", "sftp", "ssh-keygen");

const run = promisify(execFile);
const adminPassword = "naru-naru";
const host = "127.0.0.1";

/** The host keys of all servers here: an RSA key takes seconds to make. */
let keys: TempFolder;
beforeAll(async () => {
  keys = await tempFolder();
});
afterAll(() => keys[Symbol.asyncDispose]());

/** A server with both doors open on free ports; "admin" enters by password, and by what a test makes. */
async function openDoors(options: Partial<ServerOptions> = {}) {
  const folder = await tempFolder();
  const store = memoryStore();
  const dataDir = join(folder.path, "data");
  const sftp = { host, port: 0, keysDir: keys.path };
  const ways = { http: { host, port: 0 }, sftp, ftp: { host, port: 0 } };
  const server = await createServer({ store, dataDir, ...ways, logger: silentLog(), adminPassword, ...options });
  await server.listen();
  const port = (kind: string): number => server.doors.find((door) => door.kind === kind)?.port ?? 0;
  const file = join(folder.path, "a.bin");
  await writeFile(file, "the bytes of a file");
  const put = (door: string, password: string, path: string) =>
    run("curl", ["-q", "-sS", "-k", "-u", `admin:${password}`, "-T", file, `${door}://${host}:${port(door)}/${path}`]);
  return {
    folder,
    store,
    dataDir,
    server,
    put,
    port,
    async [Symbol.asyncDispose]() {
      await server.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function secret(dataDir: string, kind: "token" | "upload" | "agent", name: string): Promise<string> {
  const db = openDatabase(join(dataDir, "naru.db"));
  const issued = await new Secrets(db, { now: Date.now }).issue(kind, "admin", name);
  await db.destroy();
  return issued.secret;
}

for (const door of ["sftp", "ftp"] as const) {
  test(`${door}: the account's password and an API token open the store, an agent's token does not`, async () => {
    await using world = await openDoors();
    await world.put(door, adminPassword, "one.bin");
    await world.put(door, await secret(world.dataDir, "token", "a script"), "two.bin");
    await expect(world.put(door, "wrong", "three.bin")).rejects.toThrow();
    await expect(world.put(door, await secret(world.dataDir, "agent", "a PC"), "three.bin")).rejects.toThrow();
    const { files } = await world.store.list({ prefix: "" });
    expect(files.map(({ path }) => path)).toEqual(["one.bin", "two.bin"]);
  });

  test(`${door}: a token for one upload opens its path and nothing else`, async () => {
    await using world = await openDoors();
    await world.put(door, adminPassword, "other.bin");
    const token = await secret(world.dataDir, "upload", scopeName({ path: "folder/a.bin" }));
    const url = (path: string): string => `${door}://${host}:${world.port(door)}/${path}`;
    const curl = (...args: string[]) => run("curl", ["-q", "-sS", "-k", "-u", `admin:${token}`, ...args]);
    const file = join(world.folder.path, "a.bin");
    await curl("--ftp-create-dirs", "-T", file, url("folder/a.bin"));
    expect((await world.store.stat("folder/a.bin"))?.size).toBe(19);
    await expect(curl("-T", file, url("other.bin"))).rejects.toThrow();
    await expect(curl(url("other.bin"))).rejects.toThrow();
    await expect(curl(url("folder/a.bin"))).rejects.toThrow();
    expect((await curl("-l", url(""))).stdout).not.toContain("other.bin");
  });
}

test("who guesses at one door is banned at both", async () => {
  await using world = await openDoors();
  // Each is answered a second late.
  const guess = () => world.put("ftp", "wrong", "x").catch(() => undefined);
  for (let round = 0; round < 3; round++) await Promise.all(Array.from({ length: 5 }, guess));
  await expect(world.put("sftp", adminPassword, "x")).rejects.toThrow();
  await expect(world.put("ftp", adminPassword, "x")).rejects.toThrow();
});

test("accounts and keys that are made while the server runs open the SFTP door, and no longer when they are removed", async () => {
  await using world = await openDoors();
  const key = join(world.folder.path, "id");
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
  await using book = openLocalAccounts(world.dataDir);
  const password = await book.add("앤", { admin: false });
  const { fingerprint } = await book.addKey("앤", await readFile(`${key}.pub`, "utf8"));
  const options = ["BatchMode=yes", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", `IdentityFile=${key}`];
  const batch = join(world.folder.path, "batch");
  await writeFile(batch, "ls\n");
  const words = [...options.flatMap((option) => ["-o", option]), "-P", String(world.port("sftp")), "-b", batch];
  const enter = () => run("sftp", [...words, `앤@${host}`]);
  await enter();
  expect(await book.listKeys("앤")).toHaveLength(1);
  await book.removeKey("앤", fingerprint);
  await expect(enter()).rejects.toThrow();
  expect(password).toHaveLength(20);
  await book.remove("앤");
  await expect(book.setPassword("앤")).rejects.toThrow(/no such account/);
});

test("the doors tell their host keys and ports, and agents are sent there", async () => {
  await using world = await openDoors({ publicHost: "files.example.com" });
  const told = (kind: string) => world.server.doors.find((door) => door.kind === kind);
  expect(told("sftp")).toMatchObject({ host: "files.example.com", hostKey: expect.stringMatching(/^SHA256:/) });
  expect(told("ftp")).toMatchObject({ host: "files.example.com" });
  expect(told("sftp")?.hostKeys?.map(({ algorithm }) => algorithm)).toEqual(["ssh-ed25519", "ssh-rsa"]);
});

test("who signed in with what is revoked, or whose account is removed, is let go, and what it had sent is kept", async () => {
  await using world = await openDoors();
  const token = await secret(world.dataDir, "token", "a script");
  await using book = openLocalAccounts(world.dataDir);
  const ann = await book.add("ann", { admin: false });
  const revoked = await ftpClient(world.port("ftp"), "admin", token);
  const removed = await ftpClient(world.port("ftp"), "ann", ann);
  const stays = await ftpClient(world.port("ftp"), "admin", adminPassword);
  const ssh = await sshClient(world.port("sftp"), "admin", token);
  const handle = await ssh.open("/half.bin");
  await ssh.write(handle, Buffer.alloc(100_000, "x"));

  await world.server.reap();
  expect(await revoked.ask("PWD")).toMatch(/^257 /);
  await revokeToken(world.dataDir);
  await book.remove("ann");
  await world.server.reap();

  await ssh.ended;
  expect(await revoked.reply()).toMatch(/^421 .*revoked/);
  expect(await removed.reply()).toMatch(/^421 /);
  expect(await stays.ask("SIZE half.bin")).toBe("213 100000");
  expect(await world.store.stat("half.bin")).toBeUndefined();
  for (const client of [revoked, removed, stays]) client[Symbol.dispose]();
});

async function ftpClient(port: number, user: string, password: string): Promise<RawClient> {
  const client = new RawClient(port);
  await client.reply();
  await client.ask(`USER ${user}`);
  expect(await client.ask(`PASS ${password}`)).toMatch(/^230 /);
  return client;
}

async function sshClient(port: number, username: string, password: string) {
  const client = new ssh2.Client();
  const ended = once(client, "close");
  client.connect({ host, port, username, password });
  await once(client, "ready");
  const sftp = await promisify(client.sftp.bind(client))();
  return {
    ended,
    open: (path: string) => promisify(sftp.open.bind(sftp))(path, "w"),
    write: (handle: Buffer, bytes: Buffer) =>
      new Promise<void>((resolve, reject) => {
        sftp.write(handle, bytes, 0, bytes.length, 0, (error) => (error ? reject(error) : resolve()));
      }),
  };
}

async function revokeToken(dataDir: string): Promise<void> {
  const db = openDatabase(join(dataDir, "naru.db"));
  const secrets = new Secrets(db, { now: Date.now });
  for (const { id } of await secrets.list("token", "admin")) await secrets.revoke("token", "admin", id);
  await db.destroy();
}

/** The smallest door: a line of text over TCP tells what there is, to whoever asks. */
async function lineDoor({ store, publicHost }: Ground, { host, port, greeting }: DoorAddress & { greeting: string }) {
  const clients = new Set<Socket>();
  const listener = createTcpServer(async (socket) => {
    clients.add(socket);
    socket.write(`${greeting}: ${(await store.list({ prefix: "" })).files.map(({ path }) => path).join(" ")}\n`);
  });
  let opened: readonly OpenedDoor[] = [];
  const endAll = async (): Promise<void> => {
    for (const client of clients) client.end();
  };
  return {
    get opened() {
      return opened;
    },
    listen: async () => {
      await once(listener.listen(port, host), "listening");
      const address = listener.address();
      opened = [{ kind: "line", host: publicHost, port: address && typeof address === "object" ? address.port : 0 }];
    },
    // Nobody stays welcome here.
    reap: endAll,
    close: async () => {
      opened = [];
      listener.close();
      await endAll();
    },
  };
}

test("a door that nobody foresaw is one line in the table: made, opened, told of, reaped and closed with the others", async () => {
  const store = memoryStore();
  const http = { host, port: 0 };
  const options = { store, dataDir: ":memory:", logger: silentLog(), adminPassword, publicHost: "naru.example" };
  const table = { ...doorTable, line: lineDoor };
  const server = await openServer({ ...options, http, line: { host, port: 0, greeting: "here are" } }, table);
  expect(server.doors).toEqual([]);
  await server.listen();
  const door = server.doors.find(({ kind }) => kind === "line");
  expect(server.doors.map(({ kind }) => kind).sort()).toEqual(["http", "line"]);
  expect(door).toMatchObject({ host: "naru.example" });
  await Client.basic(server.origin, "admin", adminPassword).call("PUT", "/api/files/a.bin", { body: "a" });
  const client = connect(door?.port ?? 0, host);
  const [line] = await once(client, "data");
  expect(String(line)).toBe("here are: a.bin\n");
  const ended = once(client, "end");
  await server.reap();
  await ended;
  await server.close();
  await expect(once(connect(door?.port ?? 0, host), "connect")).rejects.toThrow("ECONNREFUSED");
});

test("a door that cannot be opened takes the others with it", async () => {
  await using world = await openDoors();
  const taken = { host, port: world.port("ftp") };
  const options = { store: memoryStore(), dataDir: ":memory:", logger: silentLog(), adminPassword };
  const http = { host, port: await freePort() };
  const second = await createServer({ ...options, http, ftp: taken });
  await expect(second.listen()).rejects.toThrow(/Cannot open the ftp door.*address already in use/);
  await expect(fetch(`http://${host}:${http.port}/healthz`)).rejects.toThrow();
  await second.close();
});

/** What a secret gets to do with a path; the same questions at every door. */
type Way = (
  world: Awaited<ReturnType<typeof openDoors>>,
  secret: string,
) => Readonly<Record<"list" | "read" | "write" | "remove", (path: string) => Promise<boolean>>>;

const overCurl =
  (door: string, remove: (path: string) => string): Way =>
  (world, token) => {
    const url = (path: string): string => `${door}://${host}:${world.port(door)}/${path}`;
    const curl = async (...args: string[]): Promise<string | undefined> => {
      const done = await run("curl", ["-q", "-sS", "-k", "-u", `admin:${token}`, ...args]).catch(() => undefined);
      return done?.stdout;
    };
    return {
      list: async (path) => (await curl("-l", url("folder/")))?.includes(path.replace("folder/", "")) === true,
      read: async (path) => (await curl(url(path))) !== undefined,
      write: async (path) => (await curl("-T", join(world.folder.path, "a.bin"), url(path))) !== undefined,
      remove: async (path) => (await curl("-Q", remove(path), url(""))) !== undefined,
    };
  };

const ways: Readonly<Record<string, Way>> = {
  http: (world, token) => {
    const admin = Client.basic(world.server.origin, "admin", adminPassword);
    const caller = new Client(world.server.origin, { authorization: `Bearer ${token}` });
    return {
      list: async (path) => (await (await caller.call("GET", "/api/files?prefix=folder/")).text()).includes(path),
      read: async (path) => (await caller.call("GET", `/api/files/${path}`)).ok,
      write: async (path) => {
        const { id } = await admin.create({ path, size: 1, conflict: "overwrite" });
        const [looked, put] = [await caller.call("GET", `/api/uploads/${id}`), await caller.put(id, 1, "a")];
        return looked.ok && put.ok;
      },
      remove: async (path) => (await caller.call("DELETE", `/api/files/${path}`)).ok,
    };
  },
  sftp: overCurl("sftp", (path) => `rm /${path}`),
  ftp: overCurl("ftp", (path) => `DELE ${path}`),
};

test.each(Object.entries(ways))(
  "%s: a token for one upload is asked the same rights as at every door",
  async (_, way) => {
    await using world = await openDoors();
    for (const path of ["folder/a.bin", "folder/b.bin"]) {
      await Client.basic(world.server.origin, "admin", adminPassword).call("PUT", `/api/files/${path}`, {
        body: "kept",
      });
    }
    const token = way(world, await secret(world.dataDir, "upload", scopeName({ path: "folder/a.bin" })));
    const refused = [
      ["list", "folder/b.bin"],
      ["read", "folder/a.bin"],
      ["read", "folder/b.bin"],
      ["write", "folder/b.bin"],
      ["write", "folder/a.bin.bak"],
      ["write", "a.bin"],
      ["remove", "folder/a.bin"],
      ["remove", "folder/b.bin"],
    ] as const;
    for (const [doing, path] of refused) expect([doing, path, await token[doing](path)]).toEqual([doing, path, false]);
    const { files } = await world.store.list({ prefix: "" });
    expect(files.map(({ path, size }) => [path, size])).toEqual([
      ["folder/a.bin", 4],
      ["folder/b.bin", 4],
    ]);
    expect(await token.write("folder/a.bin")).toBe(true);
  },
);
