/**
 * A server with all of its doors over one store, and stock clients that use them: fetch, ssh2's SFTP client and curl. What
 * the server reports is read from its database, as a process beside it would.
 */

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { batchContentType, type ConflictPolicy, type Files, type Store } from "@naru/core";
import ssh2, { type SFTPWrapper } from "ssh2";
import { type FileEvent, FileEvents } from "../../src/catalogue/file-events.ts";
import type { Mount } from "../../src/catalogue/mount-table.ts";
import { openDatabase } from "../../src/database/database.ts";
import { silentLog } from "../../src/logger.ts";
import { createServer } from "../../src/server.ts";
import { Client } from "../http/client.ts";
import { tempFolder } from "../stores/temp-folder.ts";

const user = "admin";
const password = "every-door";
const anyPort = { host: "127.0.0.1", port: 0 };

export type Bytes = Buffer<ArrayBuffer>;

/** Start a server over a store. */
export async function openEveryDoor(store: Store & Files, mounts: readonly Mount[] = []) {
  const folder = await tempFolder();
  const dataDir = join(folder.path, "data");
  const server = await createServer({
    store,
    mounts,
    dataDir,
    logger: silentLog(),
    adminPassword: password,
    http: anyPort,
    sftp: { ...anyPort, keysDir: join(folder.path, "keys") },
    ftp: anyPort,
  });
  await server.listen();
  const portOf = (kind: string): number => server.doors.find((door) => door.kind === kind)?.port ?? 0;
  const ssh = new ssh2.Client();
  // The server closes before it does.
  ssh.on("error", () => undefined);
  const ready = once(ssh, "ready");
  ssh.connect({ host: "127.0.0.1", port: portOf("sftp"), username: user, password });
  await ready;
  const db = openDatabase(join(dataDir, "naru.db"));
  const events = new FileEvents(db, { now: Date.now, log: silentLog() });
  const all = {
    store,
    server,
    http: Client.basic(server.origin, user, password),
    sftp: sftpClient(await promisify<SFTPWrapper>((done) => ssh.sftp(done))()),
    ftp: ftpClient(portOf("ftp"), folder.path),
    /** What was reported of paths that begin so, oldest first. */
    events: async (prefix: string): Promise<readonly FileEvent[]> =>
      (await events.since(0, { limit: 100_000 })).filter(({ path }) => path.startsWith(prefix)),
    async [Symbol.asyncDispose]() {
      ssh.end();
      await server.close();
      await db.destroy();
      await folder[Symbol.asyncDispose]();
    },
  };
  return all;
}

export type EveryDoor = Awaited<ReturnType<typeof openEveryDoor>>;

export interface HeldLooks {
  readonly store: Store & Files;
  /** Hold the next look at a path back, after it was answered: whoever looked acts on what was so. */
  hold(path: string): { readonly reached: Promise<void>; open(): void };
}

/** A store whose looks at a path can be held. */
export function heldLooks(store: Store & Files): HeldLooks {
  const gates = new Map<string, { readonly reached: () => void; readonly opened: Promise<void> }>();
  const stat = store.stat.bind(store);
  store.stat = async (path, options) => {
    const found = await stat(path, options);
    const gate = gates.get(path);
    gates.delete(path);
    gate?.reached();
    await gate?.opened;
    return found;
  };
  return {
    store,
    hold: (path) => {
      const [reached, opened] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      gates.set(path, { reached: reached.resolve, opened: opened.promise });
      return { reached: reached.promise, open: opened.resolve };
    },
  };
}

/** Calls of ssh2's SFTP client as promises. */
function sftpClient(sftp: SFTPWrapper) {
  const call = <T>(
    work: (done: (error: Error | null | undefined, result?: T) => void) => void,
  ): Promise<T | undefined> =>
    new Promise((resolve, reject) => work((error, result) => (error ? reject(error) : resolve(result))));
  return {
    put: (path: string, bytes: Buffer) => call<void>((done) => sftp.writeFile(path, bytes, done)),
    get: (path: string) => call<Buffer>((done) => sftp.readFile(path, done)),
    date: (path: string, at: Date) => call<void>((done) => sftp.utimes(path, at, at, done)),
    stat: async (path: string) => (await call<{ mtime: number }>((done) => sftp.stat(path, done)))?.mtime,
    list: async (path: string) =>
      ((await call<{ filename: string; attrs: { mtime: number } }[]>((done) => sftp.readdir(path, done))) ?? []).map(
        ({ attrs, filename }) => ({ name: filename, mtime: attrs.mtime }),
      ),
    rename: (from: string, to: string) => call<void>((done) => sftp.rename(from, to, done)),
    replace: (from: string, to: string) => call<void>((done) => sftp.ext_openssh_rename(from, to, done)),
    remove: (path: string) => call<void>((done) => sftp.unlink(path, done)),
    makeFolder: (path: string) => call<void>((done) => sftp.mkdir(path, done)),
    removeFolder: (path: string) => call<void>((done) => sftp.rmdir(path, done)),
  };
}

/** curl, which speaks FTP. */
function ftpClient(port: number, folder: string) {
  const base = `ftp://127.0.0.1:${port}/`;
  let count = 0;
  async function curl(...args: readonly string[]): Promise<string> {
    const how = ["--silent", "--show-error", "--user", `${user}:${password}`, "--globoff"];
    const { stdout } = await promisify(execFile)("curl", [...how, ...args]);
    return stdout;
  }
  const quote = (...lines: readonly string[]): Promise<string> => curl(...lines.flatMap((line) => ["-Q", line]), base);
  return {
    put: async (path: string, bytes: Buffer, modified?: Date) => {
      const file = join(folder, `ftp-${count++}`);
      await writeFile(file, bytes);
      const date = modified === undefined ? [] : ["-Q", `-MFMT ${stamp(modified)} /${path}`];
      await curl("--ftp-create-dirs", "-T", file, ...date, base + encode(path));
    },
    /** By MDTM. */
    stat: async (path: string) => {
      const head = await curl("-I", base + encode(path));
      return Math.floor(Date.parse(/^Last-Modified: (.*)$/mu.exec(head)?.[1]?.trim() ?? "") / 1000);
    },
    list: async (path: string) => {
      const lines = (await curl("-X", "MLSD", `${base}${path}/`)).trim().split(/\r?\n/u);
      return lines.flatMap((line) => {
        const [, facts = "", name = ""] = /^(\S*) (.*)$/u.exec(line) ?? [];
        const [, at = ""] = /modify=(\d{14})/u.exec(facts) ?? [];
        return /type=(cdir|pdir)/u.test(facts) || name === "" ? [] : [{ name, mtime: secondsOf(at) }];
      });
    },
    rename: (from: string, to: string) => quote(`RNFR /${from}`, `RNTO /${to}`),
    remove: (path: string) => quote(`DELE /${path}`),
    makeFolder: (path: string) => quote(`MKD /${path}`),
    removeFolder: (path: string) => quote(`RMD /${path}`),
  };
}

function encode(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

function stamp(date: Date): string {
  return date.toISOString().replaceAll(/[-:T]|\..*/gu, "");
}

function secondsOf(text: string): number {
  const [, year, month, day, hour, minute, second] = /^(....)(..)(..)(..)(..)(..)$/u.exec(text) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) / 1000;
}

/** How a file is sent; where it has come to, or the code of what refused it. */
export interface Way {
  readonly door: string;
  /** It can say when the file was modified. */
  readonly dates: boolean;
  /** It takes several calls. */
  readonly begins: boolean;
  readonly send: (all: EveryDoor, path: string, bytes: Bytes, modified?: Date) => Promise<string>;
}

async function answerOf(answer: Promise<Response>): Promise<string> {
  const said = (await (await answer).json()) as { path?: string; code?: string };
  return said.path ?? said.code ?? "nothing";
}

/** Begin an upload; what is returned ends it. */
export async function beginUpload(
  { http }: EveryDoor,
  path: string,
  bytes: Bytes,
  {
    conflict = "rename",
    modified,
    direct = false,
  }: { conflict?: ConflictPolicy; modified?: Date; direct?: boolean } = {},
): Promise<() => Promise<string>> {
  const { id, partSize } = await http.create({ path, size: bytes.length, conflict, modified: modified?.toISOString() });
  for (let at = 0, number = 1; at < bytes.length; at += partSize, number += 1) {
    const part = bytes.subarray(at, at + partSize);
    if (!direct) await http.put(id, number, part);
    else {
      const md5 = createHash("md5").update(part).digest("hex");
      const signed = await http.json("POST", `/api/uploads/${id}/parts`, { parts: [{ number, md5 }] });
      const { parts } = (await signed.json()) as { parts: { url: string; headers: Record<string, string> }[] };
      const { url = "", headers = {} } = parts[0] ?? {};
      const answer = await fetch(url, { method: "PUT", body: part, headers });
      if (!answer.ok) throw new Error(`The bucket answers ${answer.status}`);
    }
  }
  return () => answerOf(http.json("POST", `/api/uploads/${id}/complete`, {}));
}

const upload =
  (direct: boolean): Way["send"] =>
  async (all, path, bytes, modified) => {
    const end = await beginUpload(all, path, bytes, { conflict: "overwrite", direct, ...(modified && { modified }) });
    return end();
  };

const batch: Way["send"] = async ({ http }, path, bytes, modified) => {
  const md5 = createHash("md5").update(bytes).digest("hex");
  const file = { path, size: bytes.length, md5, conflict: "overwrite", modified: modified?.toISOString() };
  const manifest = Buffer.from(JSON.stringify({ files: [file] }));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(manifest.length);
  const body = new Blob([length, manifest, bytes]);
  const answer = await http.call("POST", "/api/batch", { body, headers: { "content-type": batchContentType } });
  const { results } = (await answer.json()) as { results: { file?: { path: string }; error?: { code: string } }[] };
  return results[0]?.file?.path ?? results[0]?.error?.code ?? "nothing";
};

const form: Way["send"] = async ({ http }, path, bytes) => {
  const slash = path.lastIndexOf("/");
  const body = new FormData();
  body.set("file", new Blob([bytes]), path.slice(slash + 1));
  const to = path.slice(0, Math.max(0, slash));
  const answer = await http.call("POST", `/api/files?to=${encodeURIComponent(to)}`, { body });
  const { files } = (await answer.json()) as { files: { path: string }[] };
  return files[0]?.path ?? "nothing";
};

export const httpWays: Readonly<Record<string, Way>> = {
  "an upload through the server": { door: "http", dates: true, begins: true, send: upload(false) },
  "a PUT": {
    door: "http",
    dates: false,
    begins: false,
    send: ({ http }, path, bytes) => answerOf(http.call("PUT", `/api/files/${encode(path)}`, { body: bytes })),
  },
  "a batch": { door: "http", dates: true, begins: false, send: batch },
  "a form": { door: "http", dates: false, begins: false, send: form },
};

export const directWay: Way = { door: "http", dates: true, begins: true, send: upload(true) };

export const otherWays: Readonly<Record<string, Way>> = {
  SFTP: {
    door: "sftp",
    dates: true,
    begins: false,
    send: async ({ sftp }, path, bytes, modified) => {
      await sftp.put(`/${path}`, bytes);
      if (modified) await sftp.date(`/${path}`, modified);
      return path;
    },
  },
  "SFTP, by a temporary name": {
    door: "sftp",
    dates: true,
    begins: false,
    send: async ({ sftp }, path, bytes, modified) => {
      await sftp.put(`/${path}.filepart`, bytes);
      if (modified) await sftp.date(`/${path}.filepart`, modified);
      await sftp.replace(`/${path}.filepart`, `/${path}`);
      return path;
    },
  },
  FTP: {
    door: "ftp",
    dates: true,
    begins: false,
    send: async ({ ftp }, path, bytes, modified) => {
      await ftp.put(path, bytes, modified);
      return path;
    },
  },
};

/** How files and folders are changed. */
interface Changes {
  readonly door: string;
  readonly rename: (all: EveryDoor, from: string, to: string, isFolder?: boolean) => Promise<unknown>;
  readonly remove: (all: EveryDoor, path: string) => Promise<unknown>;
  readonly makeFolder: (all: EveryDoor, path: string) => Promise<unknown>;
  readonly removeFolder: (all: EveryDoor, path: string) => Promise<unknown>;
}

async function fine(answer: Promise<Response>): Promise<void> {
  const { ok, status } = await answer;
  if (!ok) throw new Error(`The server answers ${status}`);
}

export const changes: Readonly<Record<string, Changes>> = {
  HTTP: {
    door: "http",
    rename: ({ http }, from, to, isFolder = false) => {
      const slash = isFolder ? "/" : "";
      return fine(http.json("POST", "/api/move", { from: from + slash, to: to + slash }));
    },
    remove: ({ http }, path) => fine(http.call("DELETE", `/api/files/${encode(path)}`)),
    makeFolder: ({ http }, path) => fine(http.call("PUT", `/api/folders/${encode(path)}`)),
    removeFolder: ({ http }, path) => fine(http.call("DELETE", `/api/folders/${encode(path)}`)),
  },
  SFTP: {
    door: "sftp",
    rename: ({ sftp }, from, to) => sftp.rename(`/${from}`, `/${to}`),
    remove: ({ sftp }, path) => sftp.remove(`/${path}`),
    makeFolder: ({ sftp }, path) => sftp.makeFolder(`/${path}`),
    removeFolder: ({ sftp }, path) => sftp.removeFolder(`/${path}`),
  },
  FTP: {
    door: "ftp",
    rename: ({ ftp }, from, to) => ftp.rename(from, to),
    remove: ({ ftp }, path) => ftp.remove(path),
    makeFolder: ({ ftp }, path) => ftp.makeFolder(path),
    removeFolder: ({ ftp }, path) => ftp.removeFolder(path),
  },
};

/** Every date that is told of a file, in seconds, by who was asked. */
export async function datesOf(
  { http, sftp, ftp }: EveryDoor,
  path: string,
): Promise<Readonly<Record<string, unknown>>> {
  const slash = path.lastIndexOf("/");
  const [folder, name] = [path.slice(0, Math.max(0, slash)), path.slice(slash + 1)];
  const url = `/api/files/${encode(path)}`;
  const seconds = (text: string | null | undefined): number => Math.floor(Date.parse(text ?? "") / 1000);
  const json = async (
    answer: Promise<Response>,
  ): Promise<{ modified: string; files: { path: string; modified: string }[] }> =>
    (await (await answer).json()) as { modified: string; files: { path: string; modified: string }[] };
  const listed = await json(http.call("GET", `/api/files?prefix=${encodeURIComponent(folder)}&limit=1000`));
  const get = await http.call("GET", url);
  await get.arrayBuffer();
  const one = (rows: readonly { name: string; mtime: number }[]): unknown => {
    const found = rows.filter((row) => row.name === name).map(({ mtime }) => mtime);
    return found.length === 1 ? found[0] : found;
  };
  return {
    "HTTP list": one(listed.files.map((file) => ({ name: file.path.slice(slash + 1), mtime: seconds(file.modified) }))),
    "HTTP stat": seconds((await json(http.call("GET", `${url}?stat`))).modified),
    "HTTP GET": seconds(get.headers.get("last-modified")),
    "HTTP HEAD": seconds((await http.call("HEAD", url)).headers.get("last-modified")),
    "SFTP ls": one(await sftp.list(`/${folder}`)),
    "SFTP stat": await sftp.stat(`/${path}`),
    "FTP MLSD": one(await ftp.list(folder)),
    "FTP MDTM": await ftp.stat(path),
  };
}

/** An event without what differs from run to run. */
export function plain({ kind, entry, path, from, by }: FileEvent): string {
  const where = from === undefined ? path : `${from} -> ${path}`;
  return `${by.door}: ${entry} ${where} ${kind}`;
}
