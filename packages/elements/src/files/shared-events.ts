import { decodeEvent, type WireEvent } from "@naru/core";

/** A page that nobody looks at for so long leaves the stream to another; it asks for what it missed when it is looked at. */
const hiddenMs = 60_000;
const retryMs = 30_000;

export interface SharedEventsOptions {
  readonly origin: string;
  readonly onChange: (event: WireEvent) => void;
  /** Something may have happened that was not told, or has: look at everything again. */
  readonly onGap: (gap: "possible" | "certain") => void;
}

interface Told {
  readonly kind: "hello" | "ready" | "reset" | "change";
  /** Of a page: who says hello, or whom "ready" is for. */
  readonly page?: string | undefined;
  /** The last event that the teller has heard of. */
  readonly id?: string | undefined;
  readonly data?: string | undefined;
}

/**
 * `GET /api/events` once for all pages of a browser: one of them reads the stream and passes it on. A stream of its own for each
 * would take all connections that a browser makes to a host (six over HTTP/1.1), and the sixth page would load nothing.
 */
export class SharedEvents {
  readonly #options: SharedEventsOptions;
  readonly #page: string = crypto.randomUUID();
  readonly #channel: BroadcastChannel;
  /** While this page reads the stream, or waits for its turn. */
  #turn: AbortController | undefined;
  #reads = false;
  #last: string | undefined;
  #retry: (() => void) | undefined;
  #hiding: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SharedEventsOptions) {
    this.#options = options;
    this.#channel = new BroadcastChannel(`naru-events ${options.origin}`);
    this.#channel.addEventListener("message", ({ data }: MessageEvent<unknown>) => this.#hear(data));
    document.addEventListener("visibilitychange", this.#seen);
    window.addEventListener("pagehide", this.#leaveTurn);
    window.addEventListener("pageshow", this.#shown);
    this.#shown();
  }

  /** Ask again at once if the stream has ended, as it does with a session. */
  wake(): void {
    this.#retry?.();
  }

  close(): void {
    document.removeEventListener("visibilitychange", this.#seen);
    window.removeEventListener("pagehide", this.#leaveTurn);
    window.removeEventListener("pageshow", this.#shown);
    clearTimeout(this.#hiding);
    this.#channel.close();
    this.#leaveTurn();
  }

  #takeTurn(): void {
    if (this.#turn !== undefined) return;
    const turn = new AbortController();
    this.#turn = turn;
    const read = (): Promise<void> => this.#read(turn.signal);
    // Without TLS a browser has no locks: there each page reads for itself.
    const locks: LockManager | undefined = navigator.locks;
    const reading = locks?.request(`naru-events ${this.#options.origin}`, { signal: turn.signal }, read) ?? read();
    // A turn that was given up while waiting.
    reading.catch(() => undefined);
  }

  /** Read the stream until the turn ends. */
  async #read(signal: AbortSignal): Promise<void> {
    this.#reads = true;
    while (!signal.aborted) await this.#stream(signal);
    this.#reads = false;
  }

  /** Read one connection to its end, and wait before the next. */
  #stream(signal: AbortSignal): Promise<void> {
    const after = this.#last === undefined ? "" : `?after=${this.#last}`;
    const source = new EventSource(`${this.#options.origin}/api/events${after}`);
    const take = (kind: Told["kind"]) => (event: MessageEvent<string>) => {
      const told = { kind, id: event.lastEventId, data: event.data };
      if (kind !== "ready") this.#tell(told);
      this.#take(told);
    };
    source.addEventListener("ready", take("ready"));
    source.addEventListener("reset", take("reset"));
    source.addEventListener("change", take("change"));
    return new Promise((resolve) => {
      const end = (): void => {
        source.close();
        resolve();
      };
      signal.addEventListener("abort", end, { once: true });
      source.addEventListener("error", () => {
        // Others it mends itself.
        if (source.readyState !== EventSource.CLOSED) return;
        this.#retry = end;
        setTimeout(end, retryMs);
      });
    });
  }

  #hear(message: unknown): void {
    const told = toldIn(message);
    if (told?.kind === "hello") {
      if (this.#reads && this.#last !== undefined) this.#tell({ kind: "ready", id: this.#last, page: told.page ?? "" });
    } else if (told !== undefined && (told.page ?? this.#page) === this.#page) this.#take(told);
  }

  #take({ kind, id, data }: Told): void {
    const gap = kind === "reset" ? "certain" : kind === "ready" && this.#last !== id ? "possible" : undefined;
    this.#last = id;
    if (gap !== undefined) this.#options.onGap(gap);
    if (kind === "change" && data !== undefined) this.#options.onChange(decodeEvent(JSON.parse(data), "event"));
  }

  #tell(told: Told): void {
    this.#channel.postMessage(told);
  }

  readonly #seen = (): void => {
    clearTimeout(this.#hiding);
    if (document.visibilityState === "visible") this.#takeTurn();
    else this.#hiding = setTimeout(this.#leaveTurn, hiddenMs);
  };

  /** Also of a page that the browser keeps for the way back: it would hold the turn for as long. */
  readonly #leaveTurn = (): void => {
    this.#turn?.abort();
    this.#turn = undefined;
  };

  readonly #shown = (): void => {
    this.#tell({ kind: "hello", page: this.#page });
    this.#takeTurn();
  };
}

/** What another page says; it may be of another build. */
function toldIn(message: unknown): Told | undefined {
  if (typeof message !== "object" || message === null || !("kind" in message)) return undefined;
  const { kind, page, id, data } = message as Readonly<Record<string, unknown>>;
  if (kind !== "hello" && kind !== "ready" && kind !== "reset" && kind !== "change") return undefined;
  const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
  return { kind, page: text(page), id: text(id), data: text(data) };
}
