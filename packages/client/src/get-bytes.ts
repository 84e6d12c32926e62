/** The port through which bodies come: `fetch` in a page, undici in Node. */

import type { Abortable } from "@naru/core";

/** A GET whose body flows as it is pulled. */
export interface GetResponse {
  readonly status: number;
  readonly headers: Pick<Headers, "get">;
  readonly body: AsyncIterable<Uint8Array>;
  /** Throw the rest of the body away. */
  discard(): void;
}

/** Get a URL, its body as it comes. */
export type GetBytes = (
  url: string,
  headers: Readonly<Record<string, string>>,
  options?: Abortable,
) => Promise<GetResponse>;
