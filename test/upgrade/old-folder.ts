/** The kept folder, unpacked here: put where it is now, at a time that is now. */

import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";
import { freePort } from "../harness/free-port.ts";
import { Program } from "../harness/program.ts";
import { type Facts, factsFile } from "./facts.ts";

export interface OldFolder extends AsyncDisposable {
  readonly facts: Facts;
  readonly port: number;
  readonly sftpPort: number;
  readonly origin: string;
  file(...names: readonly string[]): string;
}

const archive = new URL("09f1389.tar.br", import.meta.url);

/** Unpack it. What it says of ports, folders and times is brought up to date, before any program of today opens it. */
export async function openOldFolder(): Promise<OldFolder> {
  const dir = await mkdtemp(join(tmpdir(), "naru-upgraded-"));
  const tar = join(dir, "folder.tar");
  await writeFile(tar, await promisify(brotliDecompress)(await readFile(archive)));
  await using unpacking = new Program("tar", ["-xf", tar, "-C", dir]);
  if ((await unpacking.exited) !== 0) throw new Error(unpacking.output);
  await rm(tar);
  // The script that made it wrote this file.
  const facts = JSON.parse(await readFile(join(dir, factsFile), "utf8")) as Facts;
  const [port, sftpPort] = [await freePort(), await freePort()];
  const folder: OldFolder = {
    facts,
    port,
    sftpPort,
    origin: `http://127.0.0.1:${port}`,
    file: (...names) => join(dir, ...names),
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true, maxRetries: 5 }),
  };
  bringToNow(folder);
  await moveAgent(folder);
  await moveCommandLine(folder);
  return folder;
}

/** Open a database of it. */
export function databaseIn(folder: OldFolder, ...names: readonly string[]): DatabaseSync {
  return new DatabaseSync(folder.file(...names));
}

/** Nothing has expired since it was made. */
function bringToNow(folder: OldFolder): void {
  const database = databaseIn(folder, "data", "naru.db");
  const passed = Date.now() - folder.facts.made;
  database.prepare("UPDATE uploads SET created = created + ?, expires = expires + ?").run(passed, passed);
  const secrets = "UPDATE secrets SET created = created + ?, used = used + ?, expires = expires + ?";
  database.prepare(secrets).run(passed, passed, passed);
  database.prepare("UPDATE folder_moves SET begun = begun + ?").run(passed);
  database.prepare("UPDATE arrivals SET finished = finished + ?").run(passed);
  database.close();
}

async function moveAgent(folder: OldFolder): Promise<void> {
  const { facts, origin, sftpPort } = folder;
  const servers = folder.file("agent", "paired-servers.json");
  await writeFile(servers, (await readFile(servers, "utf8")).replaceAll(facts.origin, origin), { mode: 0o600 });
  const database = databaseIn(folder, "agent", "agent.db");
  const entries = database.prepare("UPDATE transfers SET entry = replace(replace(entry, ?, ?), ?, ?)");
  entries.run(facts.origin, origin, `"port":${facts.sftpPort},`, `"port":${sftpPort},`);
  const keys = database.prepare("UPDATE settings SET name = replace(name, ?, ?), value = replace(value, ?, ?)");
  keys.run(`:${facts.sftpPort}`, `:${sftpPort}`, facts.dir, folder.file());
  database.close();
}

/** The command line finds what it remembers of a file by server, user, path and file. */
async function moveCommandLine(folder: OldFolder): Promise<void> {
  const states = folder.file("state", "naru");
  const journals = (await readdir(states, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  for (const { parentPath, name } of journals) {
    const file = join(parentPath, name);
    const text = await readFile(file, "utf8");
    const path = /local\/(unfinished\/[^"]+)/.exec(text)?.[1] ?? "";
    const key = (origin: string, dir: string): string =>
      `${createHash("sha256").update(`${origin} admin ${path} ${dir}/local/${path}`).digest("hex")}.json`;
    if (name !== key(folder.facts.lineOrigin, folder.facts.dir)) throw new Error(`nobody knows the journal ${name}`);
    await writeFile(file, text.replaceAll(folder.facts.dir, folder.file()));
    await rename(file, join(parentPath, key(folder.origin, folder.file())));
  }
}
