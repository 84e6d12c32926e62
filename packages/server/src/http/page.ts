import { existsSync } from "node:fs";
import { join } from "node:path";
import { agentPorts } from "@naru/core";
import { type App, serveDownloads, servePage } from "./fastify.ts";
import type { StoreInfo } from "./store-info.ts";

interface PagePolicyOptions {
  /** Origins besides our own that it calls. */
  readonly connect: readonly string[];
  /** Where its plain HTML forms may be sent. */
  readonly forms: "'self'" | "'none'";
}

/** Headers on every answer: the page runs only what this server serves and talks only to it and the store. */
export async function securityHeaders(app: App, storeInfo: StoreInfo): Promise<void> {
  // The desktop agent, wherever on loopback it listens.
  const agents = agentPorts.flatMap((port) => [`http://127.0.0.1:${port}`, `ws://127.0.0.1:${port}`]);
  const policy = pagePolicy({ connect: [...(await storeInfo.origins()), ...agents], forms: "'self'" });
  app.addHook("onRequest", async (request, reply) => {
    reply.headers({
      "content-security-policy": policy,
      "cross-origin-opener-policy": "same-origin",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
    });
    if (request.url.startsWith("/api/")) reply.header("cache-control", "no-store");
  });
}

/** What a page of ours may do: run and show what this server has, and talk to it and to `connect`. */
export function pagePolicy({ connect, forms }: PagePolicyOptions): string {
  return [
    "default-src 'none'",
    // The hash workers are WebAssembly.
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "worker-src 'self'",
    "img-src 'self' data:",
    "media-src 'self'",
    "frame-src 'self'",
    "font-src 'self'",
    `connect-src ${["'self'", ...connect].join(" ")}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
    `form-action ${forms}`,
  ].join("; ");
}

/** Serve the console, or say how to build it. Open to everyone: it holds no secrets. */
export async function pageRoutes(app: App, publicDir: string | undefined): Promise<void> {
  if (publicDir !== undefined && existsSync(join(publicDir, "index.html"))) {
    await openScope(app, (scope) => servePage(scope, publicDir));
    return;
  }
  app.get("/", { config: { open: true } }, async (_request, reply) =>
    reply.type("text/plain; charset=utf-8").send("Naru is running. Its page is not built yet: npm run build:web\n"),
  );
}

/** Serve the agent's installers, where there are any. Open to everyone, as the page is. */
export async function downloadRoutes(app: App, downloadsDir: string | undefined): Promise<void> {
  if (downloadsDir === undefined || !existsSync(downloadsDir)) return;
  await openScope(app, (scope) => serveDownloads(scope, downloadsDir));
}

/** Add routes that anyone may call. */
async function openScope(app: App, add: (scope: App) => Promise<void>): Promise<void> {
  await app.register(async (scope) => {
    scope.addHook("onRoute", (route) => {
      route.config = { ...route.config, open: true };
    });
    await add(scope);
  });
}
