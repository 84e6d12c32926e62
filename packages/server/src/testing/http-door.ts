import type { GroundOptions } from "../ground.ts";
import type { HttpOptions } from "../http/http-door.ts";
import { silentLog } from "../logger.ts";
import type { ServedStore } from "../served-store.ts";
import { createServer } from "../server.ts";

/** A server over a store, listening on this machine. */
export interface HttpDoor extends AsyncDisposable {
  readonly origin: string;
  readonly user: string;
  readonly password: string;
  close(): Promise<void>;
}

/** How the server for a test is set up. */
export type HttpDoorOptions = Partial<GroundOptions & HttpOptions>;

/** Open the smallest server there is: a database in memory, one account, a free port on loopback. */
export async function httpDoor(store: ServedStore, options: HttpDoorOptions = {}): Promise<HttpDoor> {
  const { adminPassword: password = "naru-naru", host = "127.0.0.1", port = 0 } = options;
  const ground = { dataDir: ":memory:", logger: silentLog(), ...options, store, adminPassword: password };
  const server = await createServer({ ...ground, http: { ...options, host, port } });
  await server.listen();
  const close = (): Promise<void> => server.close();
  return { origin: server.origin, user: "admin", password, close, [Symbol.asyncDispose]: close };
}
