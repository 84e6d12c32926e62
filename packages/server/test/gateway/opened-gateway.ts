import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { type Abortable, type Files, type Limits, MiB, type Store } from "@naru/core";
import { type MemoryFile, memoryStore } from "@naru/core/testing";
import { type Database, openDatabase } from "../../src/database/database.ts";
import { createGateway, type Gateway } from "../../src/gateway/gateway.ts";
import type { Entry, GatewaySession, WriteMode } from "../../src/gateway/gateway-session.ts";
import { HashThread } from "../../src/gateway/hash-thread.ts";
import { memoryLocks } from "../../src/locks/memory-locks.ts";
import { silentLog } from "../../src/logger.ts";
import type { ServedStore } from "../../src/served-store.ts";
import { fileStore } from "../../src/stores/file/file-store.ts";
import { openCatalogue } from "../../src/uploads/open-catalogue.ts";
import { Reaper } from "../../src/uploads/reaper.ts";
import { Uploads } from "../../src/uploads/uploads.ts";
import { tempFolder } from "../stores/temp-folder.ts";

export const anew: WriteMode = { truncate: true, create: true };
export const goOn: WriteMode = { truncate: false, create: true };

/** Limits like those of S3, small enough to be met in a test. */
export const smallLimits: Partial<Limits> = { minPartSize: MiB, maxPartSize: 2 * MiB };

export interface GateOptions {
  readonly memoryBytes?: number;
  /** That of an earlier process. */
  readonly db?: Database;
  /** Waits this many times less long than the gateway's own clock says. */
  readonly hurry?: number;
}

/** One for all: a thread takes longer to start than most tests. */
const hashes = new HashThread();

/** A gateway over a store, and what is around it. */
export function openGateway(store: ServedStore, given: GateOptions = {}) {
  const { memoryBytes, hurry = 1 } = given;
  const sleep = async (ms: number, { signal }: Abortable): Promise<void> => {
    await wait(ms / hurry, undefined, { signal, ref: false });
  };
  const db = given.db ?? openDatabase(":memory:");
  const clock = { now: Date.parse("2026-11-22") };
  const now = (): number => clock.now;
  const log = silentLog();
  const { catalogue, ledger } = openCatalogue({ store, db, now, log });
  const options = { store, ledger, catalogue, locks: memoryLocks(), now, ttlMs: 3_600_000, log };
  const uploads = new Uploads(options);
  const reaper = new Reaper({ ...options, uploads });
  const gateways: Gateway[] = [];
  /** Another process over the same store and ledger. */
  const another = (): Gateway => {
    const made = createGateway({ ...options, locks: memoryLocks(), uploads, memoryBytes, hashes, sleep });
    gateways.push(made);
    return made;
  };
  const gateway = another();
  return {
    store,
    db,
    ledger,
    catalogue,
    clock,
    options,
    uploads,
    reaper,
    gateway,
    another,
    session: gateway.open("ann"),
    async [Symbol.asyncDispose]() {
      for (const one of gateways) await one.close();
      await catalogue.close();
      if (given.db === undefined) await db.destroy();
    },
  };
}

export interface Opened extends AsyncDisposable {
  readonly store: Store & Files;
}

/** The stores that every sentence is asked of. */
export const places: Readonly<Record<string, () => Promise<Opened>>> = {
  memory: async () => ({ store: memoryStore(), [Symbol.asyncDispose]: async () => undefined }),
  "memory with parts like S3": async () => ({
    store: memoryStore(new Map<string, MemoryFile>(), { limits: smallLimits }),
    [Symbol.asyncDispose]: async () => undefined,
  }),
  "memory with equal parts": async () => ({
    store: memoryStore(new Map<string, MemoryFile>(), { limits: { ...smallLimits, equalParts: true } }),
    [Symbol.asyncDispose]: async () => undefined,
  }),
  file: async () => {
    const folder = await tempFolder();
    return { store: await fileStore(folder.path), [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
  },
};

export function bytesOf(size: number): Buffer<ArrayBuffer> {
  return randomBytes(size);
}

/** Write bytes in pieces as a client does, from `from` on. */
export async function send(
  arrival: { write(offset: number, bytes: Uint8Array): Promise<void> },
  bytes: Uint8Array,
  { from = 0, piece = 100_000 }: { readonly from?: number; readonly piece?: number } = {},
): Promise<void> {
  for (let at = from; at < bytes.length; at += piece) await arrival.write(at, bytes.subarray(at, at + piece));
}

export async function fetchAll(store: Files, path: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of await store.read(path)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export async function listAll(session: GatewaySession, folder: string): Promise<Entry[]> {
  const all: Entry[] = [];
  for await (const page of session.list(folder)) all.push(...page);
  return all;
}
