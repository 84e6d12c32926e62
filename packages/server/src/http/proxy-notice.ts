import type { App, Logger } from "./fastify.ts";

/** How many addresses are worth a line; anyone may send the header. */
const maxNotices = 10;

/** Say once for each address that the header of a proxy which nobody named does not count. */
export function noticeProxies(app: App, log: Logger): void {
  const noticed = new Set<string>();
  app.addHook("onRequest", async ({ headers, ips, socket: { remoteAddress = "" } }) => {
    if (headers["x-forwarded-for"] === undefined || (ips ?? []).length > 1) return;
    if (noticed.has(remoteAddress) || noticed.size >= maxNotices) return;
    noticed.add(remoteAddress);
    const what = `X-Forwarded-For of ${remoteAddress} does not count, so that all who come that way share one limit of wrong passwords`;
    log.warn({ address: remoteAddress }, `${what}; if it is your proxy: naru serve --trust-proxy ${remoteAddress}`);
  });
}
