import type { Files } from "@naru/core";
import type { ClockedStore } from "../served-store.ts";
import type { App } from "./fastify.ts";

export interface HealthOptions {
  readonly files: Files & Partial<ClockedStore>;
  readonly checkLedger: () => Promise<unknown>;
  readonly draining: () => boolean;
  readonly now: () => number;
}

const rememberMs = 5000;
const patienceMs = 3000;

/** Answer whether the process lives, and whether it should get work. */
export function healthRoutes(app: App, { files, checkLedger, draining, now }: HealthOptions): void {
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
  const open = { schema: { hide: true }, config: { open: true } };
  app.get("/livez", open, async () => ({ ok: true }));
  app.get("/readyz", open, async (_request, reply) => {
    const ok = !draining() && (await check());
    const clockSkewSeconds = Math.round((files.clockSkewMs?.() ?? 0) / 1000);
    return reply.code(ok ? 200 : 503).send({ ok, ...(clockSkewSeconds !== 0 && { clockSkewSeconds }) });
  });
  app.get("/api/openapi.json", open, async () => app.swagger());
}
