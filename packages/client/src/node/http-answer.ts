/** What control calls and parts read of an answer. */

import type { IncomingMessage } from "node:http";
import type { Abortable } from "@naru/core";
import { unreachable } from "../send.ts";

/** Read headers as `Headers` does. */
export function headersOf({ headers }: IncomingMessage): Pick<Headers, "get"> {
  return {
    get: (name) => {
      const value = headers[name.toLowerCase()];
      return (Array.isArray(value) ? value.join(", ") : value) ?? null;
    },
  };
}

/** Read a short body as text. @throws {TransferError} `unreachable` when it ends too early */
export async function textOf(
  answer: IncomingMessage,
  { url, signal }: Abortable & { readonly url: string },
): Promise<string> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk);
    return Buffer.concat(chunks).toString("utf8");
  } catch (cause) {
    throw unreachable(url, cause, signal);
  }
}
