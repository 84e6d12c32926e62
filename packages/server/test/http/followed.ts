import type { Client } from "./client.ts";

/** An event as EventSource would read it. */
export interface Followed {
  readonly id: string;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Follow `GET /api/events`. */
export async function followAs(client: Client, query = "", lastEventId?: string) {
  const leaving = new AbortController();
  const headers: Record<string, string> = lastEventId === undefined ? {} : { "last-event-id": lastEventId };
  const answer = await client.call("GET", `/api/events${query}`, { headers, signal: leaving.signal });
  if (!answer.ok || answer.body === null) throw new Error(`The server answers ${answer.status}`);
  // With a reader at once: fetch cancels a body that nobody reads as soon as its answer is collected as garbage.
  const blocks = blocksOf(answer.body.getReader());

  async function next(): Promise<Followed> {
    for (;;) {
      const { done, value = "" } = await blocks.next();
      if (done === true) throw new Error("The stream has ended");
      const fields = new Map(
        value.split("\n").map((line) => [line.split(": ", 1)[0] ?? "", line.slice(line.indexOf(": ") + 2)]),
      );
      const data = fields.get("data");
      if (data !== undefined)
        return { id: fields.get("id") ?? "", event: fields.get("event") ?? "", data: JSON.parse(data) };
    }
  }

  return {
    headers: answer.headers,
    next,
    take: async (count: number): Promise<readonly Followed[]> => {
      const taken: Followed[] = [];
      while (taken.length < count) taken.push(await next());
      return taken;
    },
    /** Wait for a comment. */
    heartbeat: async (): Promise<void> => {
      for await (const block of blocks) if (block.startsWith(":")) return;
    },
    /** Read to the end of the stream. */
    end: async (): Promise<"ended"> => {
      for (;;) if ((await blocks.next()).done === true) return "ended";
    },
    async [Symbol.asyncDispose]() {
      leaving.abort();
      await blocks.return(undefined).catch(() => undefined);
    },
  };
}

async function* blocksOf(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<string, undefined> {
  let text = "";
  const decoder = new TextDecoder();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    text += decoder.decode(read.value, { stream: true });
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      yield text.slice(0, end);
      text = text.slice(end + 2);
    }
  }
  return undefined;
}
