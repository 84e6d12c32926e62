/** Opens the sinks of downloads where alone they can be: in a worker of a page. Tests speak to it through the page. */

import { isTransferError, type Sink } from "@naru/core";
import { openOpfsSink } from "../../../src/browser/downloads/opfs-sink.ts";
import { openWritableSink } from "../../../src/browser/downloads/writable-sink.ts";

/** What a test asks of a sink; bytes travel as numbers. */
export interface SinkAsked {
  readonly id: number;
  readonly kind: "opfs" | "writable";
  readonly sink: number;
  readonly verb: "open" | "write" | "sync" | "crc64" | "complete" | "discard" | "close" | "read";
  readonly name?: string;
  readonly size?: number;
  readonly offset?: number;
  readonly chunks?: readonly (readonly number[])[];
  readonly start?: number;
  readonly end?: number;
}

const sinks = new Map<number, Sink>();
const openers = { opfs: openOpfsSink, writable: openWritableSink };

async function answer(asked: SinkAsked): Promise<unknown> {
  const { kind, sink: number, verb, name = "", size = 0, offset = 0, chunks = [], start = 0, end = 0 } = asked;
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle(kind, { create: true });
  if (verb === "open") {
    const opened = await openers[kind](folder, name, size);
    sinks.set(number, opened);
    return { size: opened.size, fresh: opened.fresh };
  }
  if (verb === "read") {
    const handle = await folder.getFileHandle(name).catch(() => undefined);
    return handle && [...new Uint8Array(await (await handle.getFile()).arrayBuffer())];
  }
  const sink = sinks.get(number);
  if (sink === undefined) throw new Error(`Cannot find the sink ${number}`);
  if (verb === "write") {
    const bytes = chunks.map((chunk) => new Uint8Array(chunk));
    await sink.write(offset, bytes);
    // They are their owner's again.
    for (const chunk of bytes) chunk.fill(0);
    return undefined;
  }
  if (verb === "crc64") return sink.crc64?.({ start, end });
  if (verb === "close") return sink[Symbol.asyncDispose]();
  return sink[verb]();
}

self.onmessage = ({ data }: MessageEvent<SinkAsked>) => {
  void answer(data).then(
    (value) => self.postMessage({ id: data.id, value }),
    (error: unknown) => {
      const code = isTransferError(error) ? error.code : undefined;
      self.postMessage({ id: data.id, error: String(error), code });
    },
  );
};
