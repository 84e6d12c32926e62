import { once } from "node:events";
import { createServer } from "node:net";

/** Below those that systems give to connections on their way out, one of which might take it before it is used. */
const [lowest, highest] = [20_000, 32_000];

/** Find a port on loopback that nobody uses now. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    if (await isFree(port)) return port;
  }
}

/** Find two neighbouring ports that nobody uses now; the lower one. */
export async function freePortPair(): Promise<number> {
  for (;;) {
    const port = await freePort();
    if (await isFree(port + 1)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const heard = once(server, "listening").then(
    () => true,
    () => false,
  );
  server.listen({ host: "127.0.0.1", port, exclusive: true });
  if (!(await heard)) return false;
  server.close();
  await once(server, "close");
  return true;
}
