/** A client of the SFTP session itself, with nothing between: for tests that begin thousands of sessions. */

import { PassThrough } from "node:stream";
import type { Gateway } from "../../src/gateway/gateway.ts";
import { serveSftp } from "../../src/sftp/sftp-session.ts";
import { streamWire } from "../../src/sftp/sftp-wire.ts";
import type { Answer } from "./raw-client.ts";

/** One session over pipes. */
export class PipeClient {
  readonly #input = new PassThrough();
  readonly #served: Promise<void>;
  readonly #answers: AsyncIterator<Answer>;

  constructor(gateway: Gateway) {
    const output = new PassThrough();
    this.#answers = answersOf(output);
    this.#served = serve(gateway, this.#input, output);
  }

  /** Send a request, and wait for its answer. */
  async ask(request: Uint8Array): Promise<Answer> {
    this.#input.write(request);
    const next = await this.#answers.next();
    if (next.done) throw new Error("The session ended");
    return next.value;
  }

  /** Be gone, as when a network fails; what was sent before is taken. */
  async cut(): Promise<void> {
    this.#input.end();
    await this.#served;
  }
}

async function serve(gateway: Gateway, input: PassThrough, output: PassThrough): Promise<void> {
  await using session = gateway.open("ann");
  await serveSftp(streamWire(input, output), session);
  output.end();
}

async function* answersOf(output: AsyncIterable<Buffer>): AsyncGenerator<Answer, void> {
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of output) {
    held = Buffer.concat([held, chunk]);
    while (held.length >= 4 && held.length >= 4 + held.readUInt32BE()) {
      const body = held.subarray(4, 4 + held.readUInt32BE());
      yield { code: body[0] ?? 0, id: body.readUInt32BE(1), body: body.subarray(5) };
      held = held.subarray(4 + body.length);
    }
  }
}
