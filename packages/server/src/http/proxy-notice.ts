import type { App, Logger } from "./fastify.ts";

/** How many addresses are worth a line; anyone may send the header. */
const maxNotices = 10;

/** Warn once for each address that the header of a proxy which nobody named is not trusted. */
export function noticeProxies(app: App, log: Logger): void {
  const noticed = new Set<string>();
  app.addHook("onRequest", async ({ headers, ips, socket: { remoteAddress = "" } }) => {
    if (headers["x-forwarded-for"] === undefined || (ips ?? []).length > 1) return;
    if (noticed.has(remoteAddress) || noticed.size >= maxNotices) return;
    noticed.add(remoteAddress);
    const what = `X-Forwarded-For from ${remoteAddress} is not trusted, so all clients behind it share one limit on wrong passwords`;
    log.warn({ address: remoteAddress }, `${what}; if it is your proxy: naru serve --trust-proxy ${remoteAddress}`);
  });
}
