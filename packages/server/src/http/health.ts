import type { Files } from "@naru/core";
import { anything, closed, flag, list, message, object, optional, text, whole } from "@naru/core/schema";
import type { StoreExaminations } from "../doctor/store-examinations.ts";
import type { ClockedStore, MountedStore } from "../served-store.ts";
import { call } from "./call.ts";
import type { App } from "./fastify.ts";

export interface HealthOptions {
  readonly files: Files & Partial<ClockedStore & MountedStore>;
  readonly examinations: Pick<StoreExaminations, "summary">;
  readonly checkLedger: () => Promise<unknown>;
  readonly draining: () => boolean;
  readonly now: () => number;
}

const alive = message("Alive", "The process lives.", object({ ok: flag("True.") }));
const ready = message(
  "Ready",
  "Whether the server should get work.",
  object({
    ok: flag(
      "False while it closes, or when its database or the store at `/` does not answer. Other stores do not count: the rest is served without them.",
    ),
    clockSkewSeconds: optional(
      whole("How far the store's clock is ahead of this machine's, when they differ.", {
        minimum: Number.MIN_SAFE_INTEGER,
      }),
    ),
    unanswered: optional(
      list(
        text("A folder, such as `/videos`."),
        "With `verbose`: stores at folders that do not answer; absent when all do.",
      ),
    ),
    examination: optional(
      text(
        "With `verbose`: what the last examination of the stores found, and when; `not examined yet` before the first.",
      ),
    ),
  }),
);
const calls = {
  live: call("getLiveness", "Tell whether the process lives", { tag: "Server", answers: { 200: alive } }),
  ready: call("getReadiness", "Tell whether the server should get work", {
    tag: "Server",
    query: closed({ verbose: optional(text("Present, with or without a value: report more.", { maxLength: 10 })) }),
    answers: { 200: ready, 503: ready },
  }),
  describe: call("getDescription", "This description", {
    tag: "Server",
    answers: { 200: anything("OpenAPI 3.1.") },
  }),
};

const rememberMs = 5000;
const patienceMs = 3000;

/** Answer whether the process lives, and whether it should get work. */
export function healthRoutes(app: App, { files, examinations, checkLedger, draining, now }: HealthOptions): void {
  const { mounts = [], reach } = files;
  // Of several stores only that at "/" decides, also where it holds no file.
  const askRoot = (signal: AbortSignal): Promise<unknown> =>
    reach?.("", { signal }) ?? files.list({ limit: 1, signal });
  const isReady = remembered(now, () => answers((signal) => Promise.all([checkLedger(), askRoot(signal)])));
  const unanswered = remembered(now, async () => {
    const answered = await Promise.all(mounts.map((mount) => answers(async (signal) => reach?.(mount, { signal }))));
    return mounts.filter((_, index) => answered[index] === false).map((mount) => `/${mount.slice(0, -1)}`);
  });
  const config = { open: true };
  app.get("/livez", { schema: calls.live, config }, async () => ({ ok: true }));
  app.get("/readyz", { schema: calls.ready, config }, async ({ query }, reply) => {
    const isVerbose = query.verbose !== undefined;
    const [isUp, away] = await Promise.all([isReady(), isVerbose ? unanswered() : []]);
    const ok = !draining() && isUp;
    const clockSkewSeconds = Math.round((files.clockSkewMs?.() ?? 0) / 1000);
    const more = isVerbose && {
      ...(away.length > 0 && { unanswered: away }),
      examination: examinations.summary(),
    };
    return reply.code(ok ? 200 : 503).send({ ok, ...(clockSkewSeconds !== 0 && { clockSkewSeconds }), ...more });
  });
  let description: object | undefined;
  app.get("/api/openapi.json", { schema: calls.describe, config }, async () => {
    description ??= app.describeCalls();
    return description;
  });
}

/** Whether something answers, and soon. */
async function answers(ask: (signal: AbortSignal) => Promise<unknown>): Promise<boolean> {
  const signal = AbortSignal.timeout(patienceMs);
  const late = new Promise<false>((resolve) => signal.addEventListener("abort", () => resolve(false), { once: true }));
  const asked = ask(signal).then(
    () => true,
    () => false,
  );
  return Promise.race([asked, late]);
}

/** Ask at most once in a while, however often the answer is wanted. */
function remembered<T>(now: () => number, ask: () => Promise<T>): () => Promise<T> {
  let last: { readonly until: number; readonly answer: Promise<T> } | undefined;
  return () => {
    if (last === undefined || last.until <= now()) last = { until: now() + rememberMs, answer: ask() };
    return last.answer;
  };
}
