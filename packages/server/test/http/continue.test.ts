import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempDisposable, truncate, writeFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { batchContentType } from "@naru/core";
import { memoryStore } from "@naru/core/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Program } from "../../../../test/harness/program.ts";
import { needs } from "../../../../test/peers/needs.ts";
import { type HttpDoor, httpDoor } from "../../src/testing/index.ts";
import { Client } from "./client.ts";

needs("curl");

let door: HttpDoor;
let admin: Client;
beforeAll(async () => {
  door = await httpDoor(memoryStore());
  admin = Client.basic(door.origin, door.user, door.password);
  await admin.call("PUT", "/api/files/there.bin", { body: "there" });
});
afterAll(() => door.close());

const basic = (password: string): string => `Basic ${Buffer.from(`admin:${password}`).toString("base64")}`;

interface Wanted {
  readonly head: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly password?: string;
  readonly size?: number;
}

/** A client that sends nothing of its body until it is told to, and hears what comes first. */
async function ask({ head, headers = {}, password = door.password, size = 5 }: Wanted): Promise<Asked> {
  const socket = connect(Number(new URL(door.origin).port), "127.0.0.1");
  const asked = new Asked(socket);
  const lines = { host: "naru", authorization: basic(password), expect: "100-continue", ...headers };
  const text = Object.entries({ "content-length": String(size), ...lines }).map(([name, value]) => `${name}: ${value}`);
  socket.write([`${head} HTTP/1.1`, ...text, "", ""].join("\r\n"));
  await asked.heard(/^HTTP\/1\.1 .*\r\n\r\n/s);
  return asked;
}

class Asked implements Disposable {
  readonly #socket: Socket;
  text = "";

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("utf8");
    socket.on("data", (text) => {
      this.text += text;
    });
  }

  get status(): number {
    return Number(this.text.split(" ", 2)[1]);
  }

  async heard(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.text)) await once(this.#socket, "data");
  }

  /** Send the body, and hear the answer to the whole of it. */
  async send(body: string | Buffer): Promise<number> {
    this.text = "";
    this.#socket.write(body);
    await this.heard(/^HTTP\/1\.1 \d+ .*\r\n\r\n/s);
    return this.status;
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}

async function partHead(size: number): Promise<string> {
  const { id } = await admin.create({ path: `${randomBytes(6).toString("hex")}.bin`, size });
  return `PUT /api/uploads/${id}/parts/1`;
}

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");
const form = { "content-type": "multipart/form-data; boundary=b" };
const batch = { "content-type": batchContentType };
const json = { "content-type": "application/json" };

test("a wrong password is answered before any byte of the body was asked for", async () => {
  const calls: Wanted[] = [
    { head: "PUT /api/files/wrong.bin" },
    { head: await partHead(5) },
    { head: "POST /api/batch", headers: batch },
    { head: "POST /api/files", headers: form },
    { head: "POST /api/uploads", headers: json },
  ];
  for (const call of calls) {
    using asked = await ask({ ...call, password: "wrong", size: 300 * 1024 * 1024 });
    expect([call.head, asked.status]).toEqual([call.head, 401]);
    expect(asked.text).toMatch(/connection: close/i);
    expect(asked.text).not.toContain("100 Continue");
  }
});

test("what can be refused without the body is refused before it is asked for", async () => {
  const part = await partHead(5);
  const calls: (Wanted & { readonly status: number })[] = [
    { status: 412, head: "PUT /api/files/there.bin", headers: { "if-none-match": "*" } },
    { status: 412, head: "PUT /api/files/there.bin", headers: { "if-match": '"other"' } },
    { status: 409, head: "PUT /api/files/there.bin?conflict=fail" },
    { status: 409, head: "PUT /api/files/there.bin/below" },
    { status: 400, head: "PUT /api/files/../out" },
    { status: 400, head: part, size: 6 },
    { status: 409, head: part, headers: { "naru-epoch": "7" } },
    { status: 404, head: "PUT /api/uploads/none/parts/1" },
    { status: 400, head: "POST /api/batch", headers: json },
    { status: 400, head: "POST /api/files", headers: json },
    { status: 413, head: "POST /api/uploads", headers: json, size: 9 * 1024 * 1024 },
  ];
  for (const { status, ...call } of calls) {
    using asked = await ask(call);
    expect([call.head, asked.status]).toEqual([call.head, status]);
  }
});

test("a body that is wanted is asked for, and arrives", async () => {
  const bytes = randomBytes(12 * 1024 * 1024);
  const wish = JSON.stringify({ path: "wished.bin", size: 1 });
  const fields = '--b\r\ncontent-disposition: form-data; name="f"; filename="form.txt"\r\n\r\nform\r\n--b--\r\n';
  const manifest = Buffer.from(JSON.stringify({ files: [{ path: "batch.txt", size: 1, md5: md5("x") }] }));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(manifest.length);
  const calls: (Wanted & { readonly body: string | Buffer; readonly status: number })[] = [
    { status: 201, head: "PUT /api/files/small.bin", body: "small" },
    { status: 201, head: "PUT /api/files/large.bin", body: bytes },
    { status: 200, head: await partHead(5), body: "whole" },
    { status: 200, head: "POST /api/batch", headers: batch, body: Buffer.concat([length, manifest, Buffer.from("x")]) },
    { status: 201, head: "POST /api/files", headers: form, body: fields },
    { status: 201, head: "POST /api/uploads", headers: json, body: wish },
  ];
  for (const { body, status, ...call } of calls) {
    using asked = await ask({ ...call, size: Buffer.byteLength(body) });
    expect([call.head, asked.text]).toEqual([call.head, "HTTP/1.1 100 Continue\r\n\r\n"]);
    expect([call.head, await asked.send(body)]).toEqual([call.head, status]);
    expect(asked.text).not.toMatch(/connection: close/i);
  }
  const large = await admin.call("GET", "/api/files/large.bin");
  expect(bytes.equals(Buffer.from(await large.arrayBuffer()))).toBe(true);
});

test("curl -T with a wrong password sends nothing, and with an API token everything", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "naru-continue-"));
  const file = join(folder.path, "large.bin");
  await writeFile(file, "");
  await truncate(file, 300 * 1024 * 1024);
  const send = async (password: string): Promise<string> => {
    const args = [
      "-sS",
      "--expect100-timeout",
      "60",
      "-o",
      join(folder.path, "answer"),
      "-w",
      "%{http_code} %{size_upload}",
      "-T",
      file,
    ];
    await using curl = new Program("curl", [...args, "-u", `admin:${password}`, `${door.origin}/api/files/curl.bin`]);
    expect(await curl.exited, curl.output).toBe(0);
    return curl.stdout;
  };
  expect(await send("wrong")).toBe("401 0");
  await truncate(file, 20 * 1024 * 1024);
  const made: unknown = await (await admin.json("POST", "/api/tokens", { name: "curl" })).json();
  expect(await send((made as { readonly token: string }).token)).toBe(`201 ${20 * 1024 * 1024}`);
});

test("a connection on which a body was not asked for is closed", async () => {
  using asked = await ask({ head: "GET /api/session" });
  expect([asked.status, /connection: close/i.test(asked.text)]).toEqual([200, true]);
});
