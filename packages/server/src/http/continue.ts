/**
 * `Expect: 100-continue` (RFC 9110 10.1.1): the 100 is sent when the body is about to be read, so that whoever is refused
 * keeps its bytes. Node would say it before anyone looked at the request.
 *
 * @module
 */

import type { IncomingMessage, Server, ServerResponse } from "node:http";

const waiting = new WeakMap<IncomingMessage, ServerResponse>();

/** Let clients that ask wait until `askForBody`. */
export function holdContinue(server: Server): void {
  server.on("checkContinue", (request: IncomingMessage, response: ServerResponse) => {
    waiting.set(request, response);
    // A client that is answered at once may send its body all the same; nothing after that is surely a request.
    response.setHeader("connection", "close");
    server.emit("request", request, response);
  });
}

/** Tell a client that waits to send its body. */
export function askForBody(request: IncomingMessage): void {
  const response = waiting.get(request);
  waiting.delete(request);
  if (response === undefined || response.headersSent || response.destroyed) return;
  response.removeHeader("connection");
  response.writeContinue();
}
