/** A second address for the same store, so that a browser counts its connections twice. */

import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:net";

/** Pass every connection at `host` on to the store at `endpoint`; disposing of it drops them. */
export async function secondDoor(
  host: string,
  endpoint: string,
): Promise<AsyncDisposable & { readonly endpoint: string }> {
  const { hostname, port } = new URL(endpoint);
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    near.pipe(far).pipe(near);
    near.once("error", () => far.destroy());
    far.once("error", () => near.destroy());
    near.once("close", () => far.destroy());
    far.once("close", () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  server.unref();
  // A TCP server's address is an AddressInfo.
  const address = server.address() as AddressInfo;
  return {
    endpoint: `http://${host}:${address.port}`,
    [Symbol.asyncDispose]: async () => {
      server.close();
    },
  };
}
