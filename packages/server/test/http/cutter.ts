import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** Of each connection: slow enough for its client to have what has passed, not only the buffers between. */
const bytesPerMs = 8_000;

/** A TCP connection's way to a server that breaks when so many bytes of answers have passed. */
export class Cutter implements AsyncDisposable {
  /** Bytes of answers that have passed. */
  passed = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #cutAt = Number.POSITIVE_INFINITY;
  #cut: () => void = () => undefined;

  private constructor(port: number) {
    this.#server = createServer((near) => {
      if (this.passed >= this.#cutAt) {
        near.resetAndDestroy();
        return;
      }
      const far = connect(port, "127.0.0.1");
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
      near.pipe(far);
      far.on("data", (chunk) => {
        this.#count(chunk.length);
        near.write(chunk);
        far.pause();
        setTimeout(() => far.resume(), chunk.length / bytesPerMs);
      });
      far.on("end", () => near.end());
    });
  }

  static async to(origin: string): Promise<Cutter> {
    const cutter = new Cutter(Number(new URL(origin).port));
    cutter.#server.listen(0, "127.0.0.1");
    await once(cutter.#server, "listening");
    return cutter;
  }

  /** Where clients find the server. */
  get host(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the cutter is not open");
    return `127.0.0.1:${address.port}`;
  }

  /** Count from 0; after so many bytes reset all connections, and every new one until `mend`. */
  cutAfter(bytes: number): Promise<void> {
    this.passed = 0;
    this.#cutAt = bytes;
    return new Promise((resolve) => {
      this.#cut = resolve;
    });
  }

  mend(): void {
    this.#cutAt = Number.POSITIVE_INFINITY;
  }

  #count(bytes: number): void {
    this.passed += bytes;
    if (this.passed < this.#cutAt) return;
    for (const socket of this.#sockets) socket.resetAndDestroy();
    this.#cut();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
