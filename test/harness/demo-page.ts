/** The page with nothing behind it, in every state that it can be in: `packages/elements/test/demo.html`, served by Vite. */

import { createServer, type ViteDevServer } from "vite";

const packages = new URL("../../packages", import.meta.url).pathname;

/** Serve the demo. */
export async function serveDemo(): Promise<Demo> {
  const server = await createServer({
    configFile: false,
    root: packages,
    logLevel: "error",
    server: { host: "127.0.0.1", port: 0 },
  });
  await server.listen();
  return new Demo(server);
}

export class Demo implements AsyncDisposable {
  readonly #server: ViteDevServer;

  constructor(server: ViteDevServer) {
    this.#server = server;
  }

  /** Where the page is in a state. */
  address(state: string): string {
    return `${this.#server.resolvedUrls?.local[0]}elements/test/demo.html?state=${state}&still`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.close();
  }
}
