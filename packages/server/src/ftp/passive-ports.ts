import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { FtpFault } from "./reply.ts";

/** Ports for data connections, both ends included; 0 to 0 lets the system choose. */
export interface PassiveRange {
  readonly from: number;
  readonly to: number;
}

/** Listens on free ports of a range. */
export class PassivePorts {
  readonly #range: PassiveRange;
  /** Where the next search begins, so that a port just given back rests. */
  #next: number;

  constructor(range: PassiveRange) {
    if (range.from > range.to)
      throw new RangeError(`Cannot use the passive ports ${range.from}-${range.to}: the range is empty`);
    this.#range = range;
    this.#next = range.from;
  }

  /** Listen for one connection on `host`. @throws {FtpFault} 425 if every port of the range is taken */
  async listen(host: string): Promise<Server> {
    const { from, to } = this.#range;
    const count = to - from + 1;
    for (let tried = 0; tried < count; tried += 1) {
      const port = this.#next;
      this.#next = port === to ? from : port + 1;
      const server = createServer({ pauseOnConnect: true });
      if (await listens(server, host, port)) return server;
    }
    throw new FtpFault(425, `Cannot open a data connection: all of the ${count} passive ports are taken`);
  }
}

async function listens(server: Server, host: string, port: number): Promise<boolean> {
  try {
    const listening = once(server, "listening");
    server.listen({ host, port });
    await listening;
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") return false;
    throw error;
  }
}
