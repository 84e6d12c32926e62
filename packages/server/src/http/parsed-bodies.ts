import { askForBody } from "./continue.ts";
import type { App } from "./fastify.ts";

/** Ask for the bodies that the application itself reads once it knows who calls; the others are asked for as they are read. */
export function askForParsedBodies(app: App): void {
  app.addHook("preParsing", async ({ headers, method, raw, routeOptions }) => {
    if (method === "GET" || method === "HEAD") return;
    const tooLarge = Number(headers["content-length"] ?? 0) > (routeOptions.bodyLimit ?? Number.POSITIVE_INFINITY);
    if (routeOptions.config.streams !== true && !tooLarge) askForBody(raw);
  });
}
