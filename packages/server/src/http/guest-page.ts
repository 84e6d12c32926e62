import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { App, Reply, Request } from "./fastify.ts";
import { pagePolicy } from "./page.ts";
import type { StoreInfo } from "./store-info.ts";

export interface GuestPageOptions {
  readonly publicDir: string | undefined;
  readonly storeInfo: StoreInfo;
}

/**
 * The page of links: the same for all of them, so that who guesses tokens learns nothing from it. It speaks with this server
 * and the store alone, and no search engine keeps it.
 */
export async function guestPage(app: App, { publicDir, storeInfo }: GuestPageOptions): Promise<void> {
  const file = join(publicDir ?? "", "guest.html");
  const page = publicDir !== undefined && existsSync(file) ? await readFile(file, "utf8") : undefined;
  const policy = pagePolicy({ connect: await storeInfo.origins(), forms: "'none'" });
  const show = async (_request: Request, reply: Reply): Promise<Reply> => {
    reply.headers({
      "content-security-policy": policy,
      "cache-control": "no-cache",
      "x-robots-tag": "noindex, nofollow",
    });
    if (page !== undefined) return reply.type("text/html; charset=utf-8").send(page);
    return reply.type("text/plain; charset=utf-8").send("Naru's page for links is not built yet: npm run build:web\n");
  };
  // Programs that pass links on like to end them with a slash.
  for (const address of ["/s/:token", "/s/:token/"]) app.get(address, { config: { open: true } }, show);
}
