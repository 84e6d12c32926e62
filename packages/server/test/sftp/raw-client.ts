/** An SFTP client that sends what it is told, however wrong. */

import { once } from "node:events";
import { openFlag, packetType } from "@naru/core/sftp-v3";
import ssh2, { type ClientChannel } from "ssh2";
import type { OpenDoor } from "./door.ts";

const encoder = new TextEncoder();

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

export function text(value: string | Uint8Array): Buffer {
  const bytes = typeof value === "string" ? encoder.encode(value) : value;
  return Buffer.concat([u32(bytes.length), bytes]);
}

/** A packet with its length in front. */
export function packet(code: number, ...fields: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat([Buffer.from([code]), ...fields]);
  return Buffer.concat([u32(body.length), body]);
}

export const init: (version?: number) => Buffer = (version = 3) => packet(packetType.init, u32(version));
export const noAttrs: Buffer = u32(0);

export function open(id: number, path: string, flags: number = openFlag.write | openFlag.create): Buffer {
  return packet(packetType.open, u32(id), text(path), u32(flags), noAttrs);
}

export function write(id: number, handle: Uint8Array, offset: number, bytes: Uint8Array): Buffer {
  return packet(packetType.write, u32(id), text(handle), u64(offset), text(bytes));
}

export function close(id: number, handle: Uint8Array): Buffer {
  return packet(packetType.close, u32(id), text(handle));
}

export interface Answer {
  readonly code: number;
  readonly id: number;
  readonly body: Buffer;
}

/** A client on one channel of its own connection. */
export class RawClient implements AsyncDisposable {
  readonly channel: ClientChannel;
  readonly client: ssh2.Client;
  readonly #answers: Answer[] = [];
  #held: Buffer = Buffer.alloc(0);
  #wake: () => void = () => undefined;
  ended = false;

  private constructor(client: ssh2.Client, channel: ClientChannel, { reads }: { readonly reads: boolean }) {
    this.client = client;
    this.channel = channel;
    const end = (): void => {
      this.ended = true;
      this.#wake();
    };
    client.on("error", () => undefined);
    client.on("close", end);
    channel.on("close", end);
    if (reads) channel.on("data", (chunk: Buffer) => this.#arrived(chunk));
  }

  static async connect({ port }: Pick<OpenDoor, "port">, { reads = true } = {}): Promise<RawClient> {
    const client = new ssh2.Client();
    const ready = once(client, "ready");
    client.connect({ host: "127.0.0.1", port, username: "ann", password: "secret" });
    await ready;
    const channel = await new Promise<ClientChannel>((resolve, reject) => {
      client.subsys("sftp", (error, opened) => (error ? reject(error) : resolve(opened)));
    });
    return new RawClient(client, channel, { reads });
  }

  send(...packets: readonly Uint8Array[]): void {
    this.channel.write(Buffer.concat(packets));
  }

  /** The next answer; fails when none comes any more. */
  async answer(): Promise<Answer> {
    while (true) {
      const next = this.#answers.shift();
      if (next) return next;
      if (this.ended) throw new Error("The connection ended");
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** The next answers, by the ids of their requests. */
  async answers(count: number): Promise<ReadonlyMap<number, Answer>> {
    const byId = new Map<number, Answer>();
    while (byId.size < count) {
      const next = await this.answer();
      byId.set(next.id, next);
    }
    return byId;
  }

  /** Begin a session and open a file; its handle. */
  async begin(path: string, flags?: number): Promise<Buffer> {
    this.send(init());
    await this.answer();
    this.send(open(1, path, flags));
    return handleOf(await this.answer());
  }

  /** Cut the connection as a network does. */
  cut(): void {
    this.client.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.end();
  }

  #arrived(chunk: Buffer): void {
    this.#held = Buffer.concat([this.#held, chunk]);
    while (this.#held.length >= 4 && this.#held.length >= 4 + this.#held.readUInt32BE()) {
      const end = 4 + this.#held.readUInt32BE();
      const body = this.#held.subarray(4, end);
      this.#answers.push({ code: body[0] ?? 0, id: body.readUInt32BE(1), body: body.subarray(5) });
      this.#held = this.#held.subarray(end);
    }
    this.#wake();
  }
}

export function handleOf({ code, body }: Answer): Buffer {
  if (code !== packetType.handle) throw new Error(`Not a handle: ${statusOf({ code, id: 0, body })}`);
  return body.subarray(4, 8);
}

/** The status of an answer, as a number and its text. */
export function statusOf({ code, body }: Answer): string {
  if (code !== packetType.status) return `packet ${code}`;
  return `${body.readUInt32BE()} ${body.subarray(8, 8 + body.readUInt32BE(4)).toString()}`.trim();
}
