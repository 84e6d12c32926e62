/**
 * Server-sent events (WHATWG HTML, 9.2): what happens to files, for as long as the caller stays.
 *
 * @module
 */

import { Readable } from "node:stream";
import { TransferError } from "@naru/core";
import { closed, optional, text } from "@naru/core/schema";
import type { Gate } from "../accounts/gate.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { type Followed, followEvents } from "../catalogue/followed-events.ts";
import { callerIn, mayStillCall } from "./access.ts";
import { call } from "./call.ts";
import { prefixOf } from "./entry-routes.ts";
import type { App, Request } from "./fastify.ts";
import { clientSignal } from "./request-body.ts";
import { type EventFilter, toWireEvents } from "./wire-events.ts";

const events = call("followEvents", "Follow what happens to files and folders", {
  tag: "Events",
  description: [
    "Each `change` has a `WireEvent` as its data. `ready` comes first. `reset`: events were forgotten, so list again.",
    "A client that reconnects with `Last-Event-ID` misses nothing of the last 7 days.",
  ].join(" "),
  query: closed({
    folder: optional(text("Only what happens in this folder, or to it. Default everywhere.", { maxLength: 1024 })),
    after: optional(text("As `Last-Event-ID`, for who cannot send that.", { pattern: "^[0-9]{1,15}$" })),
  }),
  headers: { "last-event-id": "The id of the last event that was seen." },
  answers: {
    200: { mediaType: "text/event-stream", description: "Events, until the caller leaves or is signed out." },
  },
  fails: ["throttled"],
});

export interface EventRoutesOptions {
  readonly catalogue: Catalogue;
  readonly gate: Gate;
  /** How often a stream that has nothing to say shows that it lives, and its caller is looked at anew. */
  readonly heartbeatMs: number;
}

/** Of one account at once: some pages, and some programs. */
const mostStreams = 50;
const retryMs = 3000;
/** Calls that may end somebody's sign-in. */
const endsSignIn = /^\/api\/(session|sessions|password|tokens|accounts)(\/|\?|$)/u;

/** What happens, as it happens. */
export function eventRoutes(app: App, { catalogue, gate, heartbeatMs }: EventRoutesOptions): void {
  const streams = new Set<EventStream>();
  // A stream would keep the server from ending.
  app.addHook("preClose", async () => {
    for (const stream of streams) stream.end();
  });
  app.addHook("onResponse", async (request) => {
    if (request.method === "GET" || !endsSignIn.test(request.url)) return;
    for (const stream of streams) await stream.check();
  });

  app.get("/api/events", { schema: events }, (request, reply) => {
    const { name } = callerIn(request);
    if ([...streams].filter((stream) => stream.account === name).length >= mostStreams) {
      throw new TransferError("throttled", `Cannot follow events: ${mostStreams} others follow for "${name}"`);
    }
    // What is refused counts as no stream.
    const { after, folder } = request.query;
    const filter = { folder: prefixOf(folder), rights: callerIn(request).rights };
    const position = positionOf(request.headers["last-event-id"] ?? after);
    const stream = new EventStream(request, gate, clientSignal(request, reply));
    const lines = linesFor(stream, { catalogue, filter, heartbeatMs, position });
    if (!reply.raw.closed) streams.add(stream);
    reply.raw.once("close", () => streams.delete(stream));
    return reply
      .type("text/event-stream; charset=utf-8")
      .header("x-accel-buffering", "no")
      .send(Readable.from(lines, { highWaterMark: 1 }));
  });
}

/** One caller that follows. */
class EventStream {
  readonly account: string;
  readonly signal: AbortSignal;
  readonly #request: Request;
  readonly #gate: Gate;
  readonly #ending = new AbortController();

  constructor(request: Request, gate: Gate, client: AbortSignal) {
    this.account = callerIn(request).name;
    this.#request = request;
    this.#gate = gate;
    this.signal = AbortSignal.any([client, this.#ending.signal]);
  }

  end(): void {
    this.#ending.abort();
  }

  /** End it if its caller may not call any more. */
  async check(): Promise<void> {
    if (!(await mayStillCall(this.#request, this.#gate))) this.end();
  }
}

interface LinesOptions extends Omit<EventRoutesOptions, "gate"> {
  readonly filter: EventFilter;
  readonly position: number | undefined;
}

async function* linesFor(
  stream: EventStream,
  { catalogue, filter, heartbeatMs, position }: LinesOptions,
): AsyncGenerator<string> {
  const { signal } = stream;
  let isReady = false;
  let checked = performance.now();
  const follow = followEvents(catalogue.events, { position, idleMs: heartbeatMs, signal });
  for await (const step of follow) {
    if (performance.now() - checked >= heartbeatMs) {
      checked = performance.now();
      await stream.check();
      if (signal.aborted) return;
    }
    if (isReady) yield await linesOf(step);
    else yield `retry: ${retryMs}\n${eventOf("ready", step.position)}`;
    isReady = true;
  }

  async function linesOf(step: Followed): Promise<string> {
    if (step.at === "idle") return ":\n\n";
    if (step.at === "forgotten") return eventOf("reset", step.position);
    const changes = await toWireEvents(step.events, filter, catalogue.facts);
    const lines = changes.map(({ position: at, ...change }) => eventOf("change", at, change));
    // Of what was not for this caller, too.
    return `${lines.join("")}id: ${step.position}\n\n`;
  }
}

function eventOf(name: "ready" | "reset" | "change", position: number, data: object = {}): string {
  return `id: ${position}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Where the caller was. @throws {TransferError} `invalid` */
function positionOf(given: string | readonly string[] | undefined): number | undefined {
  if (given === undefined || given === "") return undefined;
  if (typeof given === "string" && /^\d{1,15}$/u.test(given)) return Number(given);
  throw new TransferError("invalid", "Cannot follow events: the last event's id is not one of ours");
}
