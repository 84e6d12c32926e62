import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from "node:tls";
import { password, user } from "./opened-ftp.ts";

/** A client that sends what it is told, byte by byte, and reads replies: for what no real client would do. */
export class RawClient implements Disposable {
  readonly port: number;
  readonly host: string;
  socket: Socket;
  #text = "";
  #ended = false;
  #wake: (() => void) | undefined;

  constructor(port: number, { host = "127.0.0.1" } = {}) {
    this.port = port;
    this.host = host;
    this.socket = connect({ port, host });
    this.#listen(this.socket);
  }

  /** Connect, and sign in. */
  static async open(port: number): Promise<RawClient> {
    const client = new RawClient(port);
    await client.reply();
    await client.ask(`USER ${user}`);
    await client.ask(`PASS ${password}`);
    return client;
  }

  send(bytes: string | Uint8Array): void {
    this.socket.write(bytes);
  }

  /** The next reply, whole, or "" when the connection has ended. */
  async reply(): Promise<string> {
    for (;;) {
      const [whole] = /^(?:(\d{3})-[\s\S]*?\r\n\1 [^\r]*\r\n|\d{3} [^\r]*\r\n)/u.exec(this.#text) ?? [];
      if (whole !== undefined) {
        this.#text = this.#text.slice(whole.length);
        return whole.trimEnd();
      }
      if (this.#ended) return "";
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async ask(line: string): Promise<string> {
    this.send(`${line}\r\n`);
    return await this.reply();
  }

  async passivePort(): Promise<number> {
    const [, port] = /\|\|\|(\d+)\|/u.exec(await this.ask("EPSV")) ?? [];
    return Number(port);
  }

  /** Open the data connection of the next transfer. */
  async data(): Promise<Socket> {
    const socket = connect({ port: await this.passivePort(), host: this.host });
    socket.on("error", () => undefined);
    await once(socket, "connect");
    return socket;
  }

  /** Begin TLS; gives the session that a data connection may resume. */
  async secure(options: ConnectionOptions = {}): Promise<TLSSocket> {
    await this.ask("AUTH TLS");
    this.socket.removeAllListeners("data");
    const socket = connectTls({ socket: this.socket, rejectUnauthorized: false, ...options });
    this.socket = socket;
    this.#listen(socket);
    await once(socket, "secureConnect");
    return socket;
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }

  #listen(socket: Socket): void {
    socket.on("data", (bytes: Buffer) => {
      this.#text += bytes.toString("utf8");
      this.#wake?.();
    });
    const end = (): void => {
      this.#ended = true;
      this.#wake?.();
    };
    socket.on("close", end);
    socket.on("error", end);
  }
}

/** Read a data connection to its end. */
export async function readAll(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  return Buffer.concat(chunks);
}
