/** Bodies of parts through Node's HTTP client. */

import type { IncomingMessage } from "node:http";
import { type Body, chunksOf, TransferError } from "@naru/core";
import type { SendBytes, SendRequest } from "../send.ts";
import { headersOf, textOf } from "./http-answer.ts";
import type { Requests } from "./http-requests.ts";

/** Make what sends bodies through `requests`. */
export function sendOf(requests: Requests): SendBytes {
  return async ({ method, url, headers, body, signal, onProgress, fresh }) => {
    const answer = await requests.request({
      method,
      url,
      headers: { ...headers, "content-length": String(body.size) },
      body: body.size === 0 ? undefined : counted(body, onProgress),
      signal,
      fresh,
    });
    // Read to its end, whether it is asked for or not: the next part then finds the connection free.
    const text = await textOf(answer, { url, signal });
    return { status: statusOf(answer), headers: headersOf(answer), text: async () => text };
  };
}

/** Answers have one. */
function statusOf({ statusCode = 0 }: IncomingMessage): number {
  return statusCode;
}

async function* counted(body: Body, onProgress: SendRequest["onProgress"]): AsyncGenerator<Uint8Array> {
  let sent = 0;
  for await (const chunk of chunksOf(body, { reuse: true })) {
    if (sent + chunk.byteLength > body.size) throw wrongLength();
    yield chunk;
    // Asked for the next chunk only once this one has gone to the socket.
    sent += chunk.byteLength;
    onProgress?.(sent);
  }
  if (sent < body.size) throw wrongLength();
}

function wrongLength(): TransferError {
  return new TransferError("short-body", "Cannot send the body: it is not as long as it says");
}
