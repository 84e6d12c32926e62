/** The servers that this user's agent may send to, with its token for each: one file (0600), replaced as a whole. */

import { randomUUID } from "node:crypto";
import { open, readFile, rename } from "node:fs/promises";
import { isTransferError, TransferError } from "@naru/core";

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

  /** Read the file; a missing one is an empty list. @throws {TransferError} `invalid` for one that cannot be read */
  static async open(file: string): Promise<PairedServers> {
    const written = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "[]";
      throw error;
    });
    return new PairedServers(file, serversIn(written, file));
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

function serversIn(text: string, file: string): readonly PairedServer[] {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value.filter(isServer);
  } catch (cause) {
    if (isTransferError(cause)) throw cause;
  }
  throw new TransferError("invalid", `Cannot read "${file}": it is not a list of paired servers`);
}

function isServer(value: unknown): value is PairedServer {
  if (typeof value !== "object" || value === null) return false;
  const has = (name: string, kind: string): boolean => typeof Reflect.get(value, name) === kind;
  return has("origin", "string") && has("user", "string") && has("token", "string") && has("since", "number");
}
