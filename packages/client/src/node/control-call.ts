/** Control calls through Node's HTTP client, as far as they need what `fetch` does. */

import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { chunksOf } from "@naru/core";
import type { Answer, Fetch } from "../api-call.ts";
import { headersOf, textOf } from "./http-answer.ts";
import type { HttpRequest, Requests } from "./http-requests.ts";

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Make what makes control calls through `requests`. Redirects, and bodies that are neither text nor a `Blob`, are left to `whole`. */
export function callOf(requests: Requests, whole: Fetch): Fetch {
  return async (url, init) => {
    const { method = "GET", body } = init;
    const signal = init.signal ?? undefined;
    const content = contentOf(body);
    if (content === undefined) return whole(url, init);
    const headers = { "user-agent": "naru", ...init.headers, ...content.headers };
    const answer = await requests.request({ method, url, headers, body: content.body, signal });
    const { statusCode: status = 0 } = answer;
    if (redirects.has(status)) {
      answer.destroy();
      return whole(url, init);
    }
    // There is nothing to read, and the connection is free for others.
    if (method === "HEAD") answer.resume();
    return {
      ok: status >= 200 && status <= 299,
      status,
      headers: headersOf(answer),
      text: () => textOf(answer, { url, signal }),
      get body() {
        return streamOf(answer);
      },
    };
  };
}

function contentOf(body: BodyInit | null | undefined): Pick<HttpRequest, "headers" | "body"> | undefined {
  if (body === undefined || body === null) return { headers: {} };
  if (typeof body === "string") {
    const bytes = Buffer.from(body);
    return { headers: { "content-length": String(bytes.length) }, body: bytes };
  }
  if (body instanceof Blob) return { headers: { "content-length": String(body.size) }, body: chunksOf(body) };
  return undefined;
}

function streamOf(answer: IncomingMessage): Answer["body"] {
  // Of bytes, in Node's words for the same thing.
  return Readable.toWeb(answer) as unknown as Answer["body"];
}
