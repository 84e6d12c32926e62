import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import type { IncomingHttpHeaders } from "node:http";
import { type RequestOptions, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../harness/free-port.ts";
import { admin, type NaruServer, serveNaru } from "../harness/naru-server.ts";
import { Program } from "../harness/program.ts";
import {
  type Certificate,
  makeCertificate,
  type ProxyName,
  type ReverseProxy,
  startProxy,
} from "../harness/reverse-proxy.ts";

const MiB = 2 ** 20;
const guide = new URL("../../docs/guides/proxies.md", import.meta.url);

/** One line that says where to send requests; what is around it is TLS and a port. */
const oneLine: Readonly<Record<ProxyName, string>> = {
  nginx: `server {
    listen 443 ssl;
    ssl_certificate /etc/naru/fullchain.pem;
    ssl_certificate_key /etc/naru/key.pem;
    location / { proxy_pass http://127.0.0.1:8080; }
  }`,
  haproxy: `defaults
    mode http
    timeout connect 5s
    timeout client 50s
    timeout server 50s
listen naru
    bind :443 ssl crt /etc/naru/haproxy.pem
    server naru 127.0.0.1:8080`,
  caddy: `naru.example {
    tls /etc/naru/fullchain.pem /etc/naru/key.pem
    reverse_proxy 127.0.0.1:8080
  }`,
  apache: `<VirtualHost *:443>
    SSLEngine on
    SSLCertificateFile /etc/naru/fullchain.pem
    SSLCertificateKeyFile /etc/naru/key.pem
    ProxyPass / http://127.0.0.1:8080/
  </VirtualHost>`,
};
/** Its heading in the guide, and whether it lets Naru answer `Expect: 100-continue`. */
const proxies: readonly (readonly [ProxyName, { readonly address: string; readonly passesExpect: boolean }])[] = [
  ["nginx", { address: "127.0.1.1", passesExpect: false }],
  ["haproxy", { address: "127.0.1.2", passesExpect: true }],
  ["caddy", { address: "127.0.1.3", passesExpect: false }],
  ["apache", { address: "127.0.1.4", passesExpect: true }],
];
const names = [
  ...["한글 이름.bin", "영상 (최종).bin", "a b", "a+b", "a%2Bb", "a%2Fb", "a;b=c", "a&b?c#d", "100%", "it's", "[1]"],
  ...["~a", "a:b@c", "a!$,", "é", "漢字.txt"],
];

let dir: string;
let kept: string;
let certificate: Certificate;
let server: NaruServer;
let commands: readonly string[];
const ports = new Map<ProxyName, number>();

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "naru-proxies-"));
  kept = join(dir, "kept");
  certificate = await makeCertificate(dir);
  const text = await readFile(guide, "utf8");
  const [, flags = ""] = /^naru serve .*?(--origin .*)$/m.exec(text) ?? [];
  commands = flags.split(" ");
  for (const [name] of proxies) ports.set(name, await freePort());
  const origins = [...ports.values()].flatMap((port) => ["--origin", `https://naru.example:${port}`]);
  server = await serveNaru({ dir, store: `file:${kept}`, args: [...commands, ...origins] });
  expect(server.output).toContain("Naru is at  https://naru.example ");
  await truncateNew(join(dir, "large.bin"), 300 * MiB);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(dir, { recursive: true, force: true, maxRetries: 5 });
});

async function truncateNew(file: string, size: number): Promise<void> {
  await writeFile(file, "");
  await truncate(file, size);
}

/** The configuration that the guide gives. */
async function siteOf(name: ProxyName): Promise<string> {
  const [, site = ""] = new RegExp(`^\`\`\`${name}\n(.*?)^\`\`\`$`, "ms").exec(await readFile(guide, "utf8")) ?? [];
  if (site === "") throw new Error(`Cannot find the lines for ${name} in the guide`);
  return site;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Call {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | AsyncIterable<Buffer>;
}

/** A browser at one address of this computer. */
class Visitor {
  readonly #where: RequestOptions;
  readonly #origin: string;
  cookie = "";

  constructor(port: number, { address, host }: { readonly address: string; readonly host: string }) {
    this.#where = { host: "127.0.0.1", port, localAddress: address, agent: false, rejectUnauthorized: false };
    this.#origin = `https://${host}`;
  }

  async call({ method = "GET", path, headers = {}, body = "" }: Call): Promise<Answer> {
    const own = { host: new URL(this.#origin).host, ...(method === "GET" ? {} : { origin: this.#origin }) };
    const all = { ...own, ...(this.cookie === "" ? {} : { cookie: this.cookie }), ...headers };
    const asked = request({ ...this.#where, servername: "naru.example", method, path, headers: all });
    const answered = new Promise<Answer>((resolve, reject) => {
      asked.once("error", reject);
      asked.once("response", (answer) => {
        answer
          .toArray()
          .then(
            (chunks: Buffer[]) =>
              resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
            reject,
          );
      });
    });
    if (typeof body === "string" || Buffer.isBuffer(body)) asked.end(body);
    else {
      for await (const chunk of body) asked.write(chunk);
      asked.end();
    }
    return answered;
  }

  async signIn(password: string = admin.password, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const body = JSON.stringify({ user: admin.user, password });
    const type = { "content-type": "application/json", ...headers };
    const answer = await this.call({ method: "POST", path: "/api/session", headers: type, body });
    this.cookie = answer.headers["set-cookie"]?.[0]?.split(";", 1)[0] ?? "";
    return answer;
  }

  put(path: string, body: NonNullable<Call["body"]>, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.call({ method: "PUT", path, headers, body });
  }
}

const fileAt = (...names: string[]): string => `/api/files/${names.map(encodeURIComponent).join("/")}`;

describe.each(proxies)("behind %s with one line", (name, { address }) => {
  let proxy: ReverseProxy;
  beforeAll(async () => {
    const port = ports.get(name) ?? 0;
    proxy = await startProxy(name, { dir, certificate, site: oneLine[name], behind: server.port, port });
  });
  afterAll(() => proxy[Symbol.asyncDispose]());

  test("the page signs in, sends and fetches a file with a Korean name, and a stranger is refused", async () => {
    const page = new Visitor(proxy.port, { address, host: `naru.example:${proxy.port}` });
    const entered = await page.signIn();
    expect([entered.status, entered.headers["set-cookie"]?.[0]], entered.body.toString()).toEqual([
      ...[200, expect.stringContaining("; Secure")],
    ]);
    const path = fileAt("one line", name, "한글.bin");
    expect((await page.put(path, "0123456789")).status).toBe(201);
    const part = await page.call({ path, headers: { range: "bytes=2-4" } });
    expect([part.status, part.headers["content-range"], part.body.toString()]).toEqual([206, "bytes 2-4/10", "234"]);
    page.cookie = "";
    expect((await page.put(path, "stranger")).status).toBe(401);
  });
});

describe.each(proxies)("behind %s with the guide's lines", (name, { address, passesExpect }) => {
  let proxy: ReverseProxy;
  let page: Visitor;
  beforeAll(async () => {
    proxy = await startProxy(name, { dir, certificate, site: await siteOf(name), behind: server.port });
    page = new Visitor(proxy.port, { address, host: "naru.example" });
  });
  afterAll(() => proxy[Symbol.asyncDispose]());

  test("the page signs in with a cookie for TLS alone, and other sites cannot use it", async () => {
    const entered = await page.signIn();
    expect([entered.status, entered.headers["set-cookie"]?.[0]], entered.body.toString()).toEqual([
      ...[200, expect.stringContaining("; Secure")],
    ]);
    const evil = { origin: "https://evil.example" };
    expect((await page.put(fileAt("evil.bin"), "evil", evil)).status).toBe(403);
  });

  test.each([24 * MiB, undefined])("a body streams through: %s bytes are known to come", async (size) => {
    const path = ["guide", name, `stream-${size}.bin`];
    const before = await bytesUnder(join(kept, ".naru"));
    const headers = size === undefined ? { "transfer-encoding": "chunked" } : { "content-length": String(size) };
    const answer = await page.put(fileAt(...path), sentInTwo(before), headers);
    expect([answer.status, answer.body.toString()]).toEqual([201, expect.stringContaining(`"size":${24 * MiB}`)]);
    expect((await stat(join(kept, ...path))).size).toBe(24 * MiB);
  });

  test("names pass as they are, and ranges and lengths too", async () => {
    for (const one of names) {
      const path = fileAt("guide", name, one);
      const wrote = await page.put(path, `<p>${one}`, { "content-type": "text/html" });
      const stored = { path: `guide/${name}/${one}`.normalize("NFC") };
      expect([wrote.status, JSON.parse(wrote.body.toString())]).toEqual([201, expect.objectContaining(stored)]);
      const read = await page.call({ path, headers: { "accept-encoding": "gzip" } });
      const length = String(Buffer.byteLength(`<p>${one}`));
      expect([one, read.status, read.headers["content-length"]]).toEqual([one, 200, length]);
      expect(read.headers.etag).toMatch(/^"[^"]+"$/);
      const rest = { range: "bytes=3-", "if-range": read.headers.etag ?? "" };
      const part = await page.call({ path, headers: { ...rest, "accept-encoding": "gzip" } });
      expect([one, part.status, part.body.toString()]).toEqual([one, 206, one]);
    }
  });

  test("a wrong password is refused before a large body has gone out", async () => {
    const { status, sent } = await curl([
      ...["-T", "large.bin", "--user", "nobody:wrong", "--http1.1", "--expect100-timeout", "60"],
    ]);
    expect(status).toBe("401");
    expect(sent).toBeLessThan(passesExpect ? 1 : 100 * MiB);
  });

  test("curl sends a file over HTTP/2", async () => {
    const who = `${admin.user}:${admin.password}`;
    await truncateNew(join(dir, "h2.bin"), 8 * MiB);
    const { status, sent, version } = await curl(["-T", "h2.bin", "--user", who, "--http2"]);
    expect([status, sent, version]).toEqual(["201", 8 * MiB, "2"]);
  });

  test("wrong passwords of one client lock out that client alone, whatever it says of its address", async () => {
    const stranger = new Visitor(proxy.port, { address: address.replace("127.0.1", "127.0.2"), host: "naru.example" });
    const guesses = Array.from({ length: 10 }, (_, index) =>
      stranger.signIn("guess", { "x-forwarded-for": `203.0.113.${index}` }),
    );
    expect(new Set((await Promise.all(guesses)).map(({ status }) => status))).toEqual(new Set([401]));
    expect((await stranger.signIn(admin.password, { "x-forwarded-for": "203.0.113.99" })).status).toBe(429);
    expect((await page.signIn()).status).toBe(200);
    expect(server.output).toContain(`"address":"${address.replace("127.0.1", "127.0.2")}"`);
    expect(server.output).not.toContain("203.0.113.");
  });

  async function curl(args: readonly string[]): Promise<{ status: string; sent: number; version: string }> {
    const where = ["--insecure", "--resolve", `naru.example:${proxy.port}:127.0.0.1`, "--interface", address];
    const told = ["--silent", "--output", join(dir, "answer"), "-w", "%{http_code} %{size_upload} %{http_version}"];
    const to = `https://naru.example:${proxy.port}${fileAt("guide", name, "curl.bin")}`;
    await using program = new Program("curl", [...where, ...told, ...args, to], { cwd: dir });
    await program.exited;
    const [status = "", sent = "", version = ""] = program.stdout.split(" ");
    return { status, sent: Number(sent), version };
  }
});

/** 24 MiB, the last of them when the store has the first. */
async function* sentInTwo(before: number): AsyncGenerator<Buffer> {
  for (let count = 0; count < 20; count++) yield Buffer.alloc(MiB, count);
  const end = performance.now() + 60_000;
  while ((await bytesUnder(join(kept, ".naru"))) < before + 8 * MiB) {
    if (performance.now() > end) throw new Error("Nothing of the body has arrived: the proxy keeps it");
    await after(50);
  }
  yield Buffer.alloc(4 * MiB, 20);
}

/** What the files of a folder hold together; some may go meanwhile. */
async function bytesUnder(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const sizes = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
