import type { Files } from "@naru/core";
import { anything, closed, flag, message, object, optional, text, whole } from "@naru/core/schema";
import type { StoreExaminations } from "../doctor/store-examinations.ts";
import type { ClockedStore } from "../served-store.ts";
import { call } from "./call.ts";
import type { App } from "./fastify.ts";

export interface HealthOptions {
  readonly files: Files & Partial<ClockedStore>;
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
    ok: flag("False while it closes, or when its database or the store does not answer."),
    clockSkewSeconds: optional(
      whole("How far the store's clock is ahead of this machine's, when they differ.", {
        minimum: Number.MIN_SAFE_INTEGER,
      }),
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
  let last: { readonly until: number; readonly ready: Promise<boolean> } | undefined;
  const check = (): Promise<boolean> => {
    if (last && last.until > now()) return last.ready;
    const asked = Promise.all([checkLedger(), files.list({ limit: 1, signal: AbortSignal.timeout(patienceMs) })]);
    const ready = asked.then(
      () => true,
      () => false,
    );
    last = { until: now() + rememberMs, ready };
    return ready;
  };
  const config = { open: true };
  app.get("/livez", { schema: calls.live, config }, async () => ({ ok: true }));
  app.get("/readyz", { schema: calls.ready, config }, async ({ query }, reply) => {
    const ok = !draining() && (await check());
    const clockSkewSeconds = Math.round((files.clockSkewMs?.() ?? 0) / 1000);
    const more = query.verbose !== undefined && { examination: examinations.summary() };
    return reply.code(ok ? 200 : 503).send({ ok, ...(clockSkewSeconds !== 0 && { clockSkewSeconds }), ...more });
  });
  let description: object | undefined;
  app.get("/api/openapi.json", { schema: calls.describe, config }, async () => {
    description ??= app.describeCalls();
    return description;
  });
}
