import type { ServerResponse } from "node:http";
import type { Reply, Request } from "./fastify.ts";

/**
 * Send chunks as the body of an answer whose status and headers are set. A chunk need be good only until the next but one is
 * asked for, so their memory may be used again. What fails before the first is answered as any failure; later the connection
 * is closed before the end.
 */
export async function pump(
  chunks: AsyncGenerator<Uint8Array, void, undefined>,
  { request, reply }: { readonly request: Request; readonly reply: Reply },
): Promise<void> {
  const first = await chunks.next();
  reply.hijack();
  const { raw } = reply;
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) raw.setHeader(name, value);
  }
  raw.writeHead(reply.statusCode);
  try {
    let written: Promise<void> = Promise.resolve();
    for (let next = first; !next.done; next = await chunks.next()) {
      await written;
      written = write(raw, next.value);
      // Its failure is met at the next `await written`; until then it must not count as unhandled.
      written.catch(() => undefined);
    }
    await written;
    raw.end();
  } catch (error) {
    if (!raw.destroyed) request.log.warn({ err: error }, "an answer could not be sent to its end");
    raw.destroy();
  } finally {
    // It has ended, or what it failed by was met above.
    await chunks.return().catch(() => undefined);
  }
}

function write(raw: ServerResponse, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    raw.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
}
