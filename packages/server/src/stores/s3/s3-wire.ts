import { s3CodeIn, TransferError } from "@naru/core";
import { Agent, type Dispatcher } from "undici";
import { failed, refused } from "./s3-error.ts";
import type { StoreClock } from "./store-clock.ts";

export interface WireRequest {
  readonly method: "PUT" | "GET" | "HEAD" | "POST" | "DELETE" | "OPTIONS";
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: AsyncIterable<Uint8Array> | Uint8Array | string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What is being done, for messages. */
  readonly doing: string;
}

export interface WireAnswer {
  readonly status: number;
  header(name: string): string | undefined;
  /** In small letters. */
  headerNames(): readonly string[];
  readonly body: AsyncIterable<Uint8Array> & { dump(): Promise<void>; destroy(error?: Error): unknown };
}

const answerTimeoutMs = 300_000;
const longestErrorText = 64 * 1024;
// A part on a slow line may take hours; only a store that owes an answer, or the rest of one, is given up.
const connecting: Agent.Options = {
  connections: 64,
  allowH2: false,
  headersTimeout: 0,
  bodyTimeout: answerTimeoutMs,
  connect: { timeout: 10_000 },
};

/** The connections over which bytes go to and from a store. */
export class S3Wire {
  readonly #clock: StoreClock;
  readonly #kept = new Agent({ ...connecting, pipelining: 1 });
  /** A new connection for each: on one that has been used, Ceph's body comes 40 ms after its head (`s3-client.ts`). */
  readonly #fresh = new Agent({ ...connecting, pipelining: 0 });

  constructor(clock: StoreClock) {
    this.#clock = clock;
  }

  /** Make a request; any answer is returned. */
  async ask(url: string, request: WireRequest): Promise<WireAnswer> {
    const { method, headers = {}, body, signal, doing } = request;
    signal?.throwIfAborted();
    const { origin, path } = splitUrl(url);
    // A body that is sent piece by piece may take hours, and only then an answer is owed.
    const watch = isStreamed(body) ? new AnswerWatch() : undefined;
    const stop =
      watch === undefined || signal === undefined ? (watch?.signal ?? signal) : AbortSignal.any([signal, watch.signal]);
    // What our body threw tells more than the broken connection that follows from it.
    const thrown: { error?: unknown } = {};
    const noteTime = this.#clock.timing();
    // Over TLS a new connection costs more than the wait.
    const agent = method === "GET" && origin.startsWith("http:") ? this.#fresh : this.#kept;
    try {
      const answer = await agent.request({
        origin,
        path,
        method,
        headers: { ...headers },
        body: bodyOf(body, watch, thrown),
        headersTimeout: watch === undefined ? answerTimeoutMs : 0,
        ...(stop && { signal: stop }),
      } as Dispatcher.RequestOptions);
      const header = (name: string): string | undefined => {
        const value = answer.headers[name];
        return Array.isArray(value) ? value[0] : value;
      };
      noteTime(header("date"), header("age"));
      const headerNames = (): readonly string[] => Object.keys(answer.headers);
      return { status: answer.statusCode, header, headerNames, body: answer.body };
    } catch (cause) {
      throw failed(doing, thrown.error ?? cause, signal);
    } finally {
      watch?.stop();
    }
  }

  /** Make a request; an answer that is not 2xx throws. */
  async demand(url: string, request: WireRequest): Promise<WireAnswer> {
    const { corrections } = this.#clock;
    const answer = await this.ask(url, request);
    if (answer.status >= 200 && answer.status < 300) return answer;
    const text = await textOf(answer);
    // An answer to HEAD has no text; Azure says the code in a header, too.
    const code = s3CodeIn(text) || (answer.header("x-ms-error-code") ?? "");
    const refusal = refused(request.doing, { status: answer.status, code, text });
    if (answer.status !== 403 || corrections === this.#clock.corrections) throw refusal;
    // The next try has the right time, whatever the store calls it.
    const why = "this machine's clock was not the store's";
    throw new TransferError("expired", `Cannot ${request.doing}: ${why}`, { cause: refusal });
  }

  async close(): Promise<void> {
    await Promise.all([this.#kept.destroy(), this.#fresh.destroy()]);
  }
}

/** Not by `new URL`, which resolves dots: in a key they are names. */
function splitUrl(url: string): { readonly origin: string; readonly path: string } {
  const slash = url.indexOf("/", url.indexOf("://") + 3);
  return slash < 0 ? { origin: url, path: "/" } : { origin: url.slice(0, slash), path: url.slice(slash) };
}

/** Ends a request whose body was handed over but that is never answered. */
class AnswerWatch {
  readonly #controller = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  start(): void {
    this.#timer = setTimeout(() => {
      this.#controller.abort(new DOMException("No answer came", "TimeoutError"));
    }, answerTimeoutMs);
    this.#timer.unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

/** What is at hand is handed over at once. */
function isStreamed(body: WireRequest["body"]): body is AsyncIterable<Uint8Array> {
  return body !== undefined && typeof body !== "string" && !(body instanceof Uint8Array);
}

function bodyOf(body: WireRequest["body"], watch: AnswerWatch | undefined, thrown: { error?: unknown }) {
  if (!isStreamed(body)) return body ?? null;
  return (async function* () {
    try {
      yield* body;
    } catch (error) {
      thrown.error = error;
      throw error;
    }
    watch?.start();
  })();
}

/** The text of an answer, as far as it comes. */
export async function textOf(answer: WireAnswer): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of answer.body) {
      chunks.push(chunk);
      length += chunk.byteLength;
      if (length > longestErrorText) break;
    }
  } catch {
    // The status says enough when the text breaks off.
  }
  return Buffer.concat(chunks).toString("utf8");
}
