/**
 * Bodies of requests as they flow: never buffered, readable once, refused when they end early.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { type Body, Crc64, type PartDigest, TransferError } from "@naru/core";
import type { Crc32 } from "../uploads/body-digest.ts";
import { noteBytes } from "../young-garbage.ts";
import { askForBody } from "./continue.ts";
import type { Reply, Request } from "./fastify.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** A line that is silent for this long while a body is due is dead. */
const silenceMs = 120_000;
/** How much of a refused body is swallowed so that its sender gets to read why, and for how long. */
const politeBytes = 64 * 1024 * 1024;
const politeMs = 10_000;

/** Read the length a body says it has. @throws {TransferError} `invalid` if it says none */
export function contentLength({ headers }: Request): number {
  const value = headers["content-length"];
  if (value === undefined || !/^\d{1,16}$/.test(value)) {
    throw new TransferError("invalid", "Cannot accept the body: it needs a Content-Length");
  }
  return Number(value);
}

/** A signal that aborts when the client goes away before its answer. */
export function clientSignal(request: Request, reply: Reply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once("close", () => {
    if (reply.raw.writableFinished) return;
    controller.abort(new TransferError("unreachable", "Cannot continue: the client disconnected"));
  });
  if (request.raw.destroyed && !request.raw.complete) controller.abort();
  return controller.signal;
}

/** The chunks of a request's body. @throws {TransferError} `short-body` if the client goes away before its end */
export async function* bodyChunks({ raw }: Request): AsyncGenerator<Bytes, undefined> {
  const { socket } = raw;
  askForBody(raw);
  const dead = (): void => {
    socket.destroy();
  };
  socket.setTimeout(silenceMs, dead);
  try {
    for await (const chunk of raw.iterator({ destroyOnReturn: false })) {
      noteBytes(chunk.length);
      yield chunk;
    }
  } catch (cause) {
    throw new TransferError("short-body", "Cannot accept the body: it ended early", { cause });
  } finally {
    socket.setTimeout(0);
    socket.off("timeout", dead);
  }
  if (!raw.complete) throw new TransferError("short-body", "Cannot accept the body: it ended early");
  return undefined;
}

/** What is known of a body, and what is told of its bytes. */
export interface CountedDigest extends Partial<PartDigest> {
  readonly crc32: Crc32;
}

/**
 * A request's body as one that can be put, once. Digests that the sender gave alone are compared here: the last chunk is
 * held back until they match, so that no store ever has a whole wrong part.
 */
export function requestBody(request: Request, size: number, { crc32, ...digest }: CountedDigest): Body {
  const alone = (digest.md5 === undefined) !== (digest.crc64 === undefined);
  const counted = count(bodyChunks(request), crc32);
  const chunks = alone ? checked(counted, digest) : counted;
  return { size, stream: () => asStream(chunks) };
}

async function* count(chunks: AsyncIterable<Bytes>, crc32: Crc32): AsyncGenerator<Bytes, undefined> {
  for await (const chunk of chunks) {
    crc32.update(chunk);
    yield chunk;
  }
  return undefined;
}

async function* checked(chunks: AsyncIterable<Bytes>, digest: Partial<PartDigest>): AsyncGenerator<Bytes, undefined> {
  const md5 = digest.md5 === undefined ? undefined : createHash("md5");
  const crc64 = digest.crc64 === undefined ? undefined : new Crc64();
  let held: Bytes | undefined;
  for await (const chunk of chunks) {
    md5?.update(chunk);
    crc64?.update(chunk);
    if (held) yield held;
    held = chunk;
  }
  if (md5?.digest("hex") !== digest.md5 || crc64?.hex() !== digest.crc64) {
    throw new TransferError("checksum-mismatch", "Cannot accept the body: its bytes are not what was sent");
  }
  if (held) yield held;
  return undefined;
}

function asStream(chunks: AsyncGenerator<Bytes, undefined>): ReadableStream<Bytes> {
  return new ReadableStream<Bytes>(
    {
      async pull(controller) {
        const next = await chunks.next();
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
      cancel() {
        // Not awaited: a chunk that is being waited for may never come.
        void chunks.return(undefined).catch(() => undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

/**
 * Answer a request whose body is still coming: say it whole, swallow a while so that the sender is not cut off before
 * it reads, then close the connection.
 */
export function endPolitely(request: Request, reply: Reply, answer: unknown): Reply {
  const text = JSON.stringify(answer);
  reply.hijack();
  const { raw } = reply;
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) raw.setHeader(name, value);
  }
  raw.writeHead(reply.statusCode, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    connection: "close",
  });
  raw.write(text);
  swallow(request.raw, () => raw.end());
  return reply;
}

function swallow(body: IncomingMessage, done: () => void): void {
  let left = politeBytes;
  const timer = setTimeout(finish, politeMs);
  timer.unref();
  function finish(): void {
    clearTimeout(timer);
    body.off("data", count);
    body.off("end", finish);
    body.off("close", finish);
    done();
  }
  function count(chunk: Buffer): void {
    left -= chunk.length;
    if (left < 0) finish();
  }
  body.on("data", count);
  body.once("end", finish);
  body.once("close", finish);
  body.on("error", () => undefined);
  // A reader that was left waiting would keep the body from flowing.
  body.removeAllListeners("readable");
  body.resume();
}
