/**
 * The page's connection to the desktop agent: found on one of three loopback ports, asked by messages with numbers,
 * heard as events. It knows nothing of the server.
 *
 * @module
 */

import {
  type AgentFile,
  type AgentTransfer,
  agentPorts,
  agentVersion,
  decodeFromAgent,
  type FromAgent,
  fromWireError,
  type ToAgent,
  TransferError,
} from "@naru/core";

/** An answer to a call. */
export type AgentAnswer = Extract<FromAgent, { readonly re: number }>;
/** What comes without being asked for. */
export type AgentEvent = Exclude<FromAgent, { readonly re: number }>;
/** A call without its number. */
export type AgentCall =
  | { readonly kind: "pair" | "list" }
  | { readonly kind: "create"; readonly ticket: string; readonly file: AgentFile }
  | { readonly kind: "choose"; readonly ticket: string }
  | { readonly kind: "prove" | "cancel" | "release"; readonly transfer: string }
  | Omit<Extract<ToAgent, { kind: "feed" }>, "re">;

export interface AgentLinkOptions {
  readonly ports?: readonly number[] | undefined;
  /** How long a port may take; while the browser asks its user for permission, nothing answers. */
  readonly timeoutMs?: number | undefined;
}

interface Waiting {
  readonly resolve: (answer: AgentAnswer) => void;
  readonly reject: (error: unknown) => void;
  readonly onCode?: ((code: string) => void) | undefined;
}

/** An open connection. */
export class AgentLink {
  readonly port: number;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Set<(event: AgentEvent) => void>();
  #last = 0;
  /** Whose account the agent is paired with; `undefined` while it is not. */
  user: string | undefined;
  /** Whether the agent can ask its user for a file. */
  chooses = false;
  /** Whether the agent gives transfers back. */
  releases = false;
  /** Resolves when the connection has ended. */
  readonly closed: Promise<void>;

  private constructor(socket: WebSocket, port: number) {
    this.#socket = socket;
    this.port = port;
    socket.onmessage = ({ data }: MessageEvent<unknown>) => this.#hear(data);
    this.closed = new Promise((resolve) => {
      socket.onclose = () => {
        this.#end();
        resolve();
      };
    });
  }

  /** Find the agent. `undefined` when none answers: it is not installed, not running, or the browser did not permit it. */
  static async find({ ports = agentPorts, timeoutMs = 2000 }: AgentLinkOptions = {}): Promise<AgentLink | undefined> {
    const found = await Promise.all(ports.map((port) => open(port, timeoutMs)));
    const [first, ...others] = found.filter((one) => one !== undefined);
    for (const { socket } of others) socket.close();
    if (first === undefined) return undefined;
    const link = new AgentLink(first.socket, first.port);
    link.user = first.user;
    link.chooses = first.chooses;
    link.releases = first.releases;
    return link;
  }

  /** Call and wait for the answer. @throws {TransferError} what the agent says, or `unreachable` when it goes */
  call(call: AgentCall, { onCode }: { readonly onCode?: (code: string) => void } = {}): Promise<AgentAnswer> {
    this.#last += 1;
    const re = this.#last;
    return new Promise((resolve, reject) => {
      if (this.#socket.readyState !== WebSocket.OPEN) return reject(gone());
      this.#waiting.set(re, { resolve, reject, onCode });
      this.#socket.send(JSON.stringify({ ...call, re }));
    });
  }

  /** Send bytes; a Blob is read by the browser as it goes. */
  send(frame: Blob): void {
    this.#socket.send(frame);
  }

  /** Bytes that were given to the browser and have not gone yet. */
  get buffered(): number {
    return this.#socket.bufferedAmount;
  }

  listen(listener: (event: AgentEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#socket.close();
  }

  #hear(data: unknown): void {
    const message = typeof data === "string" ? decodeFromAgent(JSON.parse(data)) : undefined;
    if (message === undefined) return;
    if (!("re" in message)) {
      for (const listener of this.#listeners) listener(message);
      return;
    }
    const waiting = this.#waiting.get(message.re);
    if (message.kind === "pairing") {
      waiting?.onCode?.(message.code);
      return;
    }
    this.#waiting.delete(message.re);
    if (message.kind === "paired") this.user = message.user;
    if (message.kind === "failed") waiting?.reject(fromWireError(message.error));
    else waiting?.resolve(message);
  }

  #end(): void {
    for (const { reject } of this.#waiting.values()) reject(gone());
    this.#waiting.clear();
    this.#listeners.clear();
  }
}

/** The transfer's rows that an answer to `list` tells. */
export function listedIn(answer: AgentAnswer): readonly AgentTransfer[] {
  return answer.kind === "list" ? answer.transfers : [];
}

interface Opened {
  readonly socket: WebSocket;
  readonly port: number;
  readonly user: string | undefined;
  readonly chooses: boolean;
  readonly releases: boolean;
}

function open(port: number, timeoutMs: number): Promise<Opened | undefined> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/v1`);
    const none = (): void => {
      clearTimeout(timer);
      resolve(undefined);
      socket.close();
    };
    const timer = setTimeout(none, timeoutMs);
    socket.onerror = none;
    socket.onclose = none;
    socket.onopen = () => socket.send(JSON.stringify({ kind: "hello", version: agentVersion }));
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      clearTimeout(timer);
      const hello = helloIn(data);
      if (hello === undefined) return none();
      socket.onerror = null;
      const { user, chooses = false, releases = false } = hello;
      resolve({ socket, port, user, chooses, releases });
    };
  });
}

/** Another program may listen there and say anything. */
function helloIn(data: unknown): Extract<FromAgent, { kind: "hello" }> | undefined {
  try {
    const message = typeof data === "string" ? decodeFromAgent(JSON.parse(data)) : undefined;
    return message?.kind === "hello" && message.version === agentVersion ? message : undefined;
  } catch {
    return undefined;
  }
}

function gone(): TransferError {
  return new TransferError("unreachable", "Cannot reach the agent: it has disconnected");
}
