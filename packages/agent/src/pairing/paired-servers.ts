/** The servers that this user's agent may send to, with its token for each: one file (0600), replaced as a whole. */

import { randomUUID } from "node:crypto";
import { open, readFile, rename, stat } from "node:fs/promises";

/** A server that the agent is paired with. */
export interface PairedServer {
  /** Of the server and its pages, e.g. `https://files.example.com`. */
  readonly origin: string;
  readonly user: string;
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** The paired servers, by origin. */
export class PairedServers {
  readonly #file: string;
  readonly #servers: Map<string, PairedServer>;
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: string, servers: readonly PairedServer[]) {
    this.#file = file;
    this.#servers = new Map(servers.map((server) => [server.origin, server]));
  }

  /** Read the file; a missing one is an empty list. One that is broken is kept aside, and gives what can be read of it. */
  static async open(file: string, { log }: { readonly log: (line: string) => void }): Promise<PairedServers> {
    const { servers, isWhole } = await readServers(file);
    const opened = new PairedServers(file, servers);
    if (isWhole) return opened;
    log(
      `Cannot read all of "${file}": the old file is kept as "${await keepAside(file)}"; pair the missing servers again`,
    );
    if (servers.length > 0) await opened.#save();
    return opened;
  }

  get(origin: string): PairedServer | undefined {
    return this.#servers.get(origin);
  }

  list(): readonly PairedServer[] {
    return [...this.#servers.values()];
  }

  /** Remember a server, on disk when it resolves. */
  async add(server: PairedServer): Promise<void> {
    this.#servers.set(server.origin, server);
    await this.#save();
  }

  /** Forget a server; a missing one is fine. */
  async remove(origin: string): Promise<void> {
    if (this.#servers.delete(origin)) await this.#save();
  }

  #save(): Promise<void> {
    const writing = this.#writing.then(() => replace(this.#file, JSON.stringify(this.list())));
    this.#writing = writing.catch(() => undefined);
    return writing;
  }
}

async function replace(file: string, text: string): Promise<void> {
  const beside = `${file}.${randomUUID()}`;
  const handle = await open(beside, "wx", 0o600);
  await handle.writeFile(text);
  await handle.sync();
  await handle.close();
  await rename(beside, file);
}

/** Give a broken file another name, which no earlier one has. */
async function keepAside(file: string): Promise<string> {
  const usual = `${file}.broken`;
  const isTaken = await stat(usual).then(
    () => true,
    () => false,
  );
  const aside = isTaken ? `${usual}-${Date.now()}` : usual;
  await rename(file, aside);
  return aside;
}

interface Read {
  readonly servers: readonly PairedServer[];
  readonly isWhole: boolean;
}

async function readServers(file: string): Promise<Read> {
  try {
    const value: unknown = JSON.parse(await readFile(file, "utf8"));
    if (!Array.isArray(value)) return { servers: [], isWhole: false };
    const servers = value.filter(isServer);
    return { servers, isWhole: servers.length === value.length };
  } catch (error) {
    // Its words are not told on: they may have a piece of a token in them.
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    return { servers: [], isWhole: isMissing };
  }
}

function isServer(value: unknown): value is PairedServer {
  if (typeof value !== "object" || value === null) return false;
  const has = (name: string, kind: string): boolean => typeof Reflect.get(value, name) === kind;
  return has("origin", "string") && has("user", "string") && has("token", "string") && has("since", "number");
}
