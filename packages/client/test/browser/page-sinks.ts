/** The sinks of a page's worker, as a test in Node sees them. */

import { type Sink, TransferError } from "@naru/core";
import type { SinkPlace } from "@naru/core/testing";
import type { Page } from "playwright-core";
import type { SinkAsked } from "./page/sink-worker.ts";

/** What the worker answers. */
export interface SinkAnswer {
  readonly value?: unknown;
  readonly error?: string;
  readonly code?: string;
}

/** Open sinks of one kind through a page; each sink is closed as it would be with its tab. */
export function pageSinks(tab: Page, kind: SinkAsked["kind"]): SinkPlace {
  let last = 0;
  const ask = async (asked: Omit<SinkAsked, "id" | "kind">): Promise<unknown> => {
    last += 1;
    const { value, error, code } = await tab.evaluate((each) => askSink(each), { ...asked, id: last, kind });
    if (code === "invalid" || code === "no-space") throw new TransferError(code, error ?? "");
    if (error !== undefined) throw new Error(error);
    return value;
  };
  return {
    open: async (name, size) => {
      last += 1;
      const sink = last;
      const opened = await ask({ verb: "open", sink, name, size });
      const fresh = typeof opened === "object" && opened !== null && "fresh" in opened && opened.fresh === true;
      const tell = async (verb: "sync" | "complete" | "discard" | "close"): Promise<void> => {
        await ask({ verb, sink });
      };
      const made: Sink = {
        size,
        fresh,
        write: async (offset, chunks) => {
          await ask({ verb: "write", sink, offset, chunks: chunks.map((chunk) => [...chunk]) });
        },
        sync: () => tell("sync"),
        crc64: async ({ start, end }) => String(await ask({ verb: "crc64", sink, start, end })),
        complete: () => tell("complete"),
        discard: () => tell("discard"),
        [Symbol.asyncDispose]: () => tell("close"),
      };
      return made;
    },
    read: async (name) => {
      const bytes = await ask({ verb: "read", sink: 0, name });
      return Array.isArray(bytes) ? Uint8Array.from(bytes.map(Number)) : undefined;
    },
  };
}
