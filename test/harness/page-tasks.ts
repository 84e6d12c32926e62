/**
 * What a page costs: how long its tasks take, and what its scripts hold. The clock of a task counts what other programs do meanwhile;
 * what is told here is the time that its thread had a processor, which does not grow because others want one too.
 */

import type { CDPSession, Page } from "playwright-core";

interface TraceEvent {
  readonly name?: unknown;
  readonly pid?: unknown;
  readonly tid?: unknown;
  /** Microseconds of a processor. */
  readonly tdur?: unknown;
  readonly args?: { readonly name?: unknown };
}

/** Do something in a page, and tell how many milliseconds of a processor the longest task of a main thread took. */
export async function longestTask(page: Page, work: () => Promise<void>): Promise<number> {
  const browser = page.context().browser();
  if (browser === null) throw new Error("Cannot trace: the page has no browser of its own");
  const session = await browser.newBrowserCDPSession();
  const main = new Set<string>();
  const longest = new Map<string, number>();
  session.on("Tracing.dataCollected", ({ value }: { value: readonly TraceEvent[] }) => {
    for (const { name, pid, tid, tdur, args } of value) {
      const thread = `${pid} ${tid}`;
      if (name === "thread_name" && args?.name === "CrRendererMain") main.add(thread);
      if (name === "RunTask" && typeof tdur === "number")
        longest.set(thread, Math.max(tdur / 1000, longest.get(thread) ?? 0));
    }
  });
  const traceConfig = { includedCategories: ["disabled-by-default-devtools.timeline"], excludedCategories: ["*"] };
  await session.send("Tracing.start", { transferMode: "ReportEvents", traceConfig });
  try {
    await work();
  } finally {
    const complete = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
    await session.send("Tracing.end");
    await complete;
    await session.detach();
  }
  if (main.size === 0) throw new Error("Cannot trace: no main thread was seen");
  return Math.max(...[...main].map((thread) => longest.get(thread) ?? 0));
}

/** The script heaps of a page and of each of its workers, by the worker's script, without what could be thrown away. */
export async function heapsOf(page: Page): Promise<ReadonlyMap<string, number>> {
  const session = await page.context().newCDPSession(page);
  const heaps = new Map([["page", await usedHeap((method) => session.send(method))]]);
  const workers: { readonly url: string; readonly sessionId: string }[] = [];
  session.on("Target.attachedToTarget", ({ sessionId, targetInfo: { type, url } }) => {
    if (type === "worker") workers.push({ url, sessionId });
  });
  await session.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  for (const { url, sessionId } of workers) {
    const script = new URL(url).pathname.replace(/^.*\/|-.{8}\.js$/g, "");
    heaps.set(script, await usedHeap((method) => ask(session, sessionId, method)));
  }
  await session.detach();
  return heaps;
}

type Question = "HeapProfiler.collectGarbage" | "Runtime.getHeapUsage";

async function usedHeap(send: (method: Question) => Promise<unknown>): Promise<number> {
  await send("HeapProfiler.collectGarbage");
  const usage = await send("Runtime.getHeapUsage");
  if (typeof usage === "object" && usage !== null && "usedSize" in usage) return Number(usage.usedSize);
  throw new Error("Cannot measure a heap: the browser does not tell its size");
}

/** Ask a worker, by way of its page. */
function ask(session: CDPSession, sessionId: string, method: Question): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const heard = (event: { readonly sessionId: string; readonly message: string }): void => {
      const { id, result, error }: { id?: unknown; result?: unknown; error?: unknown } = JSON.parse(event.message);
      if (event.sessionId !== sessionId || id !== 1) return;
      session.off("Target.receivedMessageFromTarget", heard);
      if (error === undefined) resolve(result);
      else reject(new Error(`Cannot ask a worker: ${JSON.stringify(error)}`));
    };
    session.on("Target.receivedMessageFromTarget", heard);
    session.send("Target.sendMessageToTarget", { sessionId, message: JSON.stringify({ id: 1, method }) }).catch(reject);
  });
}
