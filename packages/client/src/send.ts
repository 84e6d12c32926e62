/**
 * The port through which bodies travel: XHR in a page, undici in Node. Control calls use `fetch`; bodies do not, since
 * a page's `fetch` tells nothing about what it has sent.
 *
 * @module
 */

import { type Body, TransferError } from "@naru/core";

/** One request with a body. */
export interface SendRequest {
  readonly method: "PUT" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
  readonly signal?: AbortSignal | undefined;
  /** Whether cookies of this origin go along. */
  readonly credentials?: boolean | undefined;
  /** Called with the bytes of the body handed to the network so far. */
  readonly onProgress?: ((sent: number) => void) | undefined;
  /** Over a connection of its own, as far as the sender can choose. */
  readonly fresh?: boolean | undefined;
}

/** The answer to it, whatever its status. */
export interface SendResponse {
  readonly status: number;
  readonly headers: Pick<Headers, "get">;
  text(): Promise<string>;
}

/**
 * Send one body. Resolves with whatever status comes back.
 *
 * @throws {TransferError} `unreachable` when no answer comes; the signal's reason when it aborts
 */
export type SendBytes = (request: SendRequest) => Promise<SendResponse>;

/** Tell a network failure from an abort: rethrow the abort's reason, wrap everything else as `unreachable`. */
export function unreachable(url: string, cause: unknown, signal: AbortSignal | undefined): TransferError {
  if (signal?.aborted) throw signal.reason;
  return new TransferError("unreachable", `Cannot reach "${new URL(url).origin}"`, { cause });
}

/** Read `Retry-After`, in seconds or as a date, as milliseconds. */
export function retryAfterMs(headers: Pick<Headers, "get">): number | undefined {
  const text = headers.get("retry-after");
  if (!text) return undefined;
  const seconds = Number(text);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
