import { silentLog } from "./log.ts";
import { createHttpServer, type HttpServerOptions } from "./server.ts";
import type { DoorStore } from "./store-info.ts";

/** A server over a store, listening on this machine. */
export interface HttpDoor extends AsyncDisposable {
  readonly origin: string;
  readonly user: string;
  readonly password: string;
  close(): Promise<void>;
}

/** Open the smallest door there is: a ledger in memory, one account, a free port on loopback. */
export async function httpDoor(store: DoorStore, options: Partial<HttpServerOptions> = {}): Promise<HttpDoor> {
  const { adminPassword: password = "naru-naru" } = options;
  const server = await createHttpServer({
    dataDir: ":memory:",
    logger: silentLog(),
    ...options,
    store,
    adminPassword: password,
  });
  const origin = await server.listen({ host: "127.0.0.1", port: 0 });
  const close = (): Promise<void> => server.close();
  return { origin, user: "admin", password, close, [Symbol.asyncDispose]: close };
}
