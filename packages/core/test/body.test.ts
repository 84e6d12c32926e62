import { describe, expect, test } from "vitest";
import { type Body, chunksOf, readExactly } from "../src/index.ts";
import { pattern } from "../testing/index.ts";

const bytes = pattern(1000);

/** A body of these bytes, in pieces, each way that a body can be read. */
function bodies(size: number, ...cuts: readonly number[]): Readonly<Record<string, Body>> {
  const pieces = [...cuts, bytes.length].map((end, index) => bytes.slice(index === 0 ? 0 : cuts[index - 1], end));
  const stream = (): ReadableStream<Uint8Array<ArrayBuffer>> =>
    new ReadableStream({
      start(controller) {
        for (const piece of pieces) controller.enqueue(piece);
        controller.close();
      },
    });
  const none = (): never => {
    throw new Error("the stream was asked for");
  };
  return {
    "a stream": { size, stream },
    "chunks in memory": { size, stream: none, chunks: () => pieces },
    "chunks that are read": { size, stream: none, chunks: () => stream() },
  };
}

async function exactly(body: Body, size: number): Promise<Uint8Array> {
  const read: Uint8Array[] = [];
  for await (const chunk of readExactly(body, size, { what: "it" })) read.push(chunk);
  return new Uint8Array(await new Blob(read.map((chunk) => chunk.slice())).arrayBuffer());
}

describe.each(["a stream", "chunks in memory", "chunks that are read"])("a body that is %s", (kind) => {
  const bodyOf = (size: number, ...cuts: readonly number[]): Body => {
    const body = bodies(size, ...cuts)[kind];
    if (body === undefined) throw new Error(`no body is ${kind}`);
    return body;
  };

  test("is read whole", async () => {
    expect(await exactly(bodyOf(1000, 1, 1, 600), 1000)).toEqual(bytes);
  });

  test("is refused when it ends early or goes on", async () => {
    await expect(exactly(bodyOf(1001, 400), 1001)).rejects.toMatchObject({ code: "short-body" });
    await expect(exactly(bodyOf(999, 400), 999)).rejects.toMatchObject({ code: "long-body" });
    await expect(exactly(bodyOf(10), 1000)).rejects.toMatchObject({ code: "short-body" });
  });

  test("gives nothing of its last chunk before it is known to be right", async () => {
    const seen: number[] = [];
    const reading = (async () => {
      for await (const chunk of readExactly(bodyOf(999, 400), 999, { what: "it" })) seen.push(chunk.length);
    })();
    await expect(reading).rejects.toMatchObject({ code: "long-body" });
    expect(seen).toEqual([]);
  });

  test("ends with its reader's signal", async () => {
    const stop = new AbortController();
    const reading = (async () => {
      for await (const _ of chunksOf(bodyOf(1000, 400, 800), { signal: stop.signal })) stop.abort(new Error("stopped"));
    })();
    await expect(reading).rejects.toThrow("stopped");
  });

  test("ends at once with its reader's signal, also while its bytes are to come", async () => {
    const stop = new AbortController();
    async function* chunks(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
      yield new Uint8Array(1);
      stop.abort(new Error("stopped"));
      await new Promise(() => undefined);
    }
    const body = { size: 2, stream: () => new Blob([]).stream(), chunks };
    const reading = (async () => {
      for await (const _ of chunksOf(body, { signal: stop.signal }));
    })();
    await expect(reading).rejects.toThrow("stopped");
  });
});
