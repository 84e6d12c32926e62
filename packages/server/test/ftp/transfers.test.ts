import { once } from "node:events";
import { MiB, wrapStore } from "@naru/core";
import { type MemoryFile, memoryStore } from "@naru/core/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { freePortPair } from "../../../../test/harness/free-port.ts";
import { smallLimits } from "../gateway/opened-gateway.ts";
import { openFtp } from "./opened-ftp.ts";
import { RawClient, readAll } from "./raw-client.ts";

let ftp: Awaited<ReturnType<typeof openFtp>>;
let client: RawClient;

beforeEach(async () => {
  ftp = await openFtp({ limits: { drainMs: 200 } });
  client = await RawClient.open(ftp.port);
});

afterEach(async () => {
  client[Symbol.dispose]();
  await ftp[Symbol.asyncDispose]();
});

const half = Buffer.alloc(300_000, "half");

/** Begin a STOR and wait until the server has counted the bytes. */
async function sendHalf(name: string) {
  const data = await client.data();
  expect(await client.ask(`STOR ${name}`)).toMatch(/^150 /u);
  data.write(half);
  await counted(half.length);
  return data;
}

async function counted(bytes: number): Promise<void> {
  while (!(await client.ask("STAT")).includes(` ${bytes} bytes so far`));
}

/** Wait until what came of a file is kept, seen by a client of its own. */
async function kept(name: string): Promise<number> {
  using other = await RawClient.open(ftp.port);
  for (;;) {
    const [, size] = /^213 (\d+)/u.exec(await other.ask(`SIZE ${name}`)) ?? [];
    // While the connection is not known to be dead, only what is safe by then is told.
    if (Number(size) >= half.length) return Number(size);
  }
}

async function entry(name: string) {
  return await ftp.files.stat(`/${name}`);
}

describe("a file is published when all of it has come, and", () => {
  test("226 says so", async () => {
    const data = await client.data();
    await client.ask("STOR 한글.bin");
    data.end("hello");
    expect(await client.reply()).toBe("226 Stored, 5 bytes");
    expect(await entry("한글.bin")).toMatchObject({ size: 5, arriving: false });
  });

  test("ABOR answers 426 and 226, and keeps what came", async () => {
    await sendHalf("a.bin");
    client.send(Buffer.from([255, 244, 255, 242, ...Buffer.from("ABOR\r\n")]));
    expect(await client.reply()).toMatch(/^426 /u);
    expect(await client.reply()).toMatch(/^226 /u);
    expect(await client.ask("SIZE a.bin")).toBe(`213 ${half.length}`);
    expect(await entry("a.bin")).toMatchObject({ arriving: true });
    expect(await client.ask("NOOP")).toMatch(/^200 /u);
  });

  test("not when the control connection is cut, though the data has a clean end", async () => {
    const data = await sendHalf("b.bin");
    client.socket.destroy();
    data.end("the rest");
    expect(await kept("b.bin")).toBeGreaterThanOrEqual(half.length);
    expect(await entry("b.bin")).toMatchObject({ arriving: true });
  });

  test("not when the client dies, whichever of its connections tells it first", async () => {
    const data = await sendHalf("c.bin");
    data.end();
    client.socket.end();
    expect(await kept("c.bin")).toBe(half.length);
    expect(await entry("c.bin")).toMatchObject({ arriving: true });
  });

  test("not when the data connection is reset", async () => {
    const data = await sendHalf("d.bin");
    data.resetAndDestroy();
    expect(await client.reply()).toMatch(/^426 /u);
    expect(await client.ask("SIZE d.bin")).toBe(`213 ${half.length}`);
    expect(await entry("d.bin")).toMatchObject({ arriving: true });
  });

  test("not when ALLO said that there is more", async () => {
    await client.ask("ALLO 300001");
    const data = await sendHalf("e.bin");
    data.end();
    expect(await client.reply()).toMatch(/^426 .*ALLO declared 300001/u);
    expect(await entry("e.bin")).toMatchObject({ arriving: true });
  });

  test("not when the server closes", async () => {
    await sendHalf("f.bin");
    const closed = ftp.close();
    expect(await client.reply()).toMatch(/^421 /u);
    await closed;
    expect(await entry("f.bin")).toMatchObject({ arriving: true, size: half.length });
  });
});

describe("an upload goes on", () => {
  async function interrupted(name: string): Promise<void> {
    await sendHalf(name);
    await client.ask("ABOR");
    await client.reply();
  }

  async function send(command: string, bytes: string | Buffer): Promise<string> {
    const data = await client.data();
    const answer = await client.ask(command);
    if (!answer.startsWith("150")) return answer;
    data.end(bytes);
    return await client.reply();
  }

  async function content(name: string): Promise<string> {
    const data = await client.data();
    await client.ask(`RETR ${name}`);
    const bytes = await readAll(data);
    await client.reply();
    return bytes.toString();
  }

  test("at its end, by APPE", async () => {
    await interrupted("a.bin");
    expect(await send("APPE a.bin", "tail")).toBe(`226 Stored, ${half.length + 4} bytes`);
    expect(await content("a.bin")).toBe(`${half}tail`);
  });

  test("where REST says", async () => {
    await interrupted("a.bin");
    expect(await client.ask(`REST ${half.length}`)).toMatch(/^350 /u);
    expect(await send("STOR a.bin", "tail")).toBe(`226 Stored, ${half.length + 4} bytes`);
    expect(await content("a.bin")).toBe(`${half}tail`);
  });

  test("from earlier than what is here, if not from there then from where the refusal says", async () => {
    await interrupted("a.bin");
    await client.ask("REST 4");
    const answer = await send("STOR a.bin", "tail");
    const [, at] = /^554 .* resume at (\d+)$/u.exec(answer) ?? [];
    if (at === undefined) expect(answer).toBe("226 Stored, 8 bytes");
    else {
      await client.ask(`REST ${at}`);
      expect(await send("STOR a.bin", "halftail".slice(Number(at)))).toBe("226 Stored, 8 bytes");
    }
    expect(await content("a.bin")).toBe("halftail");
  });

  test("but not after a hole", async () => {
    await interrupted("a.bin");
    await client.ask(`REST ${half.length + 1}`);
    expect(await send("STOR a.bin", "tail")).toMatch(/^554 /u);
    expect(await client.ask("SIZE a.bin")).toBe(`213 ${half.length}`);
  });

  test("and begins anew with a plain STOR", async () => {
    await interrupted("a.bin");
    expect(await send("STOR a.bin", "new")).toBe("226 Stored, 3 bytes");
    expect(await content("a.bin")).toBe("new");
  });

  test("REST is said of one transfer", async () => {
    await send("STOR a.bin", "0123456789");
    await client.ask("REST 4");
    expect(await content("a.bin")).toBe("456789");
    expect(await content("a.bin")).toBe("0123456789");
  });

  test("a file may be empty", async () => {
    expect(await send("STOR none", "")).toBe("226 Stored, 0 bytes");
    expect(await content("none")).toBe("");
  });

  test("STOU finds a name and tells it", async () => {
    const data = await client.data();
    const [, name = ""] = /^150 FILE: (\S+)$/u.exec(await client.ask("STOU")) ?? [];
    data.end("x");
    expect(await client.reply()).toMatch(/^226 /u);
    expect(await client.ask(`SIZE ${name}`)).toBe("213 1");
  });
});

describe("while a transfer runs", () => {
  test("STAT and NOOP are answered, other commands wait for their turn, in order", async () => {
    const data = await sendHalf("a.bin");
    expect(await client.ask("NOOP")).toMatch(/^200 /u);
    client.send("PWD\r\nSIZE a.bin\r\nNOOP\r\n");
    data.end();
    const replies = [await client.reply(), await client.reply(), await client.reply(), await client.reply()];
    expect(replies.map((text) => text.slice(0, 3))).toEqual(["226", "257", "213", "200"]);
  });

  test("QUIT waits for it", async () => {
    const data = await sendHalf("a.bin");
    client.send("QUIT\r\n");
    data.end();
    expect(await client.reply()).toMatch(/^226 /u);
    expect(await client.reply()).toMatch(/^221 /u);
    expect(await entry("a.bin")).toMatchObject({ arriving: false });
  });
});

describe("a data connection", () => {
  test("is refused from any address but the client's, and the client's is still taken", async () => {
    const port = await client.passivePort();
    const { connect } = await import("node:net");
    const stranger = connect({ port, host: "127.0.0.1", localAddress: "127.0.0.2" });
    stranger.on("error", () => undefined);
    await once(stranger, "close");
    const own = connect({ port, host: "127.0.0.1" });
    expect(await client.ask("STOR a.bin")).toMatch(/^150 /u);
    own.end("mine");
    expect(await client.reply()).toBe("226 Stored, 4 bytes");
  });

  test("that never comes is told after a while", async () => {
    await using slow = await openFtp({ limits: { acceptMs: 50 } });
    using lone = await RawClient.open(slow.port);
    await lone.passivePort();
    expect(await lone.ask("STOR a.bin")).toMatch(/^425 /u);
    expect(await lone.ask("SIZE a.bin")).toMatch(/^550 /u);
  });

  test("is asked for before it is needed", async () => {
    expect(await client.ask("STOR a.bin")).toMatch(/^425 /u);
  });

  test("is never made by the server, unless that is configured", async () => {
    expect(await client.ask("PORT 127,0,0,1,200,1")).toMatch(/^502 /u);
    expect(await client.ask("EPRT |1|127.0.0.1|51201|")).toMatch(/^502 /u);
  });

  test("comes from the ports that are set aside, and when they are taken the client is told", async () => {
    const from = await freePortPair();
    await using narrow = await openFtp({ passive: { from, to: from + 1 } });
    const ports = new Set<number>();
    using one = await RawClient.open(narrow.port);
    using two = await RawClient.open(narrow.port);
    using three = await RawClient.open(narrow.port);
    ports.add(await one.passivePort());
    ports.add(await two.passivePort());
    expect([...ports].sort()).toEqual([from, from + 1]);
    expect(await three.ask("EPSV")).toMatch(/^425 /u);
    await one.ask("ABOR");
    expect(await three.ask("EPSV")).toMatch(/^229 /u);
  });
});

test("a server that may connect to clients does, but to nobody else and to no service", async () => {
  await using active = await openFtp({ active: true });
  using own = await RawClient.open(active.port);
  const { createServer } = await import("node:net");
  await using listener = createServer((socket) => socket.end("by PORT")).listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const { port } = address;
  expect(await own.ask("PORT 127,0,0,2,200,1")).toMatch(/^504 /u);
  expect(await own.ask("EPRT |1|10.0.0.1|50000|")).toMatch(/^504 /u);
  expect(await own.ask("PORT 127,0,0,1,0,22")).toMatch(/^504 /u);
  expect(await own.ask(`EPRT |1|127.0.0.1|${port}|`)).toMatch(/^200 /u);
  expect(await own.ask("STOR a.bin")).toMatch(/^150 /u);
  expect(await own.reply()).toBe("226 Stored, 7 bytes");
});

test("a client that sends faster than the store takes waits, and what waits here is bounded", async () => {
  const memory = memoryStore(new Map<string, MemoryFile>(), { limits: smallLimits });
  const gate = new AbortController();
  const released = once(gate.signal, "abort");
  const slow = wrapStore(memory, {
    upload: (inner) => ({
      put: async (part, body, options) => {
        await released;
        return await inner.put(part, body, options);
      },
    }),
  });
  const { list, move, read, remove, stat } = memory;
  const store = Object.assign(slow, {
    list: list.bind(memory),
    move: move.bind(memory),
    read: read.bind(memory),
    remove: remove.bind(memory),
    stat: stat.bind(memory),
  });
  await using place = await openFtp({ store, memoryBytes: 8 * MiB });
  using fast = await RawClient.open(place.port);
  const data = await fast.data();
  await fast.ask("STOR a.bin");
  data.end(Buffer.alloc(64 * MiB, "flood"));
  let came = 0;
  for (let asked = 0; asked < 200; asked += 1) {
    came = Number(/ (\d+) bytes so far/u.exec(await fast.ask("STAT"))?.[1]);
  }
  expect(came).toBeGreaterThan(0);
  expect(came).toBeLessThanOrEqual(9 * MiB);
  gate.abort();
  expect(await fast.reply()).toBe(`226 Stored, ${64 * MiB} bytes`);
});
