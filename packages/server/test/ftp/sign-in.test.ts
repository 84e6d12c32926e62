import { once } from "node:events";
import { connect } from "node:net";
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from "node:tls";
import { TransferError } from "@naru/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memoryBans } from "../../src/accounts/bans.ts";
import { certificate, openFtp, password, user } from "./opened-ftp.ts";
import { RawClient } from "./raw-client.ts";

const tls = await certificate();

describe("signing in", () => {
  test("takes the name and the right password, and nothing works before", async () => {
    await using ftp = await openFtp();
    using client = new RawClient(ftp.port);
    expect(await client.reply()).toMatch(/^220 /u);
    for (const command of ["PASS x", "LIST", "EPSV", "STOR a", "CWD /", "SITE CHMOD 600 a"]) {
      expect(await client.ask(command)).toMatch(/^5[03]\d /u);
    }
    expect(await client.ask(`USER ${user}`)).toMatch(/^331 /u);
    expect(await client.ask("PASS wrong")).toMatch(/^530 /u);
    expect(await client.ask(`PASS ${password}`)).toMatch(/^503 /u);
    expect(await client.ask(`USER ${user}`)).toMatch(/^331 /u);
    expect(await client.ask(`PASS ${password}`)).toMatch(/^230 /u);
  });

  test("commands sent all at once are answered in order", async () => {
    await using ftp = await openFtp();
    using client = new RawClient(ftp.port);
    client.send(`USER ${user}\r\nPASS ${password}\r\nPWD\r\nTYPE I\r\nQUIT\r\n`);
    const codes: string[] = [];
    for (let text = await client.reply(); text !== ""; text = await client.reply()) codes.push(text.slice(0, 3));
    expect(codes).toEqual(["220", "331", "230", "257", "200", "221"]);
  });

  test("the sixth wrong password ends the connection", async () => {
    await using ftp = await openFtp();
    using client = new RawClient(ftp.port);
    await client.reply();
    const codes: string[] = [];
    for (let tries = 0; tries < 6; tries += 1) {
      await client.ask(`USER ${user}`);
      codes.push((await client.ask("PASS wrong")).slice(0, 3));
    }
    expect(codes).toEqual(["530", "530", "530", "530", "530", "421"]);
    expect(await client.reply()).toBe("");
  });

  test("an address that guesses is banned, also with the right password", async () => {
    const bans = memoryBans({ now: Date.now, threshold: 2 });
    await using ftp = await openFtp({ bans });
    using client = new RawClient(ftp.port);
    await client.reply();
    await client.ask(`USER ${user}`);
    await client.ask("PASS wrong");
    await client.ask(`USER ${user}`);
    expect(await client.ask("PASS wrong")).toMatch(/^421 /u);
    using again = new RawClient(ftp.port);
    expect(await again.reply()).toMatch(/^421 .*failed attempts/u);
  });

  test("an address goes on guessing no longer than others when nobody looks at its guesses any more", async () => {
    const bans = memoryBans({ now: Date.now, threshold: 4 });
    const authenticate = async (): Promise<undefined> => {
      throw new TransferError("throttled", "Cannot sign in: too many attempts");
    };
    await using ftp = await openFtp({ bans, authenticate });
    using client = new RawClient(ftp.port);
    await client.reply();
    const codes: string[] = [];
    for (let tries = 0; tries < 4; tries += 1) {
      await client.ask(`USER ${user}`);
      codes.push((await client.ask("PASS guess")).slice(0, 3));
    }
    expect(codes).toEqual(["530", "530", "530", "421"]);
    expect(await bans.isBanned("127.0.0.1")).toBe(true);
  });

  test("who does not read its answers for a while is let go", async () => {
    await using ftp = await openFtp({ limits: { stallMs: 50 } });
    using client = await RawClient.open(ftp.port);
    const gone = new Promise((resolve) => client.socket.on("close", resolve));
    client.socket.pause();
    client.send("FEAT\r\n".repeat(1_000_000));
    await gone;
  });

  test("who does not sign in is let go", async () => {
    await using ftp = await openFtp({ limits: { loginGraceMs: 50 } });
    using client = new RawClient(ftp.port);
    await client.reply();
    expect(await client.reply()).toMatch(/^421 /u);
    expect(await client.reply()).toBe("");
  });

  test("who says nothing for a while is let go, but not while a transfer runs", async () => {
    await using ftp = await openFtp({ limits: { idleMs: 100 } });
    using client = await RawClient.open(ftp.port);
    const data = await client.data();
    await client.ask("STOR a.bin");
    const late = new Promise((resolve) => setTimeout(resolve, 300));
    await late;
    data.end("late");
    expect(await client.reply()).toBe("226 Stored, 4 bytes");
    expect(await client.reply()).toMatch(/^421 /u);
  });

  test("an address has so many connections and no more", async () => {
    await using ftp = await openFtp({ limits: { connectionsPerAddress: 2 } });
    using one = await RawClient.open(ftp.port);
    using two = await RawClient.open(ftp.port);
    using three = new RawClient(ftp.port);
    expect(await three.reply()).toMatch(/^421 /u);
    await two.ask("QUIT");
    expect(await two.reply()).toBe("");
    expect(await one.ask("NOOP")).toMatch(/^200 /u);
    using four = await RawClient.open(ftp.port);
    expect(await four.ask("NOOP")).toMatch(/^200 /u);
  });

  test("a line without an end is cut off at its cap, and only its own connection ends", async () => {
    await using ftp = await openFtp();
    using good = await RawClient.open(ftp.port);
    using client = new RawClient(ftp.port);
    await client.reply();
    for (let sent = 0; sent <= 4096; sent += 512) client.send("x".repeat(512));
    expect(await client.reply()).toMatch(/^500 /u);
    expect(await client.reply()).toBe("");
    expect(await good.ask("NOOP")).toMatch(/^200 /u);
  });
});

test("whatever a client sends, only its own connection suffers", async () => {
  await using ftp = await openFtp({ limits: { connectionsPerAddress: 1000 } });
  using good = await RawClient.open(ftp.port);
  const verbs = fc.constantFrom("USER kim", "PASS x", "EPSV", "PASV", "STOR a", "REST 9", "ABOR", "AUTH TLS", "STAT");
  const line = verbs.map((verb) => Buffer.from(`${verb}\r\n`));
  const pieces = fc.array(fc.oneof(line, fc.uint8Array({ maxLength: 300 })), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(pieces, fc.boolean(), async (chunks, signedIn) => {
      using client = signedIn ? await RawClient.open(ftp.port) : new RawClient(ftp.port);
      for (const chunk of chunks) client.send(chunk);
      client.send("\r\nQUIT\r\n");
    }),
    { numRuns: 100 },
  );
  expect(await good.ask("NOOP")).toMatch(/^200 /u);
});

test("IPv6 clients are told the port only", async () => {
  await using ftp = await openFtp({ host: "::1" });
  using client = new RawClient(ftp.port, { host: "::1" });
  await client.reply();
  await client.ask(`USER ${user}`);
  await client.ask(`PASS ${password}`);
  expect(await client.ask("PASV")).toMatch(/^425 /u);
  expect(await client.ask("EPSV 1")).toMatch(/^522 /u);
  const data = await client.data();
  expect(await client.ask("STOR a.bin")).toMatch(/^150 /u);
  data.end("six");
  expect(await client.reply()).toBe("226 Stored, 3 bytes");
});

describe("over TLS", () => {
  async function secured(port: number): Promise<{ client: RawClient; socket: TLSSocket }> {
    const client = new RawClient(port);
    await client.reply();
    const socket = await client.secure();
    await client.ask(`USER ${user}`);
    await client.ask(`PASS ${password}`);
    await client.ask("PBSZ 0");
    await client.ask("PROT P");
    return { client, socket };
  }

  async function sendOver(client: RawClient, options: ConnectionOptions = {}): Promise<string> {
    const socket = connect({ port: await client.passivePort(), host: "127.0.0.1" });
    client.send("STOR a.bin\r\n");
    expect(await client.reply()).toMatch(/^150 /u);
    const data = connectTls({ socket, rejectUnauthorized: false, ...options });
    data.on("error", () => undefined);
    data.end("secret");
    return await client.reply();
  }

  test("a password in the clear is not asked for", async () => {
    await using ftp = await openFtp({ tls });
    using client = new RawClient(ftp.port);
    await client.reply();
    expect(await client.ask(`USER ${user}`)).toMatch(/^530 .*AUTH TLS/u);
    expect(await client.ask("FEAT")).toContain(" AUTH TLS");
  });

  test("it may be allowed", async () => {
    await using ftp = await openFtp({ tls: { ...tls, allowPlain: true } });
    using client = await RawClient.open(ftp.port);
    expect(await client.ask("PWD")).toMatch(/^257 /u);
  });

  test("data in the clear is refused", async () => {
    await using ftp = await openFtp({ tls });
    const { client } = await secured(ftp.port);
    using _ = client;
    expect(await client.ask("PROT C")).toMatch(/^534 /u);
  });

  test("data before PROT P is refused", async () => {
    await using ftp = await openFtp({ tls });
    using client = new RawClient(ftp.port);
    await client.reply();
    await client.secure();
    await client.ask(`USER ${user}`);
    await client.ask(`PASS ${password}`);
    await client.passivePort();
    expect(await client.ask("STOR a.bin")).toMatch(/^522 /u);
  });

  for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
    test(`data connections resume the session of the control connection (${maxVersion})`, async () => {
      await using ftp = await openFtp({ tls, requireSessionReuse: true });
      const client = new RawClient(ftp.port);
      using _ = client;
      await client.reply();
      const socket = await client.secure({ maxVersion });
      const session = socket.getSession() ?? (await once(socket, "session"))[0];
      await client.ask(`USER ${user}`);
      await client.ask(`PASS ${password}`);
      await client.ask("PBSZ 0");
      await client.ask("PROT P");
      expect(await sendOver(client, { session: socket.getSession() ?? session, maxVersion })).toBe(
        "226 Stored, 6 bytes",
      );
    });
  }

  test("a data connection with a session of its own is refused when reuse is required, and taken when not", async () => {
    await using strict = await openFtp({ tls, requireSessionReuse: true });
    await using open = await openFtp({ tls });
    const { client } = await secured(strict.port);
    const { client: other } = await secured(open.port);
    expect(await sendOver(client)).toMatch(/^522 /u);
    expect(await client.ask("SIZE a.bin")).toMatch(/^550 |^213 0/u);
    expect(await sendOver(other)).toBe("226 Stored, 6 bytes");
    client[Symbol.dispose]();
    other[Symbol.dispose]();
  });

  test("commands put in before TLS began are not obeyed", async () => {
    await using ftp = await openFtp({ tls });
    using client = new RawClient(ftp.port);
    await client.reply();
    client.send(`AUTH TLS\r\nUSER ${user}\r\n`);
    expect(await client.reply()).toBe("");
  });
});
