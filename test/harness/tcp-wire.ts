/** A TCP connection's way, of whatever protocol: counts what clients send, and can be cut. */

import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { PassThrough, Transform } from "node:stream";

interface TcpWireOptions {
  /** Where the server is. */
  readonly host?: string;
  /** The port that clients find; default: any free one. */
  readonly at?: number;
  /** How long bytes are under way, to there and back. */
  readonly roundTripMs?: number;
}

/** Passes on what comes, so much later. */
function late(ms: number): Transform {
  if (ms === 0) return new PassThrough();
  return new Transform({
    transform(chunk, _encoding, taken) {
      setTimeout(() => this.push(chunk), ms);
      taken();
    },
    flush(done) {
      setTimeout(done, ms);
    },
  });
}

export class TcpWire implements AsyncDisposable {
  /** Bytes that clients have sent so far. */
  sent = 0;
  /** How many connections there were. */
  connections = 0;
  /** The most of them at once. */
  mostAtOnce = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #watchers = new Set<() => void>();
  #isCut = false;

  private constructor(port: number, { host = "127.0.0.1", roundTripMs = 0 }: TcpWireOptions) {
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
      if (this.#isCut) {
        near.resetAndDestroy();
        return;
      }
      const far = connect({ port, host, allowHalfOpen: true, noDelay: true });
      near.on("data", (chunk) => {
        this.sent += chunk.length;
        for (const watcher of [...this.#watchers]) watcher();
      });
      near.pipe(late(roundTripMs / 2)).pipe(far);
      far.pipe(late(roundTripMs / 2)).pipe(near);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(one);
        one.on("error", () => other.destroy());
        one.on("close", () => {
          this.#sockets.delete(one);
          other.destroySoon();
        });
      }
      this.connections += 1;
      this.mostAtOnce = Math.max(this.mostAtOnce, this.#sockets.size / 2);
    });
  }

  /** Lay a wire to a port of this machine. */
  static async to(port: number, options: TcpWireOptions = {}): Promise<TcpWire> {
    const wire = new TcpWire(port, options);
    wire.#server.listen(options.at ?? 0, "127.0.0.1");
    await once(wire.#server, "listening");
    return wire;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("Cannot tell the wire's port: it is not open");
    return address.port;
  }

  /** Wait until clients have sent more than this. */
  async sentMore(bytes: number): Promise<void> {
    if (this.sent > bytes) return;
    let look = (): void => undefined;
    const passed = new Promise<void>((resolve) => {
      look = () => {
        if (this.sent > bytes) resolve();
      };
    });
    this.#watchers.add(look);
    await passed.finally(() => this.#watchers.delete(look));
  }

  /** Reset every connection, and every new one until `restore`. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  restore(): void {
    this.#isCut = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
  }
}
