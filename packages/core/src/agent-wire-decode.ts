/**
 * Decoders of what a page and the agent say to each other. What a page says is read strictly: the agent trusts nobody.
 *
 * @module
 */

import {
  type AgentFeed,
  type AgentFile,
  type AgentGrant,
  type AgentProof,
  type AgentTransfer,
  agentStates,
  type FromAgent,
  type ToAgent,
} from "./agent-wire.ts";
import { count, Fields, flag, hex, list, moment, oneOf, text, unreadable } from "./fields.ts";
import type { ByteRange } from "./store.ts";
import { decodeError } from "./wire-answers.ts";

const maxProofs = 100;
const maxName = 1024;

/** Read what a page says. @throws {TransferError} `invalid` */
export function decodeToAgent(value: unknown): ToAgent {
  const kind = new Fields(value, "").read("kind", oneOf(pageKinds));
  return pageDecoders[kind](value);
}

/** Read what an agent says; a kind that is not known is `undefined`, so that agents may grow. @throws {TransferError} `invalid` */
export function decodeFromAgent(value: unknown): FromAgent | undefined {
  const fields = new Fields(value, "");
  const kind = fields.read("kind", text);
  return isAgentKind(kind) ? agentDecoders[kind](fields) : undefined;
}

type PageKind = ToAgent["kind"];
type AgentKind = FromAgent["kind"];

const pageDecoders: { readonly [K in PageKind]: (value: unknown) => Extract<ToAgent, { kind: K }> } = {
  hello: (value) => ({ kind: "hello", version: only(value, ["version"]).read("version", count) }),
  pair: (value) => ({ kind: "pair", re: only(value, ["re"]).read("re", count) }),
  list: (value) => ({ kind: "list", re: only(value, ["re"]).read("re", count) }),
  create: (value) => {
    const fields = only(value, ["re", "ticket", "file"]);
    const re = fields.read("re", count);
    return { kind: "create", re, ticket: fields.read("ticket", short), file: fields.read("file", agentFile) };
  },
  choose: (value) => {
    const fields = only(value, ["re", "ticket"]);
    return { kind: "choose", re: fields.read("re", count), ticket: fields.read("ticket", short) };
  },
  prove: (value) => ({ kind: "prove", ...named(only(value, ["re", "transfer"])) }),
  cancel: (value) => ({ kind: "cancel", ...named(only(value, ["re", "transfer"])) }),
  release: (value) => ({ kind: "release", ...named(only(value, ["re", "transfer"])) }),
  feed: (value) => {
    const fields = only(value, ["re", "transfer", "file", "proofs"]);
    const file = fields.read("file", agentFile);
    return { kind: "feed", ...named(fields), file, proofs: fields.read("proofs", list(proof, maxProofs)) };
  },
};
const pageKinds: readonly PageKind[] = [
  "hello",
  "pair",
  "list",
  "create",
  "choose",
  "prove",
  "cancel",
  "release",
  "feed",
];

const agentDecoders: { readonly [K in AgentKind]: (fields: Fields) => Extract<FromAgent, { kind: K }> } = {
  hello: (fields) => ({
    kind: "hello",
    version: fields.read("version", count),
    program: fields.read("program", text),
    user: fields.maybe("user", text),
    chooses: fields.maybe("chooses", flag),
    releases: fields.maybe("releases", flag),
  }),
  pairing: (fields) => ({
    kind: "pairing",
    re: fields.read("re", count),
    code: fields.read("code", text),
    expires: fields.read("expires", moment),
  }),
  paired: (fields) => ({ kind: "paired", re: fields.read("re", count), user: fields.read("user", text) }),
  feeding: (fields) => ({ kind: "feeding", re: fields.read("re", count), ...feedOf(fields) }),
  prove: (fields) => ({ kind: "prove", re: fields.read("re", count), ranges: fields.read("ranges", list(range)) }),
  list: (fields) => ({
    kind: "list",
    re: fields.read("re", count),
    transfers: fields.read("transfers", list(agentTransfer)),
  }),
  done: (fields) => ({ kind: "done", re: fields.read("re", count) }),
  released: (fields) => ({
    kind: "released",
    re: fields.read("re", count),
    upload: fields.maybe("upload", text),
  }),
  failed: (fields) => ({ kind: "failed", re: fields.read("re", count), error: fields.read("error", decodeError) }),
  grant: (fields) => ({
    kind: "grant",
    channel: fields.read("channel", count),
    grant: fields.read("grant", agentGrant),
  }),
  refused: (fields) => ({
    kind: "refused",
    channel: fields.read("channel", count),
    error: fields.read("error", decodeError),
  }),
  measured: (fields) => ({ kind: "measured", bytes: fields.read("bytes", count) }),
  changed: (fields) => ({ kind: "changed", transfer: fields.read("transfer", agentTransfer) }),
  gone: (fields) => ({ kind: "gone", transfer: fields.read("transfer", text) }),
};

function isAgentKind(kind: string): kind is AgentKind {
  return Object.hasOwn(agentDecoders, kind);
}

function only(value: unknown, names: readonly string[]): Fields {
  return new Fields(value, "", ["kind", ...names]);
}

function named(fields: Fields): { readonly re: number; readonly transfer: string } {
  return { re: fields.read("re", count), transfer: fields.read("transfer", short) };
}

function short(value: unknown, what: string): string {
  const written = text(value, what);
  if (written.length > maxName) throw unreadable(what, "it is too long");
  return written;
}

function agentFile(value: unknown, what: string): AgentFile {
  const fields = new Fields(value, what, ["name", "size", "modifiedMs"]);
  return {
    name: fields.read("name", short),
    size: fields.read("size", count),
    modifiedMs: fields.read("modifiedMs", count),
  };
}

function proof(value: unknown, what: string): AgentProof {
  const fields = new Fields(value, what, ["start", "end", "crc64"]);
  return { start: fields.read("start", count), end: fields.read("end", count), crc64: fields.read("crc64", hex(16)) };
}

function range(value: unknown, what: string): ByteRange {
  const fields = new Fields(value, what);
  return { start: fields.read("start", count), end: fields.read("end", count) };
}

function agentGrant(value: unknown, what: string): AgentGrant {
  const fields = new Fields(value, what);
  return {
    durable: fields.read("durable", count),
    credit: fields.read("credit", count),
    rewinds: fields.read("rewinds", count),
    missing: fields.read("missing", list(range)),
  };
}

function feedOf(fields: Fields): AgentFeed {
  return {
    transfer: fields.read("transfer", agentTransfer),
    channel: fields.read("channel", count),
    key: fields.read("key", text),
    grant: fields.read("grant", agentGrant),
  };
}

function agentTransfer(value: unknown, what: string): AgentTransfer {
  const fields = new Fields(value, what);
  return {
    id: fields.read("id", text),
    name: fields.read("name", text),
    path: fields.read("path", text),
    size: fields.read("size", count),
    state: fields.read("state", oneOf(agentStates)),
    way: fields.read("way", oneOf(["direct", "full", "window"])),
    confirmed: fields.read("confirmed", count),
    inFlight: fields.read("inFlight", count),
    unfed: fields.read("unfed", count),
    speed: fields.read("speed", amount),
    secondsLeft: fields.maybe("secondsLeft", amount),
    error: fields.maybe("error", decodeError),
  };
}

function amount(value: unknown, what: string): number {
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0) throw unreadable(what, "it is not an amount");
  return value;
}
