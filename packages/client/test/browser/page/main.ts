/** The least page there can be: the transfers, and the rows as ticks left them, for tests to look at. */

import { openTransfers, type Totals, type TransferRow, type Transfers } from "../../../src/browser/index.ts";
import type { SinkAnswer } from "../page-sinks.ts";
import type { SinkAsked } from "./sink-worker.ts";

export interface TestPage {
  readonly transfers: Transfers;
  readonly rows: Map<string, TransferRow>;
  totals: Totals | undefined;
  readonly arrived: string[];
  chosen(): readonly File[];
}

async function signIn(user: string, password: string): Promise<void> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch("/api/session", { method: "POST", headers, body: JSON.stringify({ user, password }) });
  if (!answer.ok) throw new Error(`Cannot sign in: ${answer.status}`);
}

async function open(user: string, password: string): Promise<void> {
  await signIn(user, password);
  const transfers = await openTransfers({ origin: location.origin, user });
  const input = document.querySelector("input");
  const page: TestPage = {
    transfers,
    rows: new Map(),
    totals: undefined,
    arrived: [],
    chosen: () => [...(input?.files ?? [])],
  };
  transfers.subscribe(({ rows, removed, totals, arrived }) => {
    for (const row of rows) page.rows.set(row.key, row);
    for (const key of removed) page.rows.delete(key);
    page.totals = totals;
    page.arrived.push(...arrived.map(({ path }) => path));
  });
  Object.assign(globalThis, { page });
}

/** Ask the worker that has the sinks. */
function askSink(asked: SinkAsked): Promise<SinkAnswer> {
  sinkWorker ??= new Worker(new URL("./sink-worker.ts", import.meta.url), { type: "module" });
  const worker = sinkWorker;
  return new Promise((resolve) => {
    const hear = ({ data }: MessageEvent<SinkAnswer & { readonly id: number }>): void => {
      if (data.id !== asked.id) return;
      worker.removeEventListener("message", hear);
      resolve(data);
    };
    worker.addEventListener("message", hear);
    worker.postMessage(asked);
  });
}

let sinkWorker: Worker | undefined;

Object.assign(globalThis, { open, askSink, signIn });
