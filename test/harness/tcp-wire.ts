/** A TCP connection's way, of whatever protocol: counts what clients send. */

import { once } from "node:events";
import { connect, createServer, type Server } from "node:net";

export class TcpWire implements AsyncDisposable {
  /** Bytes that clients have sent so far. */
  sent = 0;
  readonly #server: Server;

  private constructor(port: number) {
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
      const far = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
      near.on("data", (chunk) => {
        this.sent += chunk.length;
      });
      near.pipe(far).pipe(near);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        one.on("error", () => other.destroy());
        one.on("close", () => other.destroySoon());
      }
    });
  }

  /** Lay a wire to a port of this machine. */
  static async to(port: number): Promise<TcpWire> {
    const wire = new TcpWire(port);
    wire.#server.listen(0, "127.0.0.1");
    await once(wire.#server, "listening");
    return wire;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("Cannot tell the wire's port: it is not open");
    return address.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
  }
}
