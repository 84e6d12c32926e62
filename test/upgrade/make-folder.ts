/**
 * Makes the folder that `upgrade.test.ts` opens: what the programs of a checkout leave on a disk when everything ends in
 * the middle. It was run once, at the commit that the archive is named after:
 *
 *     node test/upgrade/make-folder.ts CHECKOUT test/upgrade/09f1389.tar.br
 *
 * It needs OpenSSH, curl and tar.
 */

import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { brotliCompress } from "node:zlib";
import { type AgentPage, openAgentPage } from "./agent-page.ts";
import { contentOf } from "./content.ts";
import { type ArrivedFile, browserFile, type Facts, factsFile, fileDate } from "./facts.ts";
import { freePort, type Line, line, Running, run, until } from "./old-programs.ts";

const [checkout = "", archive = ""] = process.argv.slice(2).map((word) => resolve(word));
const MiB = 2 ** 20;
const partSize = 64 * 1024;
const passwords = { admin: "naru-upgrade-admin", ann: "naru-upgrade-ann" };
const naru = join(checkout, "packages/cli/bin/naru.js");
const agent = join(checkout, "packages/agent/bin/naru-agent.js");
const renaming = 300;

const sshOptions = [
  ...["BatchMode=yes", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "IdentitiesOnly=yes"],
  ...["IdentityFile=local/id", "LogLevel=ERROR"],
].flatMap((option) => ["-o", option]);

const dir = await mkdtemp(join(tmpdir(), "naru-upgrade-"));
const [port, sftp, ftp] = [await freePort(), await freePort(), await freePort()];
const origin = `http://127.0.0.1:${port}`;
const sizes: Record<string, number> = {};
const uploads: Record<string, string> = {};

try {
  await makeFolder();
} finally {
  await rm(dir, { recursive: true, force: true });
}

async function makeFolder(): Promise<void> {
  for (const name of ["data", "agent", "local", "state"]) await mkdir(join(dir, name));
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "ann@old", "-f", "local/id"], { cwd: dir });
  await using first = await serve();
  await using wire = await line(port);
  await call("admin", "POST", "/api/accounts", { name: "ann", password: passwords.ann });
  await naruDone(["user", "key", "add", "ann", "local/id.pub", "--data", "data"]);
  const tokens = { admin: await token("admin"), ann: await token("ann") };
  const { agentToken, uploadToken } = await oneUpload();
  await finishedFiles();
  await unfinishedOverHttp();
  await unfinishedOverDoors();
  // It keeps what has come of them.
  await first.kill("SIGTERM");
  await using server = await serve();
  await unfinishedPut(wire);
  await unfinishedGet(wire);
  const session = await signIn();
  const arrived = await list("done/");
  const hostKeys = [...server.output.matchAll(/SHA256:[\w+/]{43}/g)].map(([key]) => key);
  await unfinishedAgent(server);
  await unfinishedRename(server);
  const facts: Facts = {
    made: Date.now(),
    origin,
    lineOrigin: wire.origin,
    sftpPort: sftp,
    dir,
    passwords,
    session,
    tokens,
    agentToken,
    uploadToken,
    hostKeys,
    arrived,
    uploads,
    partSize,
    sizes,
    renaming,
  };
  await writeFile(join(dir, factsFile), JSON.stringify(facts, undefined, 2));
  await pack();
}

async function serve(): Promise<Running> {
  const doors = ["--sftp", String(sftp), "--ftp", String(ftp)];
  const server = new Running(process.execPath, [naru, "serve", "--port", String(port), "--data", "data", ...doors], {
    cwd: dir,
    env: { NARU_ADMIN_PASSWORD: passwords.admin },
  });
  await until(async () => {
    const answer = await fetch(`${origin}/readyz`).catch(() => undefined);
    return answer?.ok || undefined;
  }, "the server");
  return server;
}

/** The `naru` of the checkout, as admin at `at`. */
function naruOf(args: readonly string[], at = origin): Running {
  const url = new URL(at);
  Object.assign(url, { username: "admin", password: passwords.admin });
  const env = { NARU_URL: url.href, XDG_STATE_HOME: join(dir, "state") };
  return new Running(process.execPath, [naru, ...args], { cwd: dir, env });
}

async function naruDone(args: readonly string[]): Promise<void> {
  await using program = naruOf(args);
  if ((await program.exited) !== 0) throw new Error(program.output);
}

type Account = keyof typeof passwords;
type Json = Readonly<Record<string, never>>;

function basic(user: Account): string {
  return `Basic ${btoa(`${user}:${passwords[user]}`)}`;
}

async function call(
  by: Account | string,
  method: string,
  path: string,
  body?: object | Uint8Array<ArrayBuffer>,
): Promise<Json> {
  const isBytes = body instanceof Uint8Array;
  const authorization = by === "admin" || by === "ann" ? basic(by) : `Bearer ${by}`;
  const headers = { authorization, "content-type": isBytes ? "application/octet-stream" : "application/json" };
  const sent = body === undefined ? null : isBytes ? body : JSON.stringify(body);
  const answer = await fetch(origin + path, {
    method,
    headers: sent === null ? { authorization } : headers,
    body: sent,
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text === "" ? {} : JSON.parse(text);
}

async function token(user: Account): Promise<string> {
  return String((await call(user, "POST", "/api/tokens", { name: "laptop" }))["token"]);
}

async function signIn(): Promise<string> {
  const body = JSON.stringify({ user: "ann", password: passwords.ann });
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${origin}/api/session`, { method: "POST", headers, body });
  return (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
}

/** Pair an agent with ann, as a program of our own, and redeem a ticket for one upload. */
async function oneUpload(): Promise<{ agentToken: string; uploadToken: string }> {
  const pairing = await call("ann", "POST", "/api/pairings", { device: "old pc" });
  await call("ann", "POST", "/api/pairings/confirm", { code: pairing["code"] });
  const claim = await call("ann", "POST", "/api/pairings/claim", { code: pairing["code"], secret: pairing["secret"] });
  const agentToken = String(claim["token"]);
  const upload = await begin("ann", "unfinished/token.bin", 3, [1]);
  const { ticket } = await call("ann", "POST", "/api/tickets", { upload });
  const grant = await call(agentToken, "POST", "/api/tickets/redeem", { ticket });
  return { agentToken, uploadToken: String(grant["token"]) };
}

/** Begin an upload of `count` parts and put some of them. */
async function begin(user: Account, path: string, count: number, put: readonly number[]): Promise<string> {
  const size = count * partSize - 100;
  const bytes = contentOf(path, size);
  const wish = { path, size, partSize, modified: fileDate.toISOString(), type: "text/plain" };
  const id = String((await call(user, "POST", "/api/uploads", wish))["id"]);
  for (const number of put) {
    const part = bytes.slice((number - 1) * partSize, number * partSize);
    await call(user, "PUT", `/api/uploads/${id}/parts/${number}`, part);
  }
  uploads[path] = id;
  sizes[path] = size;
  return id;
}

async function finishedFiles(): Promise<void> {
  const id = await begin("ann", "done/by-parts.txt", 2, [1, 2]);
  await call("ann", "POST", `/api/uploads/${id}/complete`);
  delete uploads["done/by-parts.txt"];
  await call("ann", "PUT", "/api/files/done/by-put.bin", contentOf("done/by-put.bin", 5000));
  await local("done/large.bin", 40 * MiB);
  await naruDone(["put", "local/done/large.bin", "--to", "done/"]);
  await local("done/by-sftp.bin", 9000);
  await sftpBatch("put -p local/done/by-sftp.bin done/by-sftp.bin", "mkdir kept-empty");
  await rm(join(dir, "local/done"), { recursive: true });
  for (const { path, size } of await list("done/")) sizes[path] = size;
}

async function sftpBatch(...commands: readonly string[]): Promise<void> {
  await writeFile(join(dir, "batch"), `${commands.join("\n")}\n`);
  await run("sftp", [...sshOptions, "-P", String(sftp), "-b", "batch", "ann@127.0.0.1"], { cwd: dir });
  await rm(join(dir, "batch"));
}

async function list(prefix: string): Promise<readonly ArrivedFile[]> {
  const page: { readonly files?: readonly ArrivedFile[] } = await call("ann", "GET", `/api/files?prefix=${prefix}`);
  return page.files ?? [];
}

/** Write a file to send; its name is its path at the server. */
async function local(path: string, size: number): Promise<void> {
  const file = join(dir, "local", path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, contentOf(path, size));
  await utimes(file, fileDate, fileDate);
  sizes[path] = size;
}

async function unfinishedOverHttp(): Promise<void> {
  await begin("ann", "unfinished/http.bin", 4, [1, 3]);
  const uploadId = await begin("admin", "unfinished/browser.bin", 3, [1]);
  const entry = {
    key: "row-1",
    user: "admin",
    owner: "a tab that is gone",
    path: "unfinished/browser.bin",
    name: "browser.bin",
  };
  const file = { size: sizes["unfinished/browser.bin"], lastModified: fileDate.getTime(), type: "text/plain" };
  const transfers = [{ ...entry, ...file, created: Date.now(), uploadId }];
  await writeFile(join(dir, browserFile), JSON.stringify({ transfers, marks: [{ key: "row-1" }] }, undefined, 2));
}

/** curl is killed when the server has half of the file. */
async function unfinishedOverDoors(): Promise<void> {
  for (const [url, path] of [
    [`sftp://127.0.0.1:${sftp}`, "unfinished/by-sftp.bin"],
    [`sftp://127.0.0.1:${sftp}`, "unfinished/by-winscp.bin.filepart"],
    [`ftp://127.0.0.1:${ftp}`, "unfinished/by-ftp.bin"],
  ] as const) {
    const size = 20 * MiB + 12_345;
    await local(path, size);
    const who = ["-q", "-sS", "-k", "--user", `ann:${passwords.ann}`, "--limit-rate", "10M"];
    await using curl = new Running("curl", [...who, "-T", `local/${path}`, `${url}/${path}`], { cwd: dir });
    await until(async () => ((await confirmed(path)) > 8 * MiB ? true : undefined), path);
    await curl.kill("SIGKILL");
    await rm(join(dir, "local", path));
  }
}

async function confirmed(path: string, user: Account = "ann"): Promise<number> {
  const { uploads: mine = [] }: { uploads?: readonly { path: string; confirmed: number }[] } = await call(
    user,
    "GET",
    "/api/uploads",
  );
  return mine.find((upload) => path.startsWith(upload.path) || upload.path.startsWith(path))?.confirmed ?? 0;
}

async function unfinishedPut(wire: Line): Promise<void> {
  await local("unfinished/put.bin", 6 * MiB + 77);
  wire.left.sent = 4 * MiB;
  await using put = naruOf(
    ["put", "local/unfinished/put.bin", "--to", "unfinished/", "--part-size", "1", "--concurrency", "2"],
    wire.origin,
  );
  await until(async () => ((await confirmed("unfinished/put.bin", "admin")) >= 2 * MiB ? true : undefined), "naru put");
  await put.kill("SIGKILL");
  await rm(join(dir, "local/unfinished"), { recursive: true });
  wire.left.sent = Number.POSITIVE_INFINITY;
}

async function unfinishedGet(wire: Line): Promise<void> {
  wire.left.received = 20 * MiB;
  await using get = naruOf(["get", "done/large.bin", "local/fetched.bin", "--concurrency", "1"], wire.origin);
  const journal = join(dir, "local/fetched.bin.naru-part.json");
  await until(() => readFile(journal).catch(() => undefined), "naru get");
  await get.kill("SIGKILL");
  wire.left.received = Number.POSITIVE_INFINITY;
}

/** The agent has one file from a page, of which some is at the server and some in its spool, and one of its own. */
async function unfinishedAgent(server: Running): Promise<void> {
  const agentOf = (...words: string[]): Running => {
    const env = { NARU_TOKEN: "", NARU_AGENT_DATA: join(dir, "agent") };
    return new Running(process.execPath, [agent, ...words], { cwd: dir, env });
  };
  await using running = agentOf("start", "--headless", "--port", "0");
  await running.printed(/naru-agent \d+ runs/);
  await using pairing = agentOf("pair", origin);
  const [, code = ""] = /Type ([\d-]+)/.exec(await pairing.printed(/Type \d{3}-\d{3} at /)) ?? [];
  await call("ann", "POST", "/api/pairings/confirm", { code: code.replace("-", "") });
  if ((await pairing.exited) !== 0) throw new Error(pairing.output);
  await using settings = agentOf("settings", "--at-once", "3", "--spool-limit", "2048");
  if ((await settings.exited) !== 0) throw new Error(settings.output);
  await using status = agentOf("status", "--json");
  await status.exited;
  const port = Number(JSON.parse(status.output).port);
  const pages: AgentPage[] = [];
  for (const [path, route] of [
    ["unfinished/agent.bin", "auto"],
    ["unfinished/agent-sftp.bin", "sftp"],
  ] as const) {
    // A door's segments are 16 MiB.
    const size = (route === "sftp" ? 40 : 20) * MiB + 5;
    sizes[path] = size;
    const wish = { path, size, modified: fileDate.toISOString(), partSize: MiB };
    const { ticket } = await call("ann", "POST", "/api/tickets", { file: wish, route });
    const file = { name: basename(path), size, modifiedMs: fileDate.getTime() };
    const page = await openAgentPage({ port, origin, ticket: String(ticket), file });
    await page.feed(contentOf(path, size), 0, Math.floor(size / 2));
    await until(async () => ((await confirmed(path)) >= 2 * MiB ? true : undefined), path);
    pages.push(page);
  }
  server.process.kill("SIGSTOP");
  for (const [index, path] of ["unfinished/agent.bin", "unfinished/agent-sftp.bin"].entries()) {
    await pages[index]?.feed(contentOf(path, sizes[path] ?? 0), Math.floor((sizes[path] ?? 0) / 2));
  }
  await until(async () => {
    await using listing = agentOf("list", "--json");
    await listing.exited;
    const views = listing.output
      .trim()
      .split("\n")
      .map((text): { unfed: number } => JSON.parse(text));
    return views.every(({ unfed }) => unfed === 0) || undefined;
  }, "all bytes to be in the spool");
  await running.kill("SIGKILL");
  server.process.kill("SIGCONT");
  for (const page of pages) page.close();
}

/** The server is killed while it renames a folder. */
async function unfinishedRename(server: Running): Promise<void> {
  const numbers = Array.from({ length: renaming }, (_, at) => at).values();
  const put = async (): Promise<void> => {
    for (const at of numbers) await call("ann", "PUT", `/api/files/before/${at % 5}/${at}.txt`, contentOf(`${at}`, 10));
  };
  await Promise.all(Array.from({ length: 8 }, put));
  // This one is whole, and waits for its name.
  await local("unfinished/closed.bin.filepart", 7000);
  await sftpBatch("put local/unfinished/closed.bin.filepart unfinished/closed.bin.filepart");
  await rm(join(dir, "local/unfinished"), { recursive: true });
  const moved = call("ann", "POST", "/api/move", { from: "before/", to: "after/" }).catch(() => undefined);
  await until(async () => ((await list("after/")).length > 0 ? true : undefined), "the first file that is moved");
  await server.kill("SIGKILL");
  await moved;
}

async function pack(): Promise<void> {
  const tar = join(dir, "..", "naru-upgrade.tar");
  const left = [
    "--exclude=*.sock",
    "--exclude=*.log",
    "--sparse",
    "--format=pax",
    "--sort=name",
    "--owner=0",
    "--group=0",
  ];
  await run("tar", ["-cf", tar, ...left, "-C", dir, "."], { cwd: dir });
  await writeFile(archive, await promisify(brotliCompress)(await readFile(tar)));
  await rm(tar);
}
