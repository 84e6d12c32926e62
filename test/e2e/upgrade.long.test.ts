/** A folder that an earlier version left with everything half done (`test/upgrade`): today's programs finish it. */

import { mkdir, readFile, utimes, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AgentProgram } from "../harness/agent-program.ts";
import { startChromium } from "../harness/chromium.ts";
import { ConsolePage } from "../harness/console-page.ts";
import { freePort } from "../harness/free-port.ts";
import { fileLine, naru } from "../harness/naru-command.ts";
import { type NaruServer, serveNaru } from "../harness/naru-server.ts";
import { Program } from "../harness/program.ts";
import { contentOf } from "../upgrade/content.ts";
import { browserFile, type Facts, fileDate } from "../upgrade/facts.ts";
import { databaseIn, type OldFolder, openOldFolder } from "../upgrade/old-folder.ts";

const stack = new AsyncDisposableStack();
let folder: OldFolder;
let facts: Facts;
let server: NaruServer;
let ftpPort: number;

beforeAll(async () => {
  folder = stack.use(await openOldFolder());
  facts = folder.facts;
  ftpPort = await freePort();
  const args = ["--sftp", String(folder.sftpPort), "--ftp", String(ftpPort)];
  const store = `file:${folder.file("data", "files")}`;
  server = stack.use(await serveNaru({ dir: folder.file("data"), store, port: folder.port, args }));
});
afterAll(() => stack.disposeAsync());

type Account = keyof Facts["passwords"];

function headersOf(by: string): Record<string, string> {
  const passwords: Readonly<Record<string, string>> = facts.passwords;
  if (by.includes("=")) return { cookie: by };
  if (by in passwords) return { authorization: `Basic ${btoa(`${by}:${passwords[by]}`)}` };
  return { authorization: `Bearer ${by}` };
}

async function call(
  by: string,
  method: string,
  path: string,
  { body, headers = {} }: { body?: object | undefined; headers?: Readonly<Record<string, string>> } = {},
): Promise<Response> {
  const isBytes = body instanceof Uint8Array;
  const type = isBytes ? "application/octet-stream" : "application/json";
  const sent = isBytes ? new Blob([new Uint8Array(body)]) : JSON.stringify(body);
  const given = { ...headersOf(by), ...headers, ...(body && { "content-type": type }) };
  return fetch(folder.origin + path, { method, headers: given, ...(body && { body: sent }) });
}

/** Expect a file to be whole at the server. */
async function expectWhole(path: string, content = path): Promise<void> {
  const answer = await call("ann", "GET", `/api/files/${path}`);
  expect(answer.status).toBe(200);
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(bytes.equals(contentOf(content, facts.sizes[content] ?? 0)), path).toBe(true);
}

/** Write the local file again that was being sent. */
async function localFile(path: string): Promise<string> {
  const file = folder.file("local", path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, contentOf(path, facts.sizes[path] ?? 0));
  await utimes(file, fileDate, fileDate);
  return file;
}

async function run(command: string, ...args: readonly string[]): Promise<string> {
  await using program = new Program(command, args, { cwd: folder.file(), env: { HOME: folder.file() } });
  const code = await program.exited;
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${program.output}`);
  return program.stdout;
}

/** OpenSSH's sftp as ann, by her key; the server must have the host key that it had. */
async function sftp(...commands: readonly string[]): Promise<string> {
  await writeFile(folder.file("batch"), `${commands.join("\n")}\n`);
  const options = [
    ...["BatchMode=yes", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "IdentitiesOnly=yes"],
    ...["IdentityFile=local/id", "LogLevel=ERROR"],
  ].flatMap((option) => ["-o", option]);
  return run("sftp", ...options, "-P", String(folder.sftpPort), "-b", "batch", "ann@127.0.0.1");
}

/** curl at a door, going on where the server is. */
async function curlResumes(url: string, path: string): Promise<void> {
  const file = await localFile(path);
  const who = `ann:${facts.passwords.ann}`;
  await run("curl", "-q", "-sS", "-k", "--user", who, "-C", "-", "-T", file, `${url}/${path}`);
}

/** Bytes that the server has of an upload which came through a door. */
async function held(path: string): Promise<number> {
  const { uploads } = (await (await call("ann", "GET", "/api/uploads")).json()) as {
    uploads: { path: string; confirmed: number }[];
  };
  return uploads.find((upload) => upload.path === path)?.confirmed ?? 0;
}

/** Resume an upload over HTTP: put what has no receipt, and complete it. The numbers of the parts that were there. */
async function finishOverHttp(by: string, path: string): Promise<readonly number[]> {
  const address = `/api/uploads/${facts.uploads[path]}`;
  const size = facts.sizes[path] ?? 0;
  const bytes = contentOf(path, size);
  const resumed = (await (await call(by, "POST", `${address}/resume`)).json()) as {
    epoch: number;
    receipts: { number: number }[];
  };
  const there = resumed.receipts.map(({ number }) => number);
  const headers = { "naru-epoch": String(resumed.epoch) };
  for (let number = 1; (number - 1) * facts.partSize < size; number++) {
    if (there.includes(number)) continue;
    const body = bytes.subarray((number - 1) * facts.partSize, number * facts.partSize);
    expect((await call(by, "PUT", `${address}/parts/${number}`, { body, headers })).status).toBe(200);
  }
  expect((await call(by, "POST", `${address}/complete`, { headers })).status).toBe(200);
  return there;
}

test("accounts sign in, and sessions and tokens are good", async () => {
  const { passwords, tokens, session } = facts;
  for (const [by, user] of [
    ["admin", "admin"],
    ["ann", "ann"],
    [tokens.admin, "admin"],
    [tokens.ann, "ann"],
    [session, "ann"],
  ] as const) {
    const answer = await call(by, "GET", "/api/session");
    expect(answer.status, user).toBe(200);
    expect(await answer.json()).toMatchObject({ user, admin: user === "admin" });
  }
  const body = { user: "ann" satisfies Account, password: passwords.ann };
  expect((await call("ann", "POST", "/api/session", { body })).status).toBe(200);
});

test("the SFTP door has the same host keys, and ann enters by her key", async () => {
  const keys = [...server.output.matchAll(/SHA256:[\w+/]{43}/g)].map(([key]) => key);
  expect(keys.toSorted()).toEqual(facts.hostKeys.toSorted());
  expect(await sftp("ls -1")).toContain("kept-empty");
});

test("files that had arrived are listed with their dates, etags and checksums, and have their bytes", async () => {
  const page = (await (await call("ann", "GET", "/api/files?prefix=done/")).json()) as { files: object[] };
  expect(page.files).toEqual(facts.arrived);
  for (const file of facts.arrived) {
    await expectWhole(file.path);
    const { headers } = await call("ann", "HEAD", `/api/files/${file.path}`);
    const seconds = Math.floor(Date.parse(file.modified) / 1000);
    expect(Date.parse(headers.get("last-modified") ?? "") / 1000, file.path).toBe(seconds);
  }
});

test("an upload over HTTP has the parts that it had, and completes with the others", async () => {
  const path = "unfinished/http.bin";
  expect(await finishOverHttp("ann", path)).toEqual([1, 3]);
  await expectWhole(path);
  const { headers } = await call("ann", "HEAD", `/api/files/${path}`);
  expect(headers.get("last-modified")).toBe(fileDate.toUTCString());
});

test("a token for one upload completes it, and is good for nothing else", async () => {
  expect((await call(facts.uploadToken, "GET", "/api/files")).status).toBe(403);
  expect(await finishOverHttp(facts.uploadToken, "unfinished/token.bin")).toEqual([1]);
  await expectWhole("unfinished/token.bin");
});

test("a paired agent redeems tickets", async () => {
  const file = { path: "unfinished/redeemed.bin", size: 5 };
  const issued = (await (await call("ann", "POST", "/api/tickets", { body: { file } })).json()) as { ticket: string };
  const answer = await call(facts.agentToken, "POST", "/api/tickets/redeem", { body: { ticket: issued.ticket } });
  expect(await answer.json()).toMatchObject({ by: "http", user: "ann" });
});

test("what was cut over SFTP, over FTP and under WinSCP's name resumes at its end", async () => {
  const [bySftp, byFtp, partial] = ["by-sftp.bin", "by-ftp.bin", "by-winscp.bin.filepart"].map(
    (name) => `unfinished/${name}`,
  ) as [string, string, string];
  for (const path of [bySftp, byFtp, partial]) expect(await held(path), path).toBeGreaterThan(8 * 2 ** 20);
  await curlResumes(`sftp://127.0.0.1:${folder.sftpPort}`, bySftp);
  await curlResumes(`ftp://127.0.0.1:${ftpPort}`, byFtp);
  await curlResumes(`sftp://127.0.0.1:${folder.sftpPort}`, partial);
  await sftp(`rename ${partial} unfinished/by-winscp.bin`);
  await expectWhole(bySftp);
  await expectWhole(byFtp);
  await expectWhole("unfinished/by-winscp.bin", partial);
});

test("a closed file that waited for its final name gets it", async () => {
  await sftp("rename unfinished/closed.bin.filepart unfinished/closed.bin");
  await expectWhole("unfinished/closed.bin", "unfinished/closed.bin.filepart");
});

test("naru put resumes by its journal", async () => {
  const path = "unfinished/put.bin";
  const file = await localFile(path);
  const url = folder.origin.replace("//", `//admin:${facts.passwords.admin}@`);
  const args = ["put", file, "--to", "unfinished/", "--json"];
  const sent = fileLine(await naru(url, args, folder.file()));
  expect(sent.partsSkipped).toBeGreaterThanOrEqual(2);
  await expectWhole(path);
});

test("naru get keeps what it had of a file", async () => {
  const file = folder.file("local", "fetched.bin");
  const url = folder.origin.replace("//", `//admin:${facts.passwords.admin}@`);
  const got = fileLine(await naru(url, ["get", "done/large.bin", file, "--json"], folder.file()));
  expect(got.partsSkipped).toBe(1);
  expect((await readFile(file)).equals(contentOf("done/large.bin", facts.sizes["done/large.bin"] ?? 0))).toBe(true);
});

test("the agent is paired still, and sends from its spool what the browser had handed over, by HTTP and SFTP", async () => {
  await using agent = await AgentProgram.start(folder.file("agent"));
  expect(await agent.run("pair")).toContain(folder.origin);
  expect(JSON.parse(await agent.run("settings", "--json"))).toMatchObject({ atOnce: 3 });
  await expect.poll(() => agent.transfers.map(({ state }) => state)).toEqual(["done", "done"]);
  for (const { partsSkipped } of agent.transfers) expect(partsSkipped).toBeGreaterThan(0);
  await expectWhole("unfinished/agent.bin");
  await expectWhole("unfinished/agent-sftp.bin");
});

test("the folder whose rename was cut off is whole under its new name", async () => {
  const filesIn = async (prefix: string): Promise<number> => {
    const page = await call("ann", "GET", `/api/files?prefix=${prefix}&limit=1000`);
    return ((await page.json()) as { files: unknown[] }).files.length;
  };
  await expect.poll(() => filesIn("before/")).toBe(0);
  expect(await filesIn("after/")).toBe(facts.renaming);
});

test("the browser shows the transfer of its journal, and finishes it when the file is chosen again", async () => {
  const path = "unfinished/browser.bin";
  const journal = JSON.parse(await readFile(folder.file(browserFile), "utf8")) as BrowserJournal;
  await using chromium = await startChromium({ profile: folder.file("profile") });
  const page = await chromium.newPage();
  // A page of the same origin without our code: the databases are there before it opens them.
  await page.goto(`${folder.origin}/readyz`);
  await page.evaluate(writeJournal, journal);
  const console = await ConsolePage.open(page, folder.origin, facts.passwords.admin);
  await console.waitState(path, "needs-file");
  await console.chooseAgain(path, await localFile(path));
  await console.waitState(path, "done");
  await expectWhole(path);
});

test("an older program refuses a newer folder in words", async () => {
  await using newer = await openOldFolder();
  for (const names of [
    ["data", "naru.db"],
    ["agent", "agent.db"],
  ]) {
    const database = databaseIn(newer, ...names);
    database.exec("PRAGMA user_version = 9999");
    database.close();
  }
  const place = { dir: newer.file("data"), store: `file:${newer.file("data", "files")}` };
  await expect(serveNaru(place)).rejects.toThrow("a newer Naru wrote it (version 9999");
  await expect(AgentProgram.start(newer.file("agent"))).rejects.toThrow("a newer Naru wrote it (version 9999");
});

interface BrowserJournal {
  readonly transfers: readonly object[];
  readonly marks: readonly object[];
}

/** Make the databases as they were made, and write rows; runs in the page. */
async function writeJournal({ transfers, marks }: BrowserJournal): Promise<void> {
  const write = (name: string, store: string, rows: readonly object[]): Promise<void> =>
    new Promise((resolve, reject) => {
      const opening = indexedDB.open(name, 1);
      opening.onupgradeneeded = () => {
        const made = opening.result.createObjectStore(store, { keyPath: "key" });
        if (store === "transfers") made.createIndex("user", "user");
      };
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const change = opening.result.transaction(store, "readwrite");
        for (const row of rows) change.objectStore(store).put(row);
        change.oncomplete = () => {
          opening.result.close();
          resolve();
        };
      };
    });
  await write("naru", "transfers", transfers);
  await write("naru-marks", "marks", marks);
}
