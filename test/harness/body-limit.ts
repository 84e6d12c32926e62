/** A proxy that takes no body above a size, as nginx does (`client_max_body_size`): 413 in HTML at once, then the connection ends. */

import { once } from "node:events";
import { createServer, request as openRequest } from "node:http";
import { needs } from "../peers/needs.ts";

needs("/usr/sbin/nginx");

export interface BodyLimit extends AsyncDisposable {
  readonly origin: string;
  /** How many requests it refused. */
  readonly refused: number;
}

/** Put a proxy in front of the server at `target`. */
export async function limitBodies(target: string, mostBytes: number): Promise<BodyLimit> {
  const { hostname, port } = new URL(target);
  let refused = 0;
  const server = createServer({ requestTimeout: 0 }, (request, response) => {
    if (Number(request.headers["content-length"] ?? 0) > mostBytes) {
      refused += 1;
      response.writeHead(413, { "content-type": "text/html", connection: "close" });
      response.end("<html><head><title>413 Request Entity Too Large</title></head></html>\r\n");
      // What still comes is read for a while, so that the sender gets to read the answer.
      request.resume();
      return;
    }
    const { method, url, headers } = request;
    const upstream = openRequest({ hostname, port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(response);
    });
    upstream.on("error", () => response.destroy());
    request.pipe(upstream);
    response.once("close", () => upstream.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Cannot tell the proxy's port: it is not open");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    get refused() {
      return refused;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
